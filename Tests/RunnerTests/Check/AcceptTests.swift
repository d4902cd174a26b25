import Testing

@testable import Runner

@Suite struct AcceptTests {
  /// Returns the new text of a lesson whose cells printed these texts, and the refusals.
  private func accepted(
    _ text: String, _ outputs: CellOutcome...
  ) throws -> (text: String, rewritten: [String], refusals: [String]) {
    let lesson = try CheckSupport.lesson(text)
    let outcomes = Dictionary(uniqueKeysWithValues: outputs.enumerated().map { ($0, $1) })
    let result = Accept.rewriting(lesson, outcomes: outcomes)
    return (
      String(decoding: result.bytes, as: UTF8.self), result.rewritten,
      result.refusals.map(\.message)
    )
  }

  private func printed(_ text: String) -> CellOutcome { CheckSupport.outcome(.completed, text) }

  @Test(arguments: [
    ("1\n", "2\n", "2\n"), ("", "1\n2\n", "1\n2\n"), ("1\n2\n", "", ""),
    ("a\n...\nb\n", "a\nx\ny\nc\n", "a\n...\nc\n"), ("a [..]\nb\n", "a 1\nc\n", "a [..]\nc\n"),
    ("0.50\nx\n", "0.501\ny\n", "0.50\ny\n"), ("a\nb\nc\n", "a\nc\n", "a\nc\n"),
    ("a\nc\n", "a\nb\nc\n", "a\nb\nc\n"), ("a\n...\n", "b\nc\n", "b\n...\n"), ("a\n", "b", "b\n"),
    ("...\na\n", "b\n", "...\nb\n"),
  ])
  func `only lines that no longer match are rewritten`(
    old: String, output: String, new: String
  ) throws {
    func lesson(_ text: String) -> String {
      "Before.\n\n```swift\n```\n\n```output\n\(text)```\nAfter.\n"
    }
    let result = try accepted(lesson(old), printed(output))
    #expect(result.text == lesson(new))
    #expect(result.rewritten == ["cell-1"])
    #expect(result.refusals == [])
  }

  @Test func `a promise that is met stays byte for byte`() throws {
    let text = "```swift\n```\n```output\n0.50\n```"
    let result = try accepted(text, printed("0.5004"))
    #expect(result.text == text)
    #expect(result.rewritten == [])
  }

  @Test func `containers, line ends and other cells are kept`() throws {
    let text =
      "\u{FEFF}- ```swift\r\n  ```\r\n\r\n  ```output\r\n  old\r\n  ```\r\n\r\n> ~~~swift\r\n> ~~~\r\n"
      + "> ~~~output\r\n> a\r\n>\r\n> b\r\n> ~~~\r\n"
    let result = try accepted(text, printed("new\n\n  indented\n"), printed("a\n\nc\n\nd\n"))
    #expect(
      result.text
        == "\u{FEFF}- ```swift\r\n  ```\r\n\r\n  ```output\r\n  new\r\n\r\n    indented\r\n  ```\r\n\r\n"
        + "> ~~~swift\r\n> ~~~\r\n> ~~~output\r\n> a\r\n>\r\n> c\r\n>\r\n> d\r\n> ~~~\r\n")
    #expect(result.rewritten == ["cell-1", "cell-2"])
  }

  @Test func `the words of promised failures are rewritten`() throws {
    let text = "```swift traps\n```\n```diagnostics\nold\n```\n```output\n1\n```\n"
    let result = try accepted(text, CheckSupport.outcome(.trapped(message: "new"), "2\n"))
    #expect(result.text == "```swift traps\n```\n```diagnostics\nnew\n```\n```output\n2\n```\n")
  }

  @Test(arguments: [
    ("```\n", "line 1 that it printed would close the fence; make the fence longer"),
    ("a\n   ````  \n", "line 2 that it printed would close the fence; make the fence longer"),
    ("a\r\n", "it printed the control character 0x0D, which no reader would see"),
    ("\0", "it printed the control character 0x00, which no reader would see"),
  ])
  func `what a fence can't hold is refused`(output: String, reason: String) throws {
    let text = "```swift\n```\n```output\n1\n```\n"
    let result = try accepted(text, printed(output))
    #expect(result.text == text)
    #expect(result.refusals == ["what cell 'cell-1' printed can't be accepted: \(reason)"])
  }

  @Test func `marks that don't close the fence are accepted`() throws {
    let text = "~~~swift\n~~~\n~~~~output\n1\n~~~~\n"
    let result = try accepted(text, printed("```\n~~~\n    ~~~~\n"))
    #expect(result.text == "~~~swift\n~~~\n~~~~output\n```\n~~~\n    ~~~~\n~~~~\n")
  }

  @Test func `a cell that failed is refused while others are rewritten`() throws {
    let cell = "```swift\n```\n```output\n1\n```\n"
    let result = try accepted(
      cell + "\n" + cell, CheckSupport.outcome(.trapped(message: "x"), "2\n"), printed("2\n"))
    #expect(result.text == cell + "\n" + cell.replacing("1", with: "2"))
    #expect(
      result.refusals == [
        "what cell 'cell-1' printed can't be accepted: it didn't end as promised (runtime-trap)"
      ])
  }

  @Test func `an exercise's check is rewritten by its solution, never by its starter`() throws {
    let text = "```swift exercise\n```\n```output\n1\n```\n```swift solution\n```\n"
    let result = try accepted(text, printed("0\n"), printed("2\n"))
    #expect(result.text == text.replacing("1", with: "2"))
    #expect(result.rewritten == ["cell-2"])
  }
}
