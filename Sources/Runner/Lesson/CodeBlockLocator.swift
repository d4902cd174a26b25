/// Finds a code block's lines and fences in the file.
///
/// cmark says on which line the block begins and what its text is. Each line of the text is what remains
/// of its line in the file when the containers' marks are taken from the front, so it is found from the
/// line's end backwards, without knowing the containers.
struct CodeBlockLocator {
  let source: SourceText
  /// The line the block begins on.
  let line: Int
  /// The offset of its first byte.
  let start: Int
  let blockLines: Set<Int>

  func locate(info: String, literal: String) -> (CodeBlock, Range<Int>) {
    let literalText = SourceText(Array(literal.utf8))
    // cmark ends every line, so the last one is empty and no line.
    let count = literalText.lineCount - 1
    let literalLines =
      count > 0 ? (1...count).map { Array(literalText.bytes[literalText.line($0)]) } : []
    let text = literalLines.map { String(decoding: $0, as: UTF8.self) + "\n" }.joined()
    let opening = source.line(line)

    guard let (mark, length) = fence(at: start, in: opening, info: info, literalLines.first) else {
      let lines = located(literalLines, fromLine: line)
      let end = max(lines.last?.upperBound ?? start, start)
      return (CodeBlock(info: "", text: text, lines: lines), start..<end)
    }
    let lines = located(literalLines, fromLine: line + 1)
    let infoRange = trimmed((start + length)..<opening.upperBound)
    let closingLine = line + 1 + count
    let prefix = closingPrefix(line: closingLine, mark: mark, length: length)
    let contentStart = source.end(ofLine: line)
    let contentEnd = max(contentStart, prefix?.lowerBound ?? source.end(ofLine: closingLine - 1))
    let end: Int
    if prefix != nil {
      end = trimmed(source.line(closingLine)).upperBound
    } else {
      end = lines.last?.upperBound ?? opening.upperBound
    }
    let fence = CodeFence(
      mark: mark, length: length, info: infoRange, content: contentStart..<contentEnd,
      closingPrefix: prefix)
    let block = CodeBlock(
      info: source.text(infoRange), text: text, fence: fence, lines: lines)
    return (block, start..<max(end, start))
  }

  /// Returns the opening marks, or nil for indented code.
  ///
  /// Indented code may itself begin with three backticks. It has no info string, and then its first line
  /// reads like the block's own first line, which no line inside a fence can: it would close it.
  private func fence(
    at start: Int, in opening: Range<Int>, info: String, _ firstLine: [UInt8]?
  ) -> (mark: UInt8, length: Int)? {
    guard start < opening.upperBound else { return nil }
    let mark = source.bytes[start]
    guard mark == Ascii.backtick || mark == Ascii.tilde else { return nil }
    let length = source.bytes[start..<opening.upperBound].prefix { $0 == mark }.count
    guard length >= 3 else { return nil }
    if info.isEmpty, let firstLine,
      source.bytes[start..<opening.upperBound].elementsEqual(firstLine)
    {
      return nil
    }
    return (mark, length)
  }

  private func located(_ lines: [[UInt8]], fromLine first: Int) -> [Range<Int>] {
    lines.enumerated().map { index, text in
      let whole = source.line(first + index)
      // A tab that a container takes only in part reaches the text as the spaces that remain of it.
      var rest = text[...]
      while !source.bytes[whole].hasSuffix(rest) {
        guard rest.first == Ascii.space else { return whole }
        rest = rest.dropFirst()
      }
      return (whole.upperBound - rest.count)..<whole.upperBound
    }
  }

  /// Returns what stands before the closing fence, or nil when this line doesn't close the block.
  ///
  /// Such a line may also open a block of its own, where the end of a container closed this one.
  private func closingPrefix(line number: Int, mark: UInt8, length: Int) -> Range<Int>? {
    guard number <= source.lineCount, !blockLines.contains(number) else { return nil }
    let whole = source.line(number)
    let range = trimmed(whole)
    var begin = range.lowerBound
    while begin < range.upperBound,
      Ascii.isBlank(source.bytes[begin]) || source.bytes[begin] == Ascii.greater
    { begin += 1 }
    let marks = source.bytes[begin..<range.upperBound]
    guard marks.count >= length, marks.allSatisfy({ $0 == mark }) else { return nil }
    return whole.lowerBound..<begin
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high, Ascii.isBlank(source.bytes[low]) { low += 1 }
    while high > low, Ascii.isBlank(source.bytes[high - 1]) { high -= 1 }
    return low..<high
  }
}

extension ArraySlice<UInt8> {
  fileprivate func hasSuffix(_ other: ArraySlice<UInt8>) -> Bool {
    count >= other.count && suffix(other.count).elementsEqual(other)
  }
}
