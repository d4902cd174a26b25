import Testing

@testable import Runner

@Suite struct LineBreakerTests {
  private func lines(_ runs: [TextRun], _ width: Int) -> [String] {
    LineBreaker.lines(runs, width: width).map { $0.map(\.text).joined() }
  }

  @Test(arguments: [
    ("one two three", 8, ["one two", "three"]), ("one  two", 4, ["one", "two"]),
    ("abcdefgh", 3, ["abc", "def", "gh"]), ("well-known fact", 6, ["well-", "known", "fact"]),
    ("x-1 y-2", 4, ["x-1", "y-2"]), ("", 4, []), ("a\nb", 4, ["a", "b"]),
    ("向量方向。长度", 8, ["向量方", "向。长度"]), ("向量“方向”", 6, ["向量", "“方向”"]),
    ("mixed混排", 6, ["mixed", "混排"]), ("a b", 1, ["a", "b"]),
  ])
  func `lines break where a reader expects it`(text: String, width: Int, expected: [String]) {
    #expect(lines([TextRun(text)], width) == expected)
  }

  @Test func `marks and notes stay with what they belong to`() {
    let note = [TextRun("向量"), TextRun("[1]", isUnbroken: true, with: .previous), TextRun("方向")]
    #expect(lines(note, 6) == ["向", "量[1]", "方向"])
    let marks = [
      TextRun("向"), TextRun("*", isUnbroken: true, with: .next), TextRun("方"),
      TextRun("*", isUnbroken: true, with: .previous),
    ]
    #expect(lines(marks, 4) == ["向", "*方*"])
  }

  @Test func `a formula stays whole where a line can hold it`() {
    let runs = [TextRun("the sum "), TextRun("a + b", isUnbroken: true), TextRun(" is c")]
    #expect(lines(runs, 11) == ["the sum", "a + b is c"])
    #expect(
      lines([TextRun("a + b + c", isUnbroken: true)], 4) == ["a + ", "b + ", "c"].map(\.trimmed))
  }
}

extension String {
  fileprivate var trimmed: String { String(reversed().drop { $0 == " " }.reversed()) }
}
