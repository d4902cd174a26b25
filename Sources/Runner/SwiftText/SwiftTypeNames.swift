/// Which words of a text name types.
///
/// A capital says so, except where mathematics writes matrices: `X` and `W1` are types only where a type
/// is asked for, as in `<T>` or `x: T`.
struct SwiftTypeNames {
  private var short: Set<String> = []

  init(_ text: [UInt8], _ tokens: [SwiftToken]) {
    var values: Set<String> = []
    var previous = ""
    for token in tokens {
      let word = String(decoding: text[token.bytes], as: UTF8.self)
      if token.kind == .word, Self.isCapital(word), Self.isShort(word) {
        if Self.beforeValue.contains(previous) {
          values.insert(word)
        } else if Self.beforeType.contains(previous) {
          short.insert(word)
        }
      }
      previous = word
    }
    short.subtract(values)
  }

  func contains(_ word: String) -> Bool {
    Self.isCapital(word) && (!Self.isShort(word) || short.contains(word))
  }

  private static let beforeValue: Set = ["let", "var", "func"]
  private static let beforeType: Set = [
    ":", "->", "<", "as", "is", "some", "any", "struct", "class", "enum", "protocol", "actor",
    "typealias", "associatedtype", "extension", "where", "each",
  ]

  private static func isCapital(_ word: String) -> Bool {
    word.utf8.first { $0 != 0x5F }.map { (0x41...0x5A).contains($0) } ?? false
  }

  /// Without small letters and of one or two letters.
  private static func isShort(_ word: String) -> Bool {
    !word.utf8.contains { (0x61...0x7A).contains($0) } && word.utf8.count { Ascii.isLetter($0) } < 3
  }
}
