/// Breaks running text into lines.
///
/// Lines break at blanks, after hyphens and dashes inside words, and between East Asian characters,
/// unless a mark would begin a line that must not. A word that no line can hold is cut.
struct LineBreaker {
  private struct Cell {
    var character: Character
    var run: Int
    var width: Int
    /// An ASCII letter or digit: most characters are, and between two of them no line breaks.
    var isPlain: Bool
  }

  private let runs: [TextRun]
  private let cells: [Cell]

  static func lines(_ runs: [TextRun], width: Int) -> [[TextRun]] {
    LineBreaker(runs).lines(width: max(width, 1))
  }

  /// Returns how wide the widest piece is that no break parts.
  static func widestPiece(_ runs: [TextRun]) -> Int {
    let breaker = LineBreaker(runs)
    var (widest, used) = (0, 0)
    for (index, cell) in breaker.cells.enumerated() {
      if cell.character == "\n" {
        used = 0
        continue
      }
      if index > 0, breaker.isBreak(before: index) { used = 0 }
      used += cell.width
      widest = max(widest, used)
    }
    return widest
  }

  private init(_ runs: [TextRun]) {
    self.runs = runs
    cells = runs.enumerated().flatMap { index, run in
      run.text.map { character in
        let byte = character.asciiValue ?? 0
        return Cell(
          character: character, run: index, width: TerminalText.width(of: character),
          isPlain: (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte & 0xDF))
      }
    }
  }

  private func lines(width: Int) -> [[TextRun]] {
    var lines: [[TextRun]] = []
    var start = 0
    while start < cells.count {
      let end = self.end(from: start, width: width)
      lines.append(line(start..<end))
      start = end
      while start < cells.count, cells[start].character == " " { start += 1 }
      if start < cells.count, cells[start].character == "\n" { start += 1 }
    }
    return lines
  }

  /// Returns where the line that begins at a cell ends.
  private func end(from start: Int, width: Int) -> Int {
    var used = 0
    var lastBreak: Int?
    for index in start..<cells.count {
      if cells[index].character == "\n" { return index }
      if index > start, isBreak(before: index) { lastBreak = index }
      // A blank at the end takes no room.
      if used + cells[index].width > width, cells[index].character != " " {
        return lastBreak ?? max(index, start + 1)
      }
      used += cells[index].width
    }
    return cells.count
  }

  private func isBreak(before index: Int) -> Bool {
    let left = cells[index - 1]
    let right = cells[index]
    if left.isPlain && right.isPlain { return false }
    // A formula or a name stays whole, unless it is as long as a line.
    if left.run == right.run, runs[left.run].isUnbroken { return false }
    if left.run != right.run,
      runs[left.run].neighbour == .next || runs[right.run].neighbour == .previous
    {
      return false
    }
    if right.character == " " { return true }
    if left.character == " " { return true }
    if Self.neverFirst.contains(right.character) || Self.neverLast.contains(left.character) {
      return false
    }
    if left.width == 2 || right.width == 2 { return true }
    if "-–—/".contains(left.character), index > 1 {
      return right.character.isLetter && cells[index - 2].character.isLetter
    }
    return false
  }

  private static let neverFirst = Set("、。,.;:!?)]}»”’,;:!?)】》」』〉…%·")
  private static let neverLast = Set("([{«“‘(【《「『〈")

  private func line(_ range: Range<Int>) -> [TextRun] {
    var range = range
    while let last = range.last, cells[last].character == " " {
      range = range.lowerBound..<last
    }
    var line: [TextRun] = []
    var start = range.lowerBound
    while start < range.upperBound {
      let run = cells[start].run
      var end = start
      while end < range.upperBound, cells[end].run == run { end += 1 }
      var piece = TextRun(String(cells[start..<end].map(\.character)), runs[run].style)
      piece.link = runs[run].link
      line.append(piece)
      start = end
    }
    return line
  }
}
