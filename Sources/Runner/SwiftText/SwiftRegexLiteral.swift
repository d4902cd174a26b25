/// Where a regular expression literal ends.
enum SwiftRegexLiteral {
  /// Returns the end of the literal whose first slash stands at an offset, or nil where the slash is an
  /// operator.
  ///
  /// As in the compiler, a slash ends a literal in a character class, too. `/…/` ends on its line;
  /// `#/…/#` goes on over lines where nothing but blanks follows its slash.
  static func end(in text: [UInt8], from slash: Int, hashes: Int) -> Int? {
    var at = slash + 1
    guard at < text.count else { return nil }
    if hashes == 0 {
      let first = text[at]
      guard !Ascii.isBlank(first), !Ascii.isLineEnd(first), first != UInt8(ascii: "=") else {
        return nil
      }
    }
    let spansLines =
      hashes > 0
      && text[at...].first { !Ascii.isBlank($0) }.map(Ascii.isLineEnd) ?? false
    var isInClass = false
    var groups = 0
    while at < text.count {
      switch text[at] {
      case Ascii.backslash: at += 1
      case Ascii.lineFeed where !spansLines, Ascii.carriageReturn where !spansLines: return nil
      case Ascii.openBracket where hashes == 0: isInClass = true
      case Ascii.closeBracket where hashes == 0: isInClass = false
      case Ascii.openParenthesis where !isInClass: groups += 1
      case Ascii.closeParenthesis where !isInClass:
        groups -= 1
        if hashes == 0, groups < 0 { return nil }
      case Ascii.slash:
        let end = at + 1 + hashes
        guard end <= text.count, text[(at + 1)..<end].allSatisfy({ $0 == Ascii.hash }) else {
          break
        }
        return hashes == 0 && Ascii.isBlank(text[at - 1]) ? nil : end
      default: break
      }
      at += 1
    }
    return nil
  }
}
