/// The lines of a paragraph, as the rows of a pipe table.
struct TableRows {
  /// What each line says, without the marks of containers and the blanks around it.
  let lines: [Range<Int>]
  private let source: SourceText

  /// - Parameter quotes: How many quotes the paragraph stands in.
  init(_ source: SourceText, _ paragraph: Range<Int>, quotes: Int) {
    self.source = source
    var lines: [Range<Int>] = []
    let first = source.position(at: paragraph.lowerBound).line
    let last = source.position(at: max(paragraph.upperBound - 1, paragraph.lowerBound)).line
    for number in first...last {
      let line = source.line(number)
      var start = number == first ? paragraph.lowerBound : line.lowerBound
      var end = min(line.upperBound, paragraph.upperBound)
      var open = number == first ? 0 : quotes
      while start < end {
        if source.bytes[start] == Ascii.greater, open > 0 {
          open -= 1
        } else if !Ascii.isBlank(source.bytes[start]) {
          break
        }
        start += 1
      }
      while end > start, Ascii.isBlank(source.bytes[end - 1]) { end -= 1 }
      lines.append(start..<max(end, start))
    }
    self.lines = lines
  }

  /// The line above the delimiters, and what they say of the columns; nil where this is no table.
  var header: (line: Int, alignments: [MarkdownTable.Alignment?])? {
    for index in lines.indices.dropFirst() {
      guard let alignments = alignments(lines[index]) else { continue }
      if cells(ofLine: lines[index - 1]).count == alignments.count {
        return (index - 1, alignments)
      }
    }
    return nil
  }

  /// Returns the cells of a row: what stands between pipes that no backslash escapes.
  func cells(ofLine line: Range<Int>) -> [Range<Int>] {
    var line = line
    let pipe = UInt8(ascii: "|")
    if source.bytes[line].first == pipe { line = (line.lowerBound + 1)..<line.upperBound }
    var cells: [Range<Int>] = []
    var start = line.lowerBound
    for index in line where source.bytes[index] == pipe {
      if index > line.lowerBound, source.bytes[index - 1] == Ascii.backslash { continue }
      cells.append(trimmed(start..<index))
      start = index + 1
    }
    // A pipe at the end closes the last cell and opens none.
    if start < line.upperBound || cells.isEmpty { cells.append(trimmed(start..<line.upperBound)) }
    return cells
  }

  private func alignments(_ line: Range<Int>) -> [MarkdownTable.Alignment?]? {
    let allowed = source.bytes[line].allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "|"): true
      default: Ascii.isBlank(byte)
      }
    }
    // Dashes alone make a heading of what stands above.
    let hasMark = source.bytes[line].contains { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "|") }
    guard allowed, hasMark else { return nil }
    var result: [MarkdownTable.Alignment?] = []
    for cell in cells(ofLine: line) {
      let bytes = source.bytes[cell]
      let colon = UInt8(ascii: ":")
      let isLeft = bytes.first == colon
      let isRight = bytes.count > 1 && bytes.last == colon
      let dashes = bytes.dropFirst(isLeft ? 1 : 0).dropLast(isRight ? 1 : 0)
      guard !dashes.isEmpty, dashes.allSatisfy({ $0 == UInt8(ascii: "-") }) else { return nil }
      result.append(isLeft ? (isRight ? .center : .left) : isRight ? .right : nil)
    }
    return result
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high, Ascii.isBlank(source.bytes[low]) { low += 1 }
    while high > low, Ascii.isBlank(source.bytes[high - 1]) { high -= 1 }
    return low..<high
  }
}
