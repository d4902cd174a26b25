/// Splits Swift source into tokens, one pass over its UTF-8 bytes. White space is left out.
///
/// It never fails: an open literal or comment ends with its line or with the text, as the compiler's
/// own recovery has it.
package struct SwiftLexer {
  private let text: [UInt8]
  private var at = 0
  private var tokens: [SwiftToken] = []

  /// Returns the tokens of a source text in order.
  package static func tokens(of text: [UInt8]) -> [SwiftToken] {
    var lexer = SwiftLexer(text: text)
    lexer.code(untilParenthesis: false)
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

  private mutating func code(untilParenthesis: Bool) {
    // Interpolations nest by recursion; the format's limits keep lessons far from the stack's end.
    var depth = 0
    while at < text.count {
      let start = at
      switch byte() {
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), 0x0B, 0x0C:
        at += 1
      case UInt8(ascii: "/"):
        slash()
      case UInt8(ascii: "\""):
        string(from: start, hashes: 0)
      case UInt8(ascii: "#"):
        pound()
      case UInt8(ascii: "@"):
        at += 1
        while byte().isWordPart || byte() == UInt8(ascii: ".") { at += 1 }
        add(.attribute, from: start)
      case UInt8(ascii: "$"):
        at += 1
        while byte().isWordPart { at += 1 }
        add(.dollarWord, from: start)
      case UInt8(ascii: "`"):
        at += 1
        while at < text.count, byte() != UInt8(ascii: "`"), byte() != UInt8(ascii: "\n") { at += 1 }
        at += 1
        add(.quotedWord, from: start)
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        number()
      case let c where c.isWordStart:
        while byte().isWordPart { at += 1 }
        add(.word, from: start)
      case let c where c.isOperator || (c == UInt8(ascii: ".") && byte(1) == UInt8(ascii: ".")):
        operators()
      case let c:
        at += 1
        add(.punctuation, from: start)
        if c == UInt8(ascii: "(") { depth += 1 }
        if c == UInt8(ascii: ")") {
          if untilParenthesis && depth == 0 { return }
          depth -= 1
        }
      }
    }
  }

  private mutating func slash() {
    let start = at
    if byte(1) == UInt8(ascii: "/") {
      while at < text.count, byte() != UInt8(ascii: "\n"), byte() != UInt8(ascii: "\r") { at += 1 }
      add(.comment, from: start)
    } else if byte(1) == UInt8(ascii: "*") {
      var depth = 0
      repeat {
        if byte() == UInt8(ascii: "/") && byte(1) == UInt8(ascii: "*") {
          depth += 1
          at += 2
        } else if byte() == UInt8(ascii: "*") && byte(1) == UInt8(ascii: "/") {
          depth -= 1
          at += 2
        } else {
          at += 1
        }
      } while at < text.count && depth > 0
      add(.comment, from: start)
    } else if let end = bareRegexEnd() {
      at = end
      add(.regex, from: start)
    } else {
      operators()
    }
  }

  private mutating func operators() {
    let start = at
    let dotted = byte() == UInt8(ascii: ".")
    while byte().isOperator || (dotted && byte() == UInt8(ascii: ".")) {
      // A comment may stand against an operator.
      if at > start, byte() == UInt8(ascii: "/"),
        byte(1) == UInt8(ascii: "/") || byte(1) == UInt8(ascii: "*")
      {
        break
      }
      at += 1
    }
    add(.operator, from: start)
  }

  private mutating func pound() {
    let start = at
    var hashes = 0
    while byte(hashes) == UInt8(ascii: "#") { hashes += 1 }
    if byte(hashes) == UInt8(ascii: "\"") {
      at += hashes
      string(from: start, hashes: hashes)
      return
    }
    if byte(hashes) == UInt8(ascii: "/") {
      extendedRegex(hashes: hashes)
      add(.regex, from: start)
      return
    }
    at += 1
    while byte().isWordPart { at += 1 }
    let word = String(decoding: text[start..<at], as: UTF8.self)
    guard ["#if", "#elseif", "#else", "#endif"].contains(word) else {
      add(.poundWord, from: start)
      return
    }
    while at < text.count, byte() != UInt8(ascii: "\n"), byte() != UInt8(ascii: "\r"),
      !(byte() == UInt8(ascii: "/") && (byte(1) == UInt8(ascii: "/") || byte(1) == UInt8(ascii: "*")))
    {
      at += 1
    }
    add(.directive, from: start)
  }

  /// Lexes a string from its first quote; `start` is where its token begins.
  private mutating func string(from start: Int, hashes: Int) {
    var start = start
    let quote = UInt8(ascii: "\"")
    let isBlock = byte(1) == quote && byte(2) == quote
    at += isBlock ? 3 : 1
    while at < text.count {
      if byte() == UInt8(ascii: "\\"), hasHashes(hashes, after: 1) {
        if byte(1 + hashes) == UInt8(ascii: "(") {
          at += 1 + hashes
          add(.string, from: start)
          at += 1
          tokens.append(SwiftToken(.punctuation, at - 1..<at))
          code(untilParenthesis: true)
          start = at
        } else {
          at += 2 + hashes
        }
      } else if !isBlock, byte() == UInt8(ascii: "\n") || byte() == UInt8(ascii: "\r") {
        break
      } else if byte() == quote, !isBlock || (byte(1) == quote && byte(2) == quote),
        hasHashes(hashes, after: isBlock ? 3 : 1)
      {
        at += (isBlock ? 3 : 1) + hashes
        break
      } else {
        at += 1
      }
    }
    add(.string, from: start)
  }

  private func hasHashes(_ count: Int, after offset: Int) -> Bool {
    (0..<count).allSatisfy { byte(offset + $0) == UInt8(ascii: "#") }
  }

  private mutating func extendedRegex(hashes: Int) {
    at += hashes + 1
    while at < text.count {
      if byte() == UInt8(ascii: "\\") {
        at += 2
      } else if byte() == UInt8(ascii: "/"), hasHashes(hashes, after: 1) {
        at += 1 + hashes
        return
      } else {
        at += 1
      }
    }
  }

  /// The end of a `/…/` literal that begins here, or nil where the slash divides.
  private func bareRegexEnd() -> Int? {
    let next = byte(1)
    guard !isAfterValue, ![0, 10, 13, 32, UInt8(ascii: "=")].contains(next) else { return nil }
    var end = at + 1
    var isInClass = false
    while end < text.count, text[end] != UInt8(ascii: "\n") {
      switch text[end] {
      case UInt8(ascii: "\\"): end += 1
      case UInt8(ascii: "["): isInClass = true
      case UInt8(ascii: "]"): isInClass = false
      case UInt8(ascii: "/") where !isInClass:
        return text[end - 1] == UInt8(ascii: " ") ? nil : end + 1
      default: break
      }
      end += 1
    }
    return nil
  }

  /// True where the token before can end a value, so that a slash divides it.
  private var isAfterValue: Bool {
    guard let last = tokens.last(where: { $0.kind != .comment }) else { return false }
    switch last.kind {
    case .number, .string, .regex, .quotedWord, .dollarWord, .poundWord: return true
    case .word:
      let word = String(decoding: text[last.bytes], as: UTF8.self)
      return ![
        "return", "in", "case", "if", "guard", "while", "try", "await", "let", "where", "throw",
        "else",
      ].contains(word)
    case .punctuation: return [41, 93, 125].contains(text[last.bytes.lowerBound])
    case .operator: return false
    case .attribute, .directive, .comment: return false
    }
  }

  private mutating func number() {
    let start = at
    let isHexadecimal = byte() == UInt8(ascii: "0") && byte(1) == UInt8(ascii: "x")
    var hasPoint = false
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
      } else if c == UInt8(ascii: "."), !hasPoint, (48...57).contains(byte(1)) {
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
  fileprivate var isWordStart: Bool {
    (97...122).contains(self) || (65...90).contains(self) || self == 95 || self >= 128
  }

  fileprivate var isWordPart: Bool { isWordStart || (48...57).contains(self) }

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
