/// Tells the comments of Swift code from its strings and everything else.
///
/// It knows no more of Swift than where those begin and end, so that `"// Prints"` in a string is no
/// comment and `/* " */` opens no string. Nesting of comments and interpolations is counted, not recursed
/// into.
struct SwiftScanner {
  /// A `//` comment, from its slashes to the end of its line.
  private(set) var lineComments: [Range<Int>] = []
  /// Where `#` words stand outside comments and strings.
  private(set) var directives: [Range<Int>] = []

  private let code: [UInt8]
  private var offset = 0
  /// The literals that the scanner is inside of, and how many parentheses are open in an interpolation of
  /// each.
  private var literals: [Literal] = []

  private struct Literal {
    var hashes: Int
    var quotes: Int
    var parentheses = 0
    var isInterpolating = false
  }

  init(_ code: [UInt8]) {
    self.code = code
    while offset < code.count {
      if let literal = literals.last, !literal.isInterpolating {
        scanLiteral(literal)
      } else {
        scanCode()
      }
    }
  }

  private func byte(_ distance: Int) -> UInt8? {
    offset + distance < code.count ? code[offset + distance] : nil
  }

  private func run(of mark: UInt8, at distance: Int = 0, atMost limit: Int = .max) -> Int {
    var count = 0
    while count < limit, byte(distance + count) == mark { count += 1 }
    return count
  }

  private mutating func scanCode() {
    let start = offset
    switch code[offset] {
    case Ascii.slash where byte(1) == Ascii.slash:
      while let next = byte(0), !Ascii.isLineEnd(next) { offset += 1 }
      lineComments.append(start..<offset)
    case Ascii.slash where byte(1) == Ascii.star:
      skipBlockComment()
    case Ascii.quote:
      openString(hashes: 0)
    case Ascii.hash:
      let hashes = run(of: Ascii.hash)
      if byte(hashes) == Ascii.quote {
        openString(hashes: hashes)
      } else if byte(hashes) == Ascii.slash {
        skipRegex(hashes: hashes)
      } else {
        offset += hashes
        while let next = byte(0), Ascii.isWord(next) { offset += 1 }
        directives.append(start..<offset)
      }
    case Ascii.openParenthesis:
      if !literals.isEmpty { literals[literals.count - 1].parentheses += 1 }
      offset += 1
    case Ascii.closeParenthesis:
      if let top = literals.indices.last {
        literals[top].parentheses -= 1
        if literals[top].parentheses == 0 { literals[top].isInterpolating = false }
      }
      offset += 1
    default:
      offset += 1
    }
  }

  private mutating func openString(hashes: Int) {
    let quotes = run(of: Ascii.quote, at: hashes, atMost: 3) == 3 ? 3 : 1
    literals.append(Literal(hashes: hashes, quotes: quotes))
    offset += hashes + quotes
  }

  private mutating func scanLiteral(_ literal: Literal) {
    let byte = code[offset]
    if byte == Ascii.backslash, run(of: Ascii.hash, at: 1, atMost: literal.hashes) == literal.hashes
    {
      offset += 1 + literal.hashes
      if self.byte(0) == Ascii.openParenthesis {
        literals[literals.count - 1].isInterpolating = true
        literals[literals.count - 1].parentheses = 1
      }
      offset += 1
    } else if byte == Ascii.quote,
      run(of: Ascii.quote, atMost: literal.quotes) == literal.quotes,
      run(of: Ascii.hash, at: literal.quotes, atMost: literal.hashes) == literal.hashes
    {
      offset += literal.quotes + literal.hashes
      literals.removeLast()
    } else {
      // Only a block string goes on after its line; code with a missing quote ends here.
      if literal.quotes == 1, Ascii.isLineEnd(byte) { literals.removeAll() }
      offset += 1
    }
  }

  private mutating func skipBlockComment() {
    var depth = 0
    repeat {
      if byte(0) == Ascii.slash, byte(1) == Ascii.star {
        depth += 1
        offset += 2
      } else if byte(0) == Ascii.star, byte(1) == Ascii.slash {
        depth -= 1
        offset += 2
      } else {
        offset += 1
      }
    } while depth > 0 && offset < code.count
  }

  private mutating func skipRegex(hashes: Int) {
    offset += hashes + 1
    // Only a regex that begins with a line end goes on over several lines.
    let isBlock = byte(0).map(Ascii.isLineEnd) ?? false
    while let next = byte(0), isBlock || !Ascii.isLineEnd(next) {
      if next == Ascii.backslash {
        offset += 2
      } else if byte(0) == Ascii.slash,
        run(of: Ascii.hash, at: 1, atMost: hashes) == hashes
      {
        offset += 1 + hashes
        return
      } else {
        offset += 1
      }
    }
  }
}
