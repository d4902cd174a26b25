/// Holds one printed line against one promised line.
struct LineMatcher {
  /// The most steps that wildcards may cost in one comparison; 20 million take well under a second.
  static let stepLimit = 20_000_000

  let tolerance: NumberTolerance
  private(set) var steps = 0

  var isExhausted: Bool { steps > Self.stepLimit }

  init(tolerance: NumberTolerance) {
    self.tolerance = tolerance
  }

  mutating func matches(_ expected: [UInt8], _ actual: [UInt8]) -> Bool {
    steps += 1
    if expected == actual { return true }
    let parts = Self.parts(of: expected)
    if parts.count > 1 { return matches(parts, of: expected, actual) }
    guard let pairs = numberPairs(expected, actual) else { return false }
    return pairs.allSatisfy { accepts($0, expected, actual) }
  }

  /// Two numbers at the same place of two lines.
  struct Pair {
    var expected: NumberToken
    var actual: NumberToken
  }

  func accepts(_ pair: Pair, _ expected: [UInt8], _ actual: [UInt8]) -> Bool {
    let sameText = expected[pair.expected.range] == actual[pair.actual.range]
    return tolerance.accepts(pair.actual, for: pair.expected, sameText: sameText)
  }

  /// Returns the numbers of two lines whose other text is the same, or nil where it isn't.
  mutating func numberPairs(_ expected: [UInt8], _ actual: [UInt8]) -> [Pair]? {
    steps += expected.count + actual.count
    let wanted = NumberToken.all(in: expected)
    let got = NumberToken.all(in: actual)
    guard wanted.count == got.count else { return nil }
    var (last, lastActual) = (0, 0)
    for (a, b) in zip(wanted, got) {
      guard expected[last..<a.range.lowerBound] == actual[lastActual..<b.range.lowerBound] else {
        return nil
      }
      (last, lastActual) = (a.range.upperBound, b.range.upperBound)
    }
    guard expected[last...] == actual[lastActual...] else { return nil }
    return zip(wanted, got).map(Pair.init)
  }

  private static let wildcard = Array("[..]".utf8)

  /// Returns what stands between the `[..]` of a line.
  private static func parts(of line: [UInt8]) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var start = 0
    var offset = 0
    while offset + 4 <= line.count {
      if line[offset..<(offset + 4)].elementsEqual(wildcard) {
        parts.append(start..<offset)
        offset += 4
        start = offset
      } else {
        offset += 1
      }
    }
    return parts + [start..<line.count]
  }

  /// Matches the parts from left to right, each at the first place where it fits.
  ///
  /// A part that fits further left never rules out a later one, so nothing is tried twice and many
  /// wildcards cost no more than few.
  private mutating func matches(
    _ parts: [Range<Int>], of expected: [UInt8], _ actual: [UInt8]
  ) -> Bool {
    // A number beside a wildcard is only a part of one: `0.[..]`.
    let numbers = NumberToken.all(in: expected).filter { token in
      !parts.contains { part in
        (part.lowerBound > 0 && token.range.lowerBound == part.lowerBound)
          || (part.upperBound < expected.count && token.range.upperBound == part.upperBound)
      }
    }
    let lines = Lines(
      expected: expected, actual: actual,
      wanted: Dictionary(uniqueKeysWithValues: numbers.map { ($0.range.lowerBound, $0) }),
      got: Dictionary(
        uniqueKeysWithValues: NumberToken.all(in: actual).map { ($0.range.lowerBound, $0) }))
    guard let first = parts.first, let last = parts.last,
      var position = end(of: first, at: 0, in: lines)
    else { return false }
    for part in parts.dropFirst().dropLast() {
      var found: Int?
      var start = position
      while found == nil, start <= actual.count, !isExhausted {
        found = end(of: part, at: start, in: lines)
        start += 1
      }
      guard let found else { return false }
      position = found
    }
    while position <= actual.count, !isExhausted {
      if end(of: last, at: position, in: lines) == actual.count { return true }
      position += 1
    }
    return false
  }

  private struct Lines {
    var expected: [UInt8]
    var actual: [UInt8]
    /// Numbers by where they begin.
    var wanted: [Int: NumberToken]
    var got: [Int: NumberToken]
  }

  /// Returns where a part ends that fits at a place, or nil where it doesn't fit.
  private mutating func end(of part: Range<Int>, at start: Int, in lines: Lines) -> Int? {
    var offset = part.lowerBound
    var position = start
    while offset < part.upperBound {
      steps += 1
      // Where the numbers differ, their bytes may still do: `0.` begins every `0.123`.
      if let wanted = lines.wanted[offset], let got = lines.got[position],
        accepts(Pair(expected: wanted, actual: got), lines.expected, lines.actual)
      {
        offset = wanted.range.upperBound
        position = got.range.upperBound
      } else {
        guard position < lines.actual.count, lines.expected[offset] == lines.actual[position] else {
          return nil
        }
        offset += 1
        position += 1
      }
    }
    return position
  }
}
