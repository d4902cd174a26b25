internal import LessonKit

extension RunText {
  /// The figures and tables of a cell, drawn with characters.
  package func displays(_ outcome: CellOutcome) -> String {
    let text = DisplayText(style: style, width: width)
    return outcome.displays.flatMap(text.lines).map { $0 + "\n" }.joined()
  }

  /// A line that says how far a cell has come, to be overwritten by the next; empty where the bytes tell
  /// of no progress.
  package func progress(_ displays: ArraySlice<UInt8>) -> String {
    guard let report = DisplayReader.progress(in: displays) else { return "" }
    var parts = ["\(report.title) \(report.done)/\(report.total)"]
    if let left = report.secondsLeft, left.isFinite, report.done < report.total {
      parts.append("about \(Self.seconds(.seconds(left))) left")
    }
    // What a narrow terminal cuts off is the note.
    if !report.note.isEmpty { parts.append(report.note) }
    let line = TerminalText.escaped(parts.joined(separator: " · "))
    return Self.clearLine + style.dim(TerminalText.prefix(of: line, width: max(width - 1, 10)))
  }

  /// Takes a progress line away.
  package static let clearLine = "\r\u{1B}[K"
}
