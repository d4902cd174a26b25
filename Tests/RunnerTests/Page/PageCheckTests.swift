import Testing

@testable import Runner

@Suite struct PageCheckTests {
  @Test(arguments: [
    (
      "[a](#nothing)",
      "the link '#nothing' leads nowhere: no heading, cell, equation or figure has this name"
    ),
    (
      "[a](javascript:alert(1))",
      "the link 'javascript:alert(1)' is none of http:, https:, mailto: or a path"
    ),
    ("[a](02-other.md)", "the link '02-other.md' leads to no lesson of this site"),
    ("[a](/etc/passwd)", "the link '/etc/passwd' leads to no lesson of this site"),
    ("![](a.png)", "the image has no description for those who can't see it"),
    ("<details><summary>a</summary>", "nothing closes the <details> that begins here"),
    ("</details>", "this </details> closes nothing"),
  ])
  func `what would be broken on a page is an error`(text: String, message: String) throws {
    #expect(try PageCase("# A\n\n\(text)\n").messages.contains(message))
  }

  @Test func `a refused address is text on the page`() throws {
    let page = try PageCase("# A\n\n[a](javascript:alert(1)) [b](data:text/html,x)\n")
    #expect(page.main.contains("<p>a b</p>"))
  }

  @Test func `an address on the page has nothing in it that has no place in one`() throws {
    let page = try PageCase("# A\n\n<https://example.com/?a=[b]&c=`字\\>\n")
    #expect(page.main.contains("href=\"https://example.com/?a=%5Bb%5D&amp;c=%60%E5%AD%97%5C\""))
  }

  @Test(arguments: [
    "[a](#a-title)", "[a](#cell-1)", "[a](https://example.com/)", "[a](01-case.md#b)",
  ])
  func `links to what is there are fine`(text: String) throws {
    let page = try PageCase("# A title\n\n\(text)\n\n```swift\nlet a = 1\n```\n")
    #expect(page.messages.isEmpty)
  }

  @Test func `links to figures of a cell that failed are no second error`() throws {
    let text =
      "# A\n\n[a](#fig-plot) [b](#fig-plot-2) [c](#fig-other)\n\n"
      + "```swift id=plot\ndraw()\n```\n"
    let failed = try PageCase(text, outcomes: [CellOutcome(.trapped(message: "no"))])
    #expect(failed.messages.map { $0.prefix(21) } == ["the link '#fig-other'"])
    #expect(try PageCase(text).messages.count == 3)
  }

  @Test func `a name that two equations have is an error`() throws {
    let page = try PageCase("# A\n\n```math eq-a\nx\n```\n\n```math eq-a\ny\n```\n")
    #expect(page.messages == ["the name 'eq-a' is already taken on this page"])
  }
}
