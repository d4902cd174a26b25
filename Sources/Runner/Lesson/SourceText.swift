/// The bytes of a Markdown file and where its lines begin.
///
/// Lines end at LF, CRLF or a lone CR and nowhere else: Swift's own notion of a newline also splits at
/// U+2028, U+0085, VT and FF, and would shift every number a reader sees in an editor.
package struct SourceText: Sendable {
  package let bytes: [UInt8]
  /// The offset of each line's first byte; a file that ends in a line end has an empty last line.
  package let lineStarts: [Int]
  /// Three where the file begins with a byte order mark: bytes of line 1 that editors don't count.
  package let markLength: Int

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    markLength = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var starts = [0]
    var offset = 0
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      if byte == Ascii.lineFeed {
        starts.append(offset)
      } else if byte == Ascii.carriageReturn {
        if offset < bytes.count, bytes[offset] == Ascii.lineFeed { offset += 1 }
        starts.append(offset)
      }
    }
    lineStarts = starts
  }

  package var lineCount: Int { lineStarts.count }

  /// Returns the bytes of a line, counted from 1, without its line end; empty past the file's end.
  package func line(_ number: Int) -> Range<Int> {
    guard number >= 1, number <= lineStarts.count else { return bytes.count..<bytes.count }
    let start = lineStarts[number - 1]
    var end = number < lineStarts.count ? lineStarts[number] : bytes.count
    if end > start, bytes[end - 1] == Ascii.lineFeed { end -= 1 }
    if end > start, bytes[end - 1] == Ascii.carriageReturn { end -= 1 }
    return start..<end
  }

  /// Returns the offset just past a line's end.
  package func end(ofLine number: Int) -> Int {
    number < lineStarts.count ? lineStarts[max(number, 0)] : bytes.count
  }

  /// Returns the line and column of a byte.
  package func position(at offset: Int) -> SourcePosition {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    let skipped = low == 0 ? markLength : 0
    return SourcePosition(line: low + 1, column: max(offset - lineStarts[low] - skipped, 0) + 1)
  }

  package func span(_ range: Range<Int>) -> SourceSpan {
    SourceSpan(start: position(at: range.lowerBound), bytes: range)
  }

  /// Returns a range's text; bytes that aren't UTF-8 come out as replacement characters.
  package func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }
}

/// The bytes that Markdown and Swift give a meaning to.
enum Ascii {
  static let tab = UInt8(ascii: "\t")
  static let lineFeed = UInt8(ascii: "\n")
  static let carriageReturn = UInt8(ascii: "\r")
  static let space = UInt8(ascii: " ")
  static let quote = UInt8(ascii: "\"")
  static let hash = UInt8(ascii: "#")
  static let dollar = UInt8(ascii: "$")
  static let ampersand = UInt8(ascii: "&")
  static let openParenthesis = UInt8(ascii: "(")
  static let closeParenthesis = UInt8(ascii: ")")
  static let star = UInt8(ascii: "*")
  static let slash = UInt8(ascii: "/")
  static let less = UInt8(ascii: "<")
  static let greater = UInt8(ascii: ">")
  static let openBracket = UInt8(ascii: "[")
  static let backslash = UInt8(ascii: "\\")
  static let closeBracket = UInt8(ascii: "]")
  static let backtick = UInt8(ascii: "`")
  static let tilde = UInt8(ascii: "~")

  static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }
  static func isLineEnd(_ byte: UInt8) -> Bool { byte == lineFeed || byte == carriageReturn }
  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }
  /// What an identifier may go on with.
  static func isWord(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) || byte == 0x5F }
}
