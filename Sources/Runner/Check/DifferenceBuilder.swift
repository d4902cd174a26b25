/// Describes where promised and printed lines part.
struct DifferenceBuilder {
  let expected: [OutputComparison.Line]
  let actual: [[UInt8]]
  let end: SourcePosition
  var matcher: LineMatcher

  /// How many lines an excerpt shows before the difference, and how many pairs from it on.
  private static let before = 2
  private static let after = 3
  /// How far to look for the line from which both texts go on together.
  private static let lookAhead = 20

  mutating func difference(atExpected index: Int, actual line: Int) -> OutputDifference {
    let promised = promisedLine(index)
    let printed = line < actual.count ? actual[line] : nil
    var difference = OutputDifference(
      kind: kind(index, line), position: promised?.position ?? end,
      expected: promised.map { text($0.bytes) }, actual: printed.map { text($0) },
      actualLine: line + 1, excerpt: excerpt(index, line))
    if difference.kind == .number { difference.worst = worst(from: index, line) }
    return difference
  }

  mutating func missingClaim(after next: Int) -> OutputDifference {
    let excerpt =
      actual.dropFirst(max(next - Self.before, 0)).prefix(min(next, Self.before))
      .map { OutputDifference.Line.same(text($0)) }
      + expected.map { .expected(text($0.bytes)) }
      + actual.dropFirst(next).prefix(Self.after).map { .actual(text($0)) }
    let wanted = expected.map { text($0.bytes) }.joined(separator: "\n")
    // The nearest line is the one that differs in numbers alone, where there is one.
    var near: Int?
    if let first = expected.first {
      near = (next..<max(next, actual.count)).first { index in
        matcher.numberPairs(first.bytes, actual[index])?.isEmpty == false
      }
    }
    var difference = OutputDifference(
      kind: matcher.isExhausted ? .tooManyWildcards : .missingClaim,
      position: expected.first?.position ?? end, expected: wanted,
      actual: near.map { text(actual[$0]) },
      actualLine: (near ?? next) + 1, excerpt: Array(excerpt))
    if let near, expected.count == 1 {
      difference.worst = worst(of: [(expected[0], actual[near])])
    }
    return difference
  }

  private func promisedLine(_ index: Int) -> OutputComparison.Line? {
    index < expected.count && !expected[index].isEllipsis ? expected[index] : nil
  }

  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private mutating func kind(_ index: Int, _ line: Int) -> OutputDifference.Kind {
    if matcher.isExhausted { return .tooManyWildcards }
    guard let wanted = promisedLine(index)?.bytes else { return .extraLines }
    guard line < actual.count else { return .missingLines }
    let got = actual[line]
    if LessonLimits.firstInvalidByte(got) != nil { return .invalidUTF8 }
    if got.contains(0), !wanted.contains(0) { return .nul }
    if got.filter({ $0 != Ascii.carriageReturn }) == wanted { return .carriageReturn }
    if String(decoding: wanted, as: UTF8.self) == String(decoding: got, as: UTF8.self) {
      return .normalization
    }
    if trimmed(wanted) == trimmed(got) { return .trailingBlanks }
    if matcher.numberPairs(wanted, got)?.isEmpty == false { return .number }
    if resumes(expectedFrom: index, actualFrom: line + 1, skipping: actual.count) {
      return .extraLines
    }
    for skipped in 1...Self.lookAhead {
      guard let next = promisedLine(index + skipped) else { break }
      if matcher.matches(next.bytes, got) { return .missingLines }
    }
    return .text
  }

  /// Returns whether a promised line and the one after it are found a few printed lines further on.
  private mutating func resumes(
    expectedFrom index: Int, actualFrom line: Int, skipping limit: Int
  ) -> Bool {
    for start in line..<max(line, min(line + Self.lookAhead, actual.count)) {
      guard matcher.matches(expected[index].bytes, actual[start]) else { continue }
      guard let next = promisedLine(index + 1) else { return true }
      if start + 1 < actual.count, matcher.matches(next.bytes, actual[start + 1]) { return true }
    }
    return false
  }

  private func trimmed(_ line: [UInt8]) -> [UInt8] {
    Array(line.reversed().drop(while: Ascii.isBlank).reversed())
  }

  private mutating func excerpt(_ index: Int, _ line: Int) -> [OutputDifference.Line] {
    var excerpt = actual[max(line - Self.before, 0)..<line].map {
      OutputDifference.Line.same(text($0))
    }
    var pending: [OutputDifference.Line] = []
    for offset in 0..<Self.after {
      let wanted = promisedLine(index + offset)
      let got = line + offset < actual.count ? actual[line + offset] : nil
      if let wanted, let got, matcher.matches(wanted.bytes, got) {
        excerpt += pending + [.same(text(got))]
        pending = []
        continue
      }
      if let wanted {
        // Promised lines come before printed ones in each run.
        let place = pending.firstIndex { if case .actual = $0 { true } else { false } }
        pending.insert(.expected(text(wanted.bytes)), at: place ?? pending.count)
      }
      if let got { pending.append(.actual(text(got))) }
      // From a `...` on, promised and printed lines no longer stand side by side.
      if index + offset < expected.count, expected[index + offset].isEllipsis { break }
    }
    return excerpt + pending
  }

  /// Returns the number that is furthest off, in all lines that stand side by side.
  private mutating func worst(from index: Int, _ line: Int) -> OutputDifference.NumberPair? {
    let isPlain = !expected.contains(where: \.isEllipsis) && expected.count == actual.count
    let lines = isPlain ? Array(zip(expected, actual)) : [(expected[index], actual[line])]
    return worst(of: lines)
  }

  private mutating func worst(
    of lines: [(OutputComparison.Line, [UInt8])]
  ) -> OutputDifference.NumberPair? {
    var worst: OutputDifference.NumberPair?
    for (wanted, got) in lines where wanted.bytes != got {
      for pair in matcher.numberPairs(wanted.bytes, got) ?? [] {
        guard !matcher.accepts(pair, wanted.bytes, got) else { continue }
        let expected = pair.expected.value
        let actual = pair.actual.value
        let distance = abs(actual - expected)
        let isFinite = expected.isFinite && actual.isFinite
        let error = !isFinite ? .nan : expected == 0 ? .infinity : distance / abs(expected)
        guard worst.map({ isWorse(error, than: $0.relativeError) }) ?? true else { continue }
        let column = wanted.position.column + pair.expected.range.lowerBound
        worst = OutputDifference.NumberPair(
          expected: text(Array(wanted.bytes[pair.expected.range])),
          actual: text(Array(got[pair.actual.range])), relativeError: error,
          position: SourcePosition(line: wanted.position.line, column: column))
      }
    }
    return worst
  }

  /// A NaN is further off than any number.
  private func isWorse(_ error: Double, than other: Double) -> Bool {
    !other.isNaN && (error.isNaN || error > other)
  }
}
