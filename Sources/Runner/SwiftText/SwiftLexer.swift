/// Splits Swift source text into tokens, one pass over its UTF-8 bytes.
///
/// White space is left out.
/// It never fails and never recurses: an open literal or comment ends with its line or with the text,
/// as the compiler's own recovery has it.
package struct SwiftLexer {
  private let text: [UInt8]
  private var at = 0
  private var tokens: [SwiftToken] = []
  /// The strings that the lexer is inside of, innermost last.
  private var strings: [OpenString] = []

  private struct OpenString {
    var hashes: Int
    var isBlock: Bool
    /// Where the token of the current piece begins.
    var start: Int
    /// How many parentheses are open in the current interpolation; 0 where the string goes on.
    var parentheses = 0
  }

  /// Returns the tokens of a source text in order.
  package static func tokens(of text: [UInt8]) -> [SwiftToken] {
    var lexer = SwiftLexer(text: text)
    while lexer.at < text.count {
      if let string = lexer.strings.last, string.parentheses == 0 {
        lexer.goOn(string)
      } else {
        lexer.code()
      }
    }
    // A text that ends inside a string.
    if let string = lexer.strings.last, string.parentheses == 0 {
      lexer.add(.string, from: string.start)
    }
    return lexer.tokens
  }

  private init(text: [UInt8]) {
    self.text = text
  }

  private func byte(_ offset: Int = 0) -> UInt8 {
    at + offset < text.count ? text[at + offset] : 0
  }

  private mutating func add(_ kind: SwiftToken.Kind, from start: Int) {
    at = min(at, text.count)
    if at > start { tokens.append(SwiftToken(kind, start..<at)) }
  }

  private mutating func code() {
    let start = at
    switch byte() {
    case Ascii.space, Ascii.tab, Ascii.lineFeed, Ascii.carriageReturn, 0x0B, 0x0C:
      at += 1
    case Ascii.slash: slash()
    case Ascii.quote: openString(hashes: 0)
    case Ascii.hash: pound()
    case UInt8(ascii: "@"):
      at += 1
      while byte().isWordPart || byte() == UInt8(ascii: ".") { at += 1 }
      add(.attribute, from: start)
    case Ascii.dollar:
      at += 1
      while byte().isWordPart { at += 1 }
      add(.dollarWord, from: start)
    case Ascii.backtick:
      at += 1
      while at < text.count, byte() != Ascii.backtick, byte() != Ascii.lineFeed { at += 1 }
      at += 1
      add(.quotedWord, from: start)
    case let c where Ascii.isDigit(c): number()
    case let c where c.isWordStart:
      while byte().isWordPart { at += 1 }
      add(.word, from: start)
    case let c where c.isOperator || (c == UInt8(ascii: ".") && byte(1) == UInt8(ascii: ".")):
      operators()
    case let c:
      at += 1
      add(.punctuation, from: start)
      parenthesis(c)
    }
  }

  /// Counts the parentheses of an interpolation; its last one gives the string back.
  private mutating func parenthesis(_ mark: UInt8) {
    guard let top = strings.indices.last else { return }
    if mark == Ascii.openParenthesis { strings[top].parentheses += 1 }
    if mark == Ascii.closeParenthesis {
      strings[top].parentheses -= 1
      strings[top].start = at
    }
  }

  private mutating func slash() {
    let start = at
    if byte(1) == Ascii.slash {
      while at < text.count, !Ascii.isLineEnd(byte()) { at += 1 }
      add(.comment, from: start)
    } else if byte(1) == Ascii.star {
      var depth = 0
      repeat {
        if byte() == Ascii.slash && byte(1) == Ascii.star {
          depth += 1
          at += 2
        } else if byte() == Ascii.star && byte(1) == Ascii.slash {
          depth -= 1
          at += 2
        } else {
          at += 1
        }
      } while at < text.count && depth > 0
      add(.comment, from: start)
    } else if !isAfterValue, let end = SwiftRegexLiteral.end(in: text, from: at, hashes: 0) {
      at = end
      add(.regex, from: start)
    } else {
      operators()
    }
  }

  private mutating func operators() {
    let start = at
    let isDotted = byte() == UInt8(ascii: ".")
    let isPostfix = isAfterValue && tokens.last?.bytes.upperBound == at
    while byte().isOperator || (isDotted && byte() == UInt8(ascii: ".")) {
      if at > start, byte() == Ascii.slash {
        // A comment, or a regex after a prefix operator, may stand against an operator.
        if byte(1) == Ascii.slash || byte(1) == Ascii.star { break }
        if !isPostfix, SwiftRegexLiteral.end(in: text, from: at, hashes: 0) != nil { break }
      }
      at += 1
      // `x!/y` forces a value and divides it.
      if isPostfix, at == start + 1,
        text[start] == UInt8(ascii: "!") || text[start] == UInt8(ascii: "?")
      {
        break
      }
    }
    add(.operator, from: start)
  }

  private mutating func pound() {
    let start = at
    var hashes = 0
    while byte(hashes) == Ascii.hash { hashes += 1 }
    if byte(hashes) == Ascii.quote {
      openString(hashes: hashes)
    } else if byte(hashes) == Ascii.slash,
      let end = SwiftRegexLiteral.end(in: text, from: at + hashes, hashes: hashes)
    {
      at = end
      add(.regex, from: start)
    } else if start == 0, byte(1) == UInt8(ascii: "!") {
      while at < text.count, !Ascii.isLineEnd(byte()) { at += 1 }
      add(.comment, from: start)
    } else {
      at += hashes
      while byte().isWordPart { at += 1 }
      let word = String(decoding: text[start..<at], as: UTF8.self)
      let isCondition = ["#if", "#elseif", "#else", "#endif"].contains(word)
      add(isCondition ? .directive : .poundWord, from: start)
    }
  }

  /// Enters a string at its hashes or its first quote.
  private mutating func openString(hashes: Int) {
    let start = at
    at += hashes
    var isBlock = byte(1) == Ascii.quote && byte(2) == Ascii.quote
    if isBlock, hashes > 0 {
      // `#"""#` holds one quote: it is a block only where nothing closes it on its line.
      var end = at + 1
      while end < text.count, !Ascii.isLineEnd(text[end]) {
        if text[end] == Ascii.quote, hasHashes(hashes, at: end + 1) {
          isBlock = false
          break
        }
        end += 1
      }
    }
    at += isBlock ? 3 : 1
    strings.append(OpenString(hashes: hashes, isBlock: isBlock, start: start))
  }

  /// Goes through a piece of a string, up to its end or to an interpolation.
  private mutating func goOn(_ string: OpenString) {
    while at < text.count {
      if byte() == Ascii.backslash, hasHashes(string.hashes, at: at + 1) {
        guard byte(1 + string.hashes) == Ascii.openParenthesis else {
          at = min(at + 2 + string.hashes, text.count)
          // What a backslash at a line's end hides doesn't hide the end of the line.
          if !string.isBlock, Ascii.isLineEnd(text[at - 1]) { at -= 1 }
          continue
        }
        add(.string, from: string.start)
        let start = at
        at += 2 + string.hashes
        add(.punctuation, from: start)
        strings[strings.count - 1].parentheses = 1
        return
      }
      if !string.isBlock, Ascii.isLineEnd(byte()) { break }
      let isQuote =
        byte() == Ascii.quote
        && (!string.isBlock || (byte(1) == Ascii.quote && byte(2) == Ascii.quote))
      let quotes = string.isBlock ? 3 : 1
      if isQuote, hasHashes(string.hashes, at: at + quotes) {
        at += quotes + string.hashes
        break
      }
      at += 1
    }
    add(.string, from: string.start)
    strings.removeLast()
  }

  private func hasHashes(_ count: Int, at offset: Int) -> Bool {
    offset + count <= text.count && text[offset..<(offset + count)].allSatisfy { $0 == Ascii.hash }
  }

  /// True where the token before can end a value, so that a slash divides it.
  private var isAfterValue: Bool {
    guard let index = tokens.lastIndex(where: { $0.kind != .comment }) else { return false }
    let last = tokens[index]
    switch last.kind {
    case .number, .string, .regex, .quotedWord, .dollarWord, .poundWord: return true
    case .word: return !SwiftKeywords.beforeExpression.contains(word(last))
    case .punctuation: return [41, 93, 125].contains(text[last.bytes.lowerBound])
    case .operator:
      // A mark against the value before it, as in `x! / y`.
      guard ["!", "?"].contains(word(last)), index > 0 else { return false }
      let value = tokens[index - 1]
      return value.bytes.upperBound == last.bytes.lowerBound
        && !["try", "as"].contains(word(value))
    case .attribute, .directive, .comment: return false
    }
  }

  private func word(_ token: SwiftToken) -> String {
    String(decoding: text[token.bytes], as: UTF8.self)
  }

  private mutating func number() {
    let start = at
    let isHexadecimal = byte() == UInt8(ascii: "0") && byte(1) == UInt8(ascii: "x")
    // The 0 and 1 of `pair.0.1` are two numbers.
    let isMember =
      start > 0 && text[start - 1] == UInt8(ascii: ".") && tokens.last?.kind != .operator
    var hasPoint = isMember
    at += 1
    while at < text.count {
      let c = byte()
      if c.isWordPart {
        let isExponent =
          isHexadecimal
          ? c == UInt8(ascii: "p") || c == UInt8(ascii: "P")
          : c == UInt8(ascii: "e") || c == UInt8(ascii: "E")
        if isExponent, byte(1) == UInt8(ascii: "+") || byte(1) == UInt8(ascii: "-") { at += 1 }
        at += 1
      } else if c == UInt8(ascii: "."), !hasPoint, Ascii.isDigit(byte(1)) {
        hasPoint = true
        at += 1
      } else {
        break
      }
    }
    add(.number, from: start)
  }
}

extension UInt8 {
  fileprivate var isWordStart: Bool { Ascii.isLetter(self) || self == 95 || self >= 128 }

  fileprivate var isWordPart: Bool { isWordStart || Ascii.isDigit(self) }

  fileprivate var isOperator: Bool {
    switch self {
    case UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "-"), UInt8(ascii: "+"),
      UInt8(ascii: "!"), UInt8(ascii: "*"), UInt8(ascii: "%"), UInt8(ascii: "<"),
      UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "^"),
      UInt8(ascii: "~"), UInt8(ascii: "?"):
      true
    default: false
    }
  }
}
