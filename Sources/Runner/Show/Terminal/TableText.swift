/// Tables as aligned columns; where they don't fit, cells wrap, and where that would cut words, each
/// row becomes a list of its cells.
struct TableText {
  let style: Style
  let width: Int
  var isLinking = false

  private static let separator = " │ "
  /// No column has to be wider than this for a word alone; a longer word is cut.
  private static let longestWord = 24

  func lines(
    header: [[TextRun]], rows: [[[TextRun]]], alignments: [MarkdownTable.Alignment?]
  ) -> [String] {
    let header = header.map(bold)
    let natural = header.indices.map { column in
      ([header] + rows).map { $0[column].width }.max() ?? 0
    }
    let least = header.indices.map { column in
      min(
        ([header] + rows).map { LineBreaker.widestPiece($0[column]) }.max() ?? 0, Self.longestWord)
    }
    guard let widths = fitted(natural, least: least) else { return records(header, rows) }
    var lines = self.lines(header, widths, alignments)
    let dashes = widths.map { String(repeating: "─", count: $0) }
    let rule = dashes.joined(separator: "─┼─")
    lines.append(style.set(rule, .dim))
    let isWrapped = zip(widths, natural).contains { $0 < $1 }
    for (index, row) in rows.enumerated() {
      // Rows of several lines keep apart.
      if isWrapped, index > 0 { lines.append(style.set(rule, .dim)) }
      lines += self.lines(row, widths, alignments)
    }
    return lines
  }

  private func bold(_ runs: [TextRun]) -> [TextRun] {
    runs.map { run in
      var run = run
      run.style.isBold = true
      return run
    }
  }

  /// Returns how wide each column may be, or nil where they can't stand side by side in whole words.
  private func fitted(_ natural: [Int], least: [Int]) -> [Int]? {
    let room = width - (natural.count - 1) * Self.separator.count
    var widths = natural.map { max($0, 1) }
    while widths.reduce(0, +) > room {
      // The widest gives way first.
      let wide = widths.indices.filter { widths[$0] > max(least[$0], 1) }
      guard let widest = wide.max(by: { widths[$0] < widths[$1] }) else { return nil }
      widths[widest] -= 1
    }
    return widths
  }

  private func lines(
    _ row: [[TextRun]], _ widths: [Int], _ alignments: [MarkdownTable.Alignment?]
  ) -> [String] {
    let cells = zip(row, widths).map { LineBreaker.lines($0, width: $1) }
    let count = max(cells.map(\.count).max() ?? 1, 1)
    return (0..<count).map { line in
      var text = ""
      for (column, cell) in cells.enumerated() {
        let runs = line < cell.count ? cell[line] : []
        let room = max(widths[column] - runs.width, 0)
        let left =
          switch alignments[column] {
          case .right: room
          case .center: room / 2
          case .left, nil: 0
          }
        // Nothing stands at the end of a line, not even blanks.
        let isLast = column == cells.count - 1
        let isEmpty = isLast && runs.isEmpty
        if column > 0 { text += style.set(isEmpty ? " │" : Self.separator, .dim) }
        if isEmpty { continue }
        text += String(repeating: " ", count: left)
        text += style.line(runs, isLinking: isLinking)
        if !isLast { text += String(repeating: " ", count: room - left) }
      }
      return text
    }
  }

  private func records(_ header: [[TextRun]], _ rows: [[[TextRun]]]) -> [String] {
    var lines: [String] = []
    for row in rows {
      if !lines.isEmpty { lines.append("") }
      for (name, cell) in zip(header, row) where !cell.isEmpty {
        let runs = name.isEmpty ? cell : name + [TextRun(": ")] + cell
        for (index, line) in LineBreaker.lines(runs, width: max(width - 2, 1)).enumerated() {
          lines.append((index == 0 ? "" : "  ") + style.line(line, isLinking: isLinking))
        }
      }
    }
    return lines
  }
}
