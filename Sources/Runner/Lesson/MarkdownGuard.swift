/// Refuses what would keep cmark busy for minutes before anyone could measure the tree it builds.
///
/// cmark revisits every open container on every line, so that a line of a million quote marks followed by
/// a million blank ones costs a day. And it revisits every open image at every link's end.
enum MarkdownGuard {
  /// The most `![` between two blank lines.
  private static let imageLimit = 1_000

  static func check(_ source: SourceText, nestingLimit: Int) throws(MarkdownError) {
    var fence: (mark: UInt8, length: Int)?
    var images = 0
    for number in 1...source.lineCount {
      let line = source.line(number)
      let bytes = source.bytes[line]
      let content = bytes.drop(while: Ascii.isBlank)
      if let marks = fenceMarks(content), content.startIndex - line.lowerBound <= 3 {
        if let open = fence {
          if marks.mark == open.mark, marks.length >= open.length { fence = nil }
        } else {
          fence = marks
        }
      }
      images = content.isEmpty ? 0 : images + imageMarks(content)
      guard images <= imageLimit else {
        throw MarkdownError(
          diagnostic: Diagnostic(
            at: source.position(at: line.lowerBound),
            "the paragraph holds more than \(imageLimit) images", help: "part it with blank lines"))
      }
      guard fence == nil, openContainers(bytes) > nestingLimit else { continue }
      throw tooDeep(at: source.position(at: line.lowerBound), limit: nestingLimit)
    }
  }

  static func tooDeep(at position: SourcePosition, limit: Int) -> MarkdownError {
    MarkdownError(
      diagnostic: Diagnostic(
        at: position, "quotes, lists and emphasis nest deeper than \(limit) levels here",
        help: "write it flatter"))
  }

  private static func imageMarks(_ line: ArraySlice<UInt8>) -> Int {
    guard line.contains(UInt8(ascii: "!")) else { return 0 }
    return zip(line, line.dropFirst()).count { $0 == UInt8(ascii: "!") && $1 == Ascii.openBracket }
  }

  private static func fenceMarks(_ content: ArraySlice<UInt8>) -> (mark: UInt8, length: Int)? {
    guard let mark = content.first, mark == Ascii.backtick || mark == Ascii.tilde else {
      return nil
    }
    let length = content.prefix { $0 == mark }.count
    return length >= 3 ? (mark, length) : nil
  }

  /// Returns an upper bound of the containers open after a line that opens one: two columns of
  /// indentation are the least that a list item asks for.
  private static func openContainers(_ line: ArraySlice<UInt8>) -> Int {
    var columns = 0
    var markers = 0
    var distinct: Set<UInt8> = []
    var rest = line
    while let byte = rest.first {
      if Ascii.isBlank(byte) {
        columns += byte == Ascii.tab ? 4 : 1
        rest.removeFirst()
        continue
      }
      var digits = rest.prefix(while: Ascii.isDigit)
      let after = rest[digits.endIndex...].first
      let isNumber =
        !digits.isEmpty && (after == UInt8(ascii: ".") || after == Ascii.closeParenthesis)
      if isNumber { digits = rest[digits.startIndex...digits.endIndex] }
      let isBullet = byte == Ascii.star || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
      guard isNumber || isBullet || byte == Ascii.greater else { break }
      distinct.insert(isNumber ? UInt8(ascii: "1") : byte)
      markers += 1
      rest = rest.dropFirst(isNumber ? digits.count : 1)
    }
    // A long thematic break, such as `* * *`, opens nothing.
    if rest.isEmpty, distinct.count == 1, let only = distinct.first,
      only == Ascii.star || only == UInt8(ascii: "-")
    {
      return 0
    }
    return markers == 0 ? 0 : markers + columns / 2
  }
}
