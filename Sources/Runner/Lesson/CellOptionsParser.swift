/// Reads the words after `swift` on a fence line.
struct CellOptionsParser {
  /// The longest that a cell may ask to run.
  static let timeoutCap = Duration.seconds(600)

  static let words = [
    "hidden", "no-run", "throws", "traps", "compile-fail", "nondeterministic", "isolated",
    "optimized", "exercise", "solution", "id=", "timeout=", "seed=", "rtol=", "atol=",
    "values=",
  ]

  private let source: SourceText
  private(set) var options = CellOptions()
  private(set) var id: String?
  private(set) var idSpan: SourceSpan?
  private(set) var diagnostics: [Diagnostic] = []
  /// The words read so far, by name, in order.
  private var seen: [String] = []

  /// - Parameter words: Where the words stand, without the first, `swift`.
  init(_ words: [Range<Int>], in source: SourceText) {
    self.source = source
    for word in words where diagnostics.count <= LessonLimits.diagnostics { read(word) }
  }

  private mutating func read(_ range: Range<Int>) {
    let word = source.text(range)
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = String(parts.first ?? "")
    let value = parts.count > 1 ? String(parts[1]) : nil
    switch name {
    case "hidden": if flag(name, value, range) { options.isHidden = true }
    case "no-run": if flag(name, value, range) { options.isNoRun = true }
    case "nondeterministic": if flag(name, value, range) { options.isNondeterministic = true }
    case "isolated": if flag(name, value, range) { options.isIsolated = true }
    case "optimized": if flag(name, value, range) { options.isOptimized = true }
    case "exercise": if flag(name, value, range) { options.isExercise = true }
    case "solution": if flag(name, value, range) { options.isSolution = true }
    case "throws": if flag(name, value, range) { options.ending = .throws }
    case "traps": if flag(name, value, range) { options.ending = .traps }
    case "compile-fail": if flag(name, value, range) { options.ending = .compileFail }
    case "id": if let value = given(name, value, range) { readID(value, range) }
    case "timeout": if let value = given(name, value, range) { readTimeout(value, range) }
    case "seed":
      guard let value = given(name, value, range) else { return }
      options.seed = value.allSatisfy(\.isASCII) ? UInt64(value) : nil
      if options.seed == nil {
        refuse(
          range,
          "seed '\(Diagnostic.excerpt(value))' is not a whole number from 0 to \(UInt64.max)",
          help: "write a number such as seed=42")
      }
    case "rtol":
      if let value = given(name, value, range) {
        options.relativeTolerance = tolerance(name, value, range)
      }
    case "atol":
      if let value = given(name, value, range) {
        options.absoluteTolerance = tolerance(name, value, range)
      }
    case "values": if let value = given(name, value, range) { readValues(value, range) }
    default: refuseUnknown(word, name: name, range)
    }
  }

  /// Returns true where a flag is well said, and notes it.
  private mutating func flag(_ name: String, _ value: String?, _ range: Range<Int>) -> Bool {
    if value != nil {
      refuse(range, "cell option '\(name)' takes no value", help: "write '\(name)' alone")
      return false
    }
    return note(name, range)
  }

  /// Returns an option's value where it is well said, and notes it.
  private mutating func given(_ name: String, _ value: String?, _ range: Range<Int>) -> String? {
    guard let value, !value.isEmpty else {
      refuse(
        range, "cell option '\(name)' needs a value",
        help: "write '\(name)=…' without blanks, or remove the word")
      return nil
    }
    return note(name, range) ? value : nil
  }

  private mutating func note(_ name: String, _ range: Range<Int>) -> Bool {
    if seen.contains(name) {
      refuse(range, "cell option '\(name)' is said twice", help: "remove one of the two")
      return false
    }
    if let other = seen.first(where: { Self.contradict($0, name) }) {
      refuse(
        range, "cell option '\(name)' contradicts '\(other)'", help: "keep one of the two words")
      return false
    }
    seen.append(name)
    return true
  }

  private static func contradict(_ first: String, _ second: String) -> Bool {
    let endings: Set = ["throws", "traps", "compile-fail"]
    // An exercise is checked by what it prints, so it has to run and to end well.
    let unchecked = endings.union(["no-run", "nondeterministic"])
    let pair = [(first, second), (second, first)]
    return pair.contains { a, b in
      (endings.contains(a) && endings.contains(b))
        || (a == "no-run" && endings.contains(b))
        || (a == "exercise" && (b == "solution" || unchecked.contains(b)))
        || (a == "solution" && unchecked.contains(b))
    }
  }

  private mutating func readID(_ value: String, _ range: Range<Int>) {
    id = value
    idSpan = source.span(range)
    if !Self.isID(value) {
      refuse(
        range,
        "cell id '\(Diagnostic.excerpt(value))' is not made of 1 to 64 lower-case letters, digits and hyphens, "
          + "beginning with a letter or digit",
        help: "write an id such as id=first-example")
    } else if value.hasPrefix("cell-"), Int(value.dropFirst(5)) != nil {
      refuse(
        range, "cell id '\(value)' is of the form that cells without an id get",
        help: "choose a word that says what the cell shows")
    }
  }

  /// Returns whether a text is `[a-z0-9][a-z0-9-]{0,63}`.
  package static func isID(_ text: String) -> Bool {
    let bytes = text.utf8
    return (1...64).contains(bytes.count) && bytes.first != UInt8(ascii: "-")
      && bytes.allSatisfy { (0x61...0x7A).contains($0) || Ascii.isDigit($0) || $0 == 0x2D }
  }

  private mutating func readTimeout(_ value: String, _ range: Range<Int>) {
    guard let duration = Quantity.duration(value) else {
      refuse(
        range,
        "timeout '\(Diagnostic.excerpt(value))' is not a whole number above 0 with the unit ms, s or m",
        help: "write a time such as timeout=500ms, timeout=30s or timeout=2m")
      return
    }
    guard duration <= Self.timeoutCap else {
      refuse(
        range,
        "timeout '\(Diagnostic.excerpt(value))' is longer than the 10 minutes that a cell may ask for",
        help: "make the cell do less, and write at most timeout=10m")
      return
    }
    options.timeout = duration
  }

  private mutating func readValues(_ value: String, _ range: Range<Int>) {
    options.values = value.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    let isFine =
      (2...9).contains(options.values.count) && Set(options.values).count == options.values.count
      && options.values.allSatisfy { Double($0)?.isFinite == true }
    if isFine { return }
    options.values = []
    refuse(
      range, "values '\(value)' are not 2 to 9 different numbers with '|' between them",
      help: "write numbers such as values=0.1|0.5|2")
  }

  private mutating func tolerance(
    _ name: String, _ value: String, _ range: Range<Int>
  ) -> Double? {
    if let number = Double(value), number.isFinite, number >= 0 { return number }
    refuse(
      range, "tolerance '\(Diagnostic.excerpt(value))' is not a number of at least 0",
      help: "write a number such as \(name)=1e-3")
    return nil
  }

  private mutating func refuseUnknown(_ word: String, name: String, _ range: Range<Int>) {
    let list = Self.words.map { "'\($0)'" }.joined(separator: ", ")
    let near = EditDistance.nearest(to: name, among: Self.words.map { $0.filter { $0 != "=" } })
    let spelt = near.map { near in Self.words.contains(near) ? near : near + "=" }
    refuse(
      range, "cell option '\(Diagnostic.excerpt(name))' is not one of \(list)",
      label: spelt.map { "did you mean '\($0)'?" },
      help: spelt.map { "write '\($0)', or remove the word" } ?? "remove the word")
  }

  private mutating func refuse(
    _ range: Range<Int>, _ message: String, label: String? = nil, help: String
  ) {
    diagnostics.append(
      Diagnostic(
        at: source.position(at: range.lowerBound), length: range.count, message, label: label,
        help: help))
  }
}
