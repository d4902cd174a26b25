internal import LessonKit

extension RunText {
  /// The figures and tables of a cell, drawn with characters.
  package func displays(_ outcome: CellOutcome) -> String {
    outcome.displays.map { display in
      switch display {
      case .figure(let figure): TerminalFigure(figure, width: width, style: style).text
      case .table(let table): self.table(table)
      case .progress: ""
      }
    }.joined()
  }

  /// A line that says how far a cell has come, to be overwritten by the next; empty where the bytes tell
  /// of no progress.
  package func progress(_ displays: ArraySlice<UInt8>) -> String {
    guard let report = DisplayReader.progress(in: displays) else { return "" }
    var parts = ["\(report.title) \(report.done)/\(report.total)"]
    if !report.note.isEmpty { parts.append(report.note) }
    if let left = report.secondsLeft, left.isFinite, report.done < report.total {
      parts.append("about \(Self.seconds(.seconds(left))) left")
    }
    let line = TerminalText.escaped(parts.joined(separator: " · "))
    return Self.clearLine + style.dim(String(line.prefix(max(width - 1, 10))))
  }

  /// Takes a progress line away.
  package static let clearLine = "\r\u{1B}[K"

  private func table(_ table: Table) -> String {
    let lines = ([table.columns] + table.rows).map { $0.map(TerminalText.escaped) }
    let widths = table.columns.indices.map { column in
      lines.map { TerminalText.width(of: $0[column]) }.max() ?? 0
    }
    let rows = lines.map { line in
      line.enumerated().map { column, text in
        text + String(repeating: " ", count: widths[column] - TerminalText.width(of: text))
      }.joined(separator: "  ")
    }
    let rule = String(repeating: "─", count: widths.reduce(0) { $0 + $1 + 2 } - 2)
    let caption = table.caption.isEmpty ? [] : [style.bold(TerminalText.escaped(table.caption))]
    return (caption + [rows[0], rule] + rows.dropFirst()).map { $0 + "\n" }.joined()
  }
}
