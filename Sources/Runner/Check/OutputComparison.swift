/// Compares what a cell printed with what its lesson promises, line by line and byte by byte.
///
/// Swift's `==` equates composed and decomposed letters and takes CRLF for one character, so nothing here
/// compares strings.
package struct OutputComparison {
  /// One promised line and where it stands in the Markdown file.
  package struct Line: Sendable {
    package var bytes: [UInt8]
    package var position: SourcePosition

    package init(bytes: [UInt8], position: SourcePosition) {
      self.bytes = bytes
      self.position = position
    }

    /// `...` alone stands for any number of lines, none included.
    var isEllipsis: Bool { bytes == [0x2E, 0x2E, 0x2E] }
  }

  private let expected: [Line]
  private let actual: [[UInt8]]
  /// Where a promise that names no line is reported: after its last line.
  private let end: SourcePosition
  private var matcher: LineMatcher

  private init(expected: [Line], actual: [[UInt8]], end: SourcePosition, tolerance: NumberTolerance)
  {
    self.expected = expected
    self.actual = actual
    self.end = end
    matcher = LineMatcher(tolerance: tolerance)
  }

  /// Returns a text's lines; a missing line feed at its end doesn't matter.
  package static func lines(of bytes: [UInt8]) -> [[UInt8]] {
    guard !bytes.isEmpty else { return [] }
    var lines = bytes.split(separator: Ascii.lineFeed, omittingEmptySubsequences: false)
      .map(Array.init)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  /// Returns the first difference between an expectation and a text, or nil where it is met.
  package static func difference(
    _ expected: ExpectedText, _ actual: [UInt8], tolerance: NumberTolerance = NumberTolerance()
  ) -> OutputDifference? {
    let end = SourcePosition(line: expected.firstLine + expected.lineCount)
    var comparison = OutputComparison(
      expected: expected.lines, actual: lines(of: actual), end: end, tolerance: tolerance)
    return comparison.differenceOfAll()
  }

  /// Returns the first claim that doesn't occur among the printed lines after those before it.
  package static func difference(
    _ claims: [PrintsClaim], _ actual: [UInt8], tolerance: NumberTolerance = NumberTolerance()
  ) -> OutputDifference? {
    var next = 0
    let actual = lines(of: actual)
    for claim in claims {
      let position = SourcePosition(line: claim.line)
      let wanted = claim.text.utf8.split(
        separator: Ascii.lineFeed, omittingEmptySubsequences: false
      ).map { Line(bytes: Array($0), position: position) }
      var comparison = OutputComparison(
        expected: wanted, actual: actual, end: position, tolerance: tolerance)
      guard let found = comparison.find(wanted.indices, from: next).start else {
        return comparison.missingClaim(after: next)
      }
      next = found + wanted.count
    }
    return nil
  }

  /// Where two texts part: the indices of the lines that should have matched.
  private struct Parting {
    var expected: Int
    var actual: Int
  }

  private mutating func differenceOfAll() -> OutputDifference? {
    guard let parting = parting() else { return nil }
    var builder = DifferenceBuilder(expected: expected, actual: actual, end: end, matcher: matcher)
    return builder.difference(atExpected: parting.expected, actual: parting.actual)
  }

  private mutating func parting() -> Parting? {
    let runs = runs()
    guard let first = runs.first, let last = runs.last else { return nil }
    // The first run stands at the beginning and the last one at the end; those between wherever they
    // first fit, which leaves the most room to the rest.
    if let parting = mismatch(first, at: 0) { return parting }
    if runs.count == 1 {
      return actual.count == first.count
        ? nil : Parting(expected: first.upperBound, actual: first.count)
    }
    var position = first.count
    for run in runs.dropFirst().dropLast() {
      let found = find(run, from: position)
      guard let start = found.start else { return found.nearest }
      position = start + run.count
    }
    let tail = actual.count - last.count
    if tail >= position { return mismatch(last, at: tail) }
    return find(last, from: position).nearest
  }

  /// Returns the runs of promised lines between `...` lines, at least one.
  private func runs() -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var start = 0
    for (index, line) in expected.enumerated() where line.isEllipsis {
      runs.append(start..<index)
      start = index + 1
    }
    return runs + [start..<expected.count]
  }

  private mutating func mismatch(_ run: Range<Int>, at start: Int) -> Parting? {
    for (offset, index) in run.enumerated() {
      let line = start + offset
      guard line < actual.count, matcher.matches(expected[index].bytes, actual[line]) else {
        return Parting(expected: index, actual: min(line, actual.count))
      }
    }
    return nil
  }

  /// Returns the first place where a run fits, or else where it fits furthest.
  private mutating func find(
    _ run: Range<Int>, from first: Int
  ) -> (start: Int?, nearest: Parting) {
    var nearest = Parting(expected: run.lowerBound, actual: min(first, actual.count))
    var start = first
    while start + run.count <= actual.count, !matcher.isExhausted {
      guard let parting = mismatch(run, at: start) else { return (start, nearest) }
      if parting.expected > nearest.expected { nearest = parting }
      start += 1
    }
    return (nil, nearest)
  }

  private mutating func missingClaim(after next: Int) -> OutputDifference {
    var builder = DifferenceBuilder(expected: expected, actual: actual, end: end, matcher: matcher)
    return builder.missingClaim(after: next)
  }
}

extension ExpectedText {
  /// How many lines are promised.
  package var lineCount: Int { lines.count }

  /// The promised lines and where they stand.
  package var lines: [OutputComparison.Line] {
    OutputComparison.lines(of: Array(text.utf8)).enumerated().map { index, bytes in
      let position =
        index < lineStarts.count
        ? lineStarts[index] : SourcePosition(line: firstLine + index, column: 1)
      return OutputComparison.Line(bytes: bytes, position: position)
    }
  }
}
