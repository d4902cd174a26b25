/// The first words of a fence that mean something to a lesson.
enum FenceWord: String, CaseIterable {
  case swift, output, diagnostics

  /// Returns which word a reader would take this one for, though it isn't spelt so.
  ///
  /// A fence whose word only looks like `swift` would silently never run, and one that only looks like
  /// `output` would never be checked.
  static func lookAlike(of word: String) -> FenceWord? {
    guard FenceWord(rawValue: word) == nil else { return nil }
    // Other tools write options into the word, and blanks that aren't ASCII part no words.
    let beginning = word.unicodeScalars.prefix {
      !$0.properties.isWhitespace && !endsWord.contains($0)
    }
    let skeleton = String(String.UnicodeScalarView(beginning.compactMap(visible))).lowercased()
    return allCases.first { known in
      if skeleton == known.rawValue { return true }
      // Words of three letters, and plain other words such as `shift`, are not misspellings.
      guard skeleton.utf8.count > 3, skeleton.first == known.rawValue.first else { return false }
      return !otherWords.contains(skeleton)
        && EditDistance.between(skeleton, known.rawValue, atMost: 1) <= 1
    }
  }

  private static let endsWord: Set<Unicode.Scalar> = ["{", ":", "=", "(", "[", ";", "+"]

  private static let otherWords: Set<String> = ["shift", "sift", "diagnostic-text"]

  /// Returns the ASCII letter that a scalar is drawn like, itself where there is none, or nil where it is
  /// drawn as nothing.
  private static func visible(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    if scalar.properties.isDefaultIgnorableCodePoint { return nil }
    // Full-width forms stand in the order of ASCII.
    if (0xFF01...0xFF5E).contains(scalar.value) { return Unicode.Scalar(scalar.value - 0xFEE0) }
    return drawnAlike[scalar] ?? scalar
  }

  private static let drawnAlike: [Unicode.Scalar: Unicode.Scalar] = [
    "\u{0455}": "s", "\u{0405}": "s", "\u{A731}": "s",
    "\u{051D}": "w", "\u{0461}": "w", "\u{03C9}": "w", "\u{0448}": "w",
    "\u{0456}": "i", "\u{0406}": "i", "\u{03B9}": "i", "\u{0131}": "i", "\u{2170}": "i",
    "\u{03DD}": "f", "\u{0192}": "f", "\u{A799}": "f", "\u{0584}": "f",
    "\u{0442}": "t", "\u{0422}": "t", "\u{03C4}": "t", "\u{03A4}": "t",
    "\u{043E}": "o", "\u{041E}": "o", "\u{03BF}": "o", "\u{039F}": "o", "\u{0585}": "o",
    "\u{03C5}": "u", "\u{057D}": "u", "\u{0440}": "p", "\u{0420}": "p", "\u{03C1}": "p",
    "\u{0501}": "d", "\u{0430}": "a", "\u{03B1}": "a", "\u{0261}": "g", "\u{0578}": "n",
    "\u{0441}": "c", "\u{0421}": "c", "\u{03F2}": "c",
  ]
}
