import Testing

@testable import Runner

@Suite struct OutputComparisonTests {
  private typealias Support = CheckSupport

  @Test(arguments: [
    ("", ""), ("a", "a\n"), ("a", "a"), ("a\nb", "a\nb\n"), ("a\n", "a\n\n"),
    ("...", ""), ("...", "a\nb\n"), ("a\n...", "a\n"), ("a\n...", "a\nb\nc\n"),
    ("...\nc", "a\nb\nc\n"),
    ("a\n...\nc", "a\nc\n"), ("a\n...\nc", "a\nc\nb\nc\n"), ("...\nb\n...", "a\nb\nb\nc\n"),
    ("...\na\nb\n...\nc", "a\na\nb\nc\n"), ("...\n...\na", "a\n"),
    ("[..]", "\n"), ("[..]", "anything"), ("a[..]c", "abc"), ("a[..]c", "ac"), ("a[..]c", "acbc"),
    ("[..]a[..]b", "xxaxxbxb"), ("x = 0.[..]", "x = 0.123"), ("[..] = 0.50", "x = 0.5004"),
    ("at 0x[..], 0.5", "at 0x7FFF, 0.501"), ("[..][..]", "a"), ("[..]é", "aé"),
  ])
  func `output that keeps its promise passes`(expected: String, actual: String) {
    #expect(Support.difference(expected, actual) == nil)
  }

  @Test(
    arguments: [
      ("", "a\n", .extraLines), ("a", "", .missingLines), ("a", "b\n", .text),
      ("a", "a\n\n", .extraLines),
      ("a\n", "a\n", .missingLines), ("a\n...\nc", "a\nb\n", .text),
      ("a\n...\na", "a\n", .missingLines),
      ("a\nb", "a\nx\nb\n", .extraLines), ("a\nx\nb", "a\nb\n", .missingLines),
      ("a[..]c", "ab", .text), ("a[..]bc[..]c", "abc", .text), ("a", "a ", .trailingBlanks),
      ("a", "a\r\n", .carriageReturn), ("ab", "a\rb", .carriageReturn), ("a", "a\0", .nul),
      ("é", "e\u{301}", .normalization), ("e\u{301}", "é", .normalization),
      ("Å", "\u{212B}", .normalization),
      ("...\na", "b\n", .text), ("a ...", "a b", .text),
    ] as [(String, String, OutputDifference.Kind)])
  func `each kind of difference is named`(
    expected: String, actual: String, kind: OutputDifference.Kind
  ) {
    #expect(Support.difference(expected, actual)?.kind == kind)
  }

  @Test func `invalid UTF-8 never matches the replacement character`() {
    #expect(Support.difference("\u{FFFD}", [0xFF])?.kind == .invalidUTF8)
  }

  @Test func `a difference shows the first differing line between its neighbours`() {
    let difference = Support.difference("a\nb\nc\nd\ne\nf", "a\nb\nc\nX\ne\nf\n")
    #expect(
      difference
        == OutputDifference(
          kind: .text, position: SourcePosition(line: 5), expected: "d", actual: "X", actualLine: 4,
          excerpt: [
            .same("b"), .same("c"), .expected("d"), .actual("X"), .same("e"), .same("f"),
          ]))
  }

  @Test func `neighbouring differences show promised lines before printed ones`() {
    #expect(
      Support.difference("a\nb\nc", "x\ny\nc\n")?.excerpt == [
        .expected("a"), .expected("b"), .actual("x"), .actual("y"), .same("c"),
      ])
  }

  @Test func `extra lines are reported behind the last promised one`() {
    let difference = Support.difference("a", "a\nb\nc\n")
    #expect(difference?.position == SourcePosition(line: 3))
    #expect(difference?.expected == nil)
    #expect(difference?.actual == "b")
    #expect(difference?.excerpt == [.same("a"), .actual("b"), .actual("c")])
  }

  @Test func `after an ellipsis the place that fits furthest is shown`() {
    let difference = Support.difference("...\nb\nc\nd\n...", "b\nb\nc\nx\nb\n")
    #expect(difference?.position == SourcePosition(line: 5))
    #expect(difference?.expected == "d")
    #expect(difference?.actual == "x")
  }

  @Test func `the worst number of the whole output is named`() {
    let difference = Support.difference("x = 1.00\ny = 2.00, 4.00", "x = 1.01\ny = 2.00, 5.00\n")
    #expect(difference?.kind == .number)
    #expect(difference?.position == SourcePosition(line: 2))
    #expect(
      difference?.worst
        == OutputDifference.NumberPair(
          expected: "4.00", actual: "5.00", relativeError: 0.25,
          position: SourcePosition(line: 3, column: 11)))
  }

  @Test func `a promised number's position counts what stands before its line in the file`() throws
  {
    let lesson = try Support.lesson("> - ```swift\n>   ```\n>   ```output\n>   x 0.5\n>   ```\n")
    let difference = OutputComparison.difference(
      try #require(lesson.cells.first?.expectedOutput), Array("x 0.7".utf8))
    #expect(difference?.position == SourcePosition(line: 4, column: 5))
    #expect(difference?.worst?.position == SourcePosition(line: 4, column: 7))
  }

  @Test func `many wildcards cost little`() {
    let line = String(repeating: "a[..]", count: 200) + "b"
    let text = String(repeating: "a", count: 5000)
    let lines = String(repeating: "...\na\n", count: 200) + "b"
    let many = String(repeating: "a\n", count: 2000)
    let time = ContinuousClock().measure {
      #expect(Support.difference(line, text) != nil)
      #expect(Support.difference(lines, many) != nil)
    }
    #expect(time < .seconds(10))
  }

  @Test func `wildcards that would cost too much are refused and named`() {
    // Each attempt fails at its very end only.
    let part = String(repeating: "a", count: 20_000) + "b"
    let text = String(repeating: "a", count: 200_000)
    #expect(Support.difference("[..]\(part)[..]", text)?.kind == .tooManyWildcards)
  }
}

@Suite struct PrintsClaimTests {
  private func difference(_ claims: [String], _ actual: String) -> OutputDifference? {
    OutputComparison.difference(
      claims.enumerated().map { PrintsClaim(text: $1, line: $0 + 1) }, Array(actual.utf8))
  }

  @Test(arguments: [
    ([], "a"), (["a"], "a\n"), (["a", "b"], "x\na\ny\nb\nz\n"), (["a", "a"], "a\na\n"),
    (["a\nb"], "x\na\nb\n"), (["0.5233"], "0.52331\n"), (["x [..]"], "x 3\n"), ([""], "\n"),
  ])
  func `claims occur in their order, with other lines between`(claims: [String], actual: String) {
    #expect(difference(claims, actual) == nil)
  }

  @Test(arguments: [
    (["a"], ""), (["a", "b"], "b\na\n"), (["a", "a"], "a\n"), (["a\nb"], "a\nx\nb\n"),
    (["a"], "ab\n"),
    (["é"], "e\u{301}\n"),
  ])
  func `a claim that doesn't occur is named`(claims: [String], actual: String) {
    #expect(difference(claims, actual)?.kind == .missingClaim)
  }

  @Test func `a claim that differs in its number shows the printed one`() {
    let found = difference(["a", "x = 0.50"], "a\ny = 0.50\nx = 0.75\n")
    #expect(found?.position == SourcePosition(line: 2))
    #expect(found?.actual == "x = 0.75")
    #expect(found?.actualLine == 3)
    #expect(found?.worst?.relativeError == 0.5)
  }
}
