/// What Swift's own run-time messages mean, and the next thing to try.
enum TrapWording {
  static func message(for trap: String) -> String {
    let said = trap.isEmpty ? "" : " (\(trap))"
    for (fragment, meaning) in meanings where trap.contains(fragment) {
      return "\(meaning.what)\(said). \(meaning.next)"
    }
    guard !trap.isEmpty else {
      return "A run-time check stopped the cell, without saying which. "
        + "Look for arithmetic that overflows, for an index or for an optional that is nil."
    }
    return "The cell stopped itself: \(trap). Look at the line that the position names."
  }

  private static let meanings: [(String, (what: String, next: String))] = [
    (
      "Unexpectedly found nil",
      (
        "An optional was unwrapped while it was nil",
        "Test it with if let, or give a default with ??."
      )
    ),
    (
      "ndex out of range",
      (
        "An element was asked for that the collection doesn't have",
        "Valid indices run from 0 to count - 1: print the index and the count before this line."
      )
    ),
    (
      "ndex is out of range",
      (
        "An element was asked for that the collection doesn't have",
        "Valid indices run from 0 to count - 1: print the index and the count before this line."
      )
    ),
    (
      "index is out of bounds",
      (
        "A place in a string was asked for that it doesn't have",
        "Take indices from the same string, and compare them with endIndex."
      )
    ),
    (
      "rithmetic overflow",
      (
        "A number left the range of its type",
        "Use a wider type, or &+, &- and &* where wrapping around is meant."
      )
    ),
    (
      "Division by zero",
      ("A whole number was divided by zero", "Test the divisor first, or divide Doubles.")
    ),
    (
      "infinite or NaN",
      ("An infinite number or NaN was converted to a whole number", "Test isFinite first.")
    ),
    (
      "Not enough bits",
      (
        "A number doesn't fit into the type that it was converted to",
        "Use a wider type, or init(exactly:) or init(clamping:)."
      )
    ),
    (
      "upperBound < lowerBound",
      ("A range was made whose end lies before its beginning", "Compare the bounds first.")
    ),
    (
      "lowerBound <= upperBound",
      ("A range was made whose end lies before its beginning", "Compare the bounds first.")
    ),
    (
      "from an empty collection",
      ("An element was removed from an empty collection", "Test isEmpty first.")
    ),
    (
      "duplicate keys",
      ("A dictionary was given the same key twice", "Remove one, or use init(_:uniquingKeysWith:).")
    ),
    (
      "Could not cast",
      ("A value was cast with as! to a type that it isn't", "Use as? and handle nil.")
    ),
    (
      "imultaneous access",
      (
        "The same variable was changed by two calls at once",
        "Copy the value into a constant before one of the calls."
      )
    ),
    (
      "unowned reference",
      ("An unowned reference outlived its object", "Use weak, or keep the object alive.")
    ),
  ]
}
