/// Finds the `// Prints "…"` comments in a cell's code.
///
/// The closing quote ends its line, or only a full stop follows it; quotes inside need no backslash. A
/// text of several lines goes on in the `//` comments below until one ends so.
struct PrintsClaimParser {
  private(set) var claims: [PrintsClaim] = []
  /// The Markdown positions of claims whose closing quote is missing.
  private(set) var unclosed: [SourcePosition] = []

  /// - Parameters:
  ///   - tokens: The code's tokens.
  ///   - position: Where a byte of the code stands in the Markdown file.
  init(_ code: [UInt8], _ tokens: [SwiftToken], position: (Int) -> SourcePosition) {
    let comments = tokens.filter { $0.kind == .comment }.map(\.bytes)
      .filter { code[$0].starts(with: "//".utf8) }
    var index = 0
    while index < comments.count {
      let comment = comments[index]
      index += 1
      guard let text = Self.opening(of: code[comment]) else { continue }
      let at = position(comment.lowerBound)
      if let ended = Self.ended(text) {
        claims.append(PrintsClaim(text: Self.unescaped(ended), line: at.line))
        continue
      }
      // An odd number of quotes closes the text before a remark: `// Prints "3" here`.
      let quotes = text.indices.filter { text[$0] == Ascii.quote && !Self.isEscaped($0, in: text) }
      if quotes.count % 2 == 1, let last = quotes.last {
        claims.append(PrintsClaim(text: Self.unescaped(text[..<last]), line: at.line))
        continue
      }
      var lines = [Self.unescaped(text)]
      var isClosed = false
      var end = comment.upperBound
      while !isClosed, index < comments.count {
        let next = comments[index]
        // Only a comment on the very next line, alone there, goes on.
        guard Self.isNextLine(code[end..<next.lowerBound]), Self.opening(of: code[next]) == nil
        else { break }
        var body = code[next].dropFirst(2)
        if body.first == Ascii.space { body = body.dropFirst() }
        let last = Self.ended(body)
        lines.append(Self.unescaped(last ?? body))
        isClosed = last != nil
        end = next.upperBound
        index += 1
      }
      if isClosed {
        claims.append(PrintsClaim(text: lines.joined(separator: "\n"), line: at.line))
      } else {
        unclosed.append(at)
      }
    }
  }

  /// Returns what follows `// Prints "`, or nil where a comment is of another kind.
  private static func opening(of comment: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    let body = comment.dropFirst(2).drop(while: Ascii.isBlank)
    guard body.starts(with: "Prints".utf8) || body.starts(with: "prints".utf8) else { return nil }
    let rest = body.dropFirst(6)
    let text = rest.drop(while: Ascii.isBlank)
    guard text.count < rest.count, text.first == Ascii.quote else { return nil }
    return text.dropFirst()
  }

  /// Returns a line's text up to the closing quote that ends it, or nil where none does.
  private static func ended(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    var text = text
    while let last = text.last, Ascii.isBlank(last) { text = text.dropLast() }
    if text.last == UInt8(ascii: ".") { text = text.dropLast() }
    guard text.last == Ascii.quote, !isEscaped(text.endIndex - 1, in: text) else { return nil }
    return text.dropLast()
  }

  private static func isEscaped(_ index: Int, in text: ArraySlice<UInt8>) -> Bool {
    index > text.startIndex && text[index - 1] == Ascii.backslash
  }

  private static func isNextLine(_ between: ArraySlice<UInt8>) -> Bool {
    between.count { $0 == Ascii.lineFeed } == 1
      && between.allSatisfy { Ascii.isBlank($0) || $0 == Ascii.lineFeed }
  }

  /// A backslash escapes a quote and nothing else: what a claim shows is otherwise printed text.
  private static func unescaped(_ text: ArraySlice<UInt8>) -> String {
    var bytes: [UInt8] = []
    for (index, byte) in zip(text.indices, text) {
      let next = index + 1 < text.endIndex ? text[index + 1] : nil
      if byte == Ascii.backslash, next == Ascii.quote { continue }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
