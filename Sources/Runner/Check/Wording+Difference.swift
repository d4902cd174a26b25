extension Wording {
  /// Returns a difference as a sentence and the next thing to try.
  ///
  /// - Parameter text: What is compared.
  package static func message(
    for difference: OutputDifference, in text: String = "the output"
  ) -> String {
    let line = "Line \(difference.actualLine) of \(text)"
    return switch difference.kind {
    case .number: number(difference, line: line)
    case .text: "\(line) differs from the promised text. \(correct)"
    case .extraLines:
      difference.expected == nil
        ? "The cell prints more than the lesson promises, from line \(difference.actualLine) on. "
          + "Promise the lines too, or let '...' stand for them."
        : "\(line) is one that the lesson doesn't promise. "
          + "Promise it too, or let '...' stand for it."
    case .missingLines:
      difference.actual == nil
        ? "A promised line is missing at the end of \(text). \(correct)"
        : "\(line) comes too early: a promised line is missing before it. \(correct)"
    case .missingClaim: missingClaim(difference)
    case .carriageReturn:
      "\(line) holds a carriage return, which no screen shows. "
        + "Print \\n alone, or remove \\r from what is printed."
    case .nul: "\(line) holds a NUL byte. Remove it from what is printed."
    case .invalidUTF8: "\(line) isn't valid UTF-8. Print text."
    case .normalization:
      "\(line) looks like the promised one but is made of other Unicode characters: letters with "
        + "accents are composed in one and decomposed in the other. Type them in the same way."
    case .trailingBlanks:
      "\(line) differs from the promised one in the blanks at its end alone. \(correct)"
    case .tooManyWildcards:
      "The wildcards of the expectation fit in too many ways to try them all. Use fewer of them."
    }
  }

  private static let correct = "Correct the code, or let --accept correct the promise."

  private static func number(_ difference: OutputDifference, line: String) -> String {
    guard let worst = difference.worst else { return "\(line) holds another number." }
    let pair = "\(worst.actual) is printed where \(worst.expected) is promised"
    return "\(line) differs in its numbers: \(pair)\(error(worst)). "
      + "Correct the number, or write fewer digits, rtol= or atol=."
  }

  private static func error(_ pair: OutputDifference.NumberPair) -> String {
    if pair.relativeError.isNaN || pair.relativeError.isInfinite { return "" }
    if pair.relativeError == 0 { return ", of which only one is a whole number" }
    return ", a relative error of \(short(pair.relativeError))"
  }

  private static func missingClaim(_ difference: OutputDifference) -> String {
    let claim = (difference.expected ?? "").split(separator: "\n").joined(separator: "⏎")
    if let worst = difference.worst {
      return "The cell never prints \"\(claim)\" where the comment says so: "
        + "\(worst.actual) is printed where \(worst.expected) is promised\(error(worst))."
    }
    return "The cell never prints \"\(claim)\" after what the comments before it promise. "
      + "Correct the comment, or the code."
  }

  /// Returns a number with two significant digits.
  static func short(_ value: Double) -> String {
    guard value.isFinite, value > 0 else { return "\(value)" }
    var exponent = 0
    var mantissa = value
    while mantissa >= 10 {
      mantissa /= 10
      exponent += 1
    }
    while mantissa < 1 {
      mantissa *= 10
      exponent -= 1
    }
    var tenths = Int((mantissa * 10).rounded())
    if tenths == 100 {
      tenths = 10
      exponent += 1
    }
    if (-3...2).contains(exponent) {
      var scaled = "\(tenths)"
      if exponent >= 1 { return scaled + String(repeating: "0", count: exponent - 1) }
      scaled = String(repeating: "0", count: -exponent) + scaled
      return "\(scaled.prefix(1)).\(scaled.dropFirst(1))"
    }
    return "\(tenths / 10).\(tenths % 10)e\(exponent)"
  }
}
