import LessonKit
import Testing

@testable import Runner

@Suite struct LessonPageTests {
  @Test func `nothing that a lesson or a cell says becomes a tag`() throws {
    let hostile = "<img src=x onerror=alert(1)>"
    var outcome = PageCase.printing(hostile)
    outcome.stderr = Array(hostile.utf8)
    let page = try PageCase(
      "# \(hostile)\n\n\(hostile)\n\n<script>\nalert(1)\n</script>\n\n```swift\n// \(hostile)\n```\n",
      outcomes: [outcome])
    #expect(!page.html.contains("<img"))
    #expect(!page.main.contains("<script"))
    #expect(page.main.contains("&lt;img src=x onerror=alert(1)&gt;"))
  }

  @Test func `a page forbids itself everything but its own files`() throws {
    let html = try PageCase("# A\n").html
    #expect(html.contains("default-src &#39;none&#39;; script-src &#39;self&#39;"))
    #expect(!html.contains("http://") && !html.contains("https://"))
    #expect(!html.contains("onclick") && !html.contains("<script>"))
  }

  @Test func `a cell that prints as promised says so, and shows what it really printed`() throws {
    let page = try PageCase(
      "# A\n\n```swift\nprint(0.12345)\n```\n\n```output\n0.123\n```\n",
      outcomes: [PageCase.printing("0.12345\n")])
    #expect(page.main.contains("as expected"))
    #expect(page.main.contains("<samp>0.12345</samp>"))
    #expect(page.main.contains("1 / 1"))
  }

  @Test func `a cell that differs shows both lines`() throws {
    let page = try PageCase(
      "# A\n\n```swift\nprint(1)\n```\n\n```output\n2\n```\n", outcomes: [PageCase.printing("1\n")])
    #expect(page.main.contains("<del>- 2</del>"))
    #expect(page.main.contains("<ins>+ 1</ins>"))
    #expect(page.main.contains("class=\"cell is-fail\" id=\"c-cell-1\""))
  }

  @Test func `an exercise shows what it asks for and not that its starter fails`() throws {
    let page = try PageCase(
      "# A\n\n```swift exercise\nprint(1)\n```\n\n```output\n2\n```\n\n```swift solution\nprint(2)\n```\n",
      outcomes: [PageCase.printing("1\n"), PageCase.printing("2\n")])
    #expect(page.main.contains("is-exercise"))
    #expect(page.main.contains("Should print"))
    #expect(!page.main.contains("output-mismatch"))
    #expect(page.main.contains("<details class=\"fold\"><summary>Solution</summary>"))
  }

  @Test func `a long output is cut, and the rest is there`() throws {
    let lines = (1...60).map { "line \($0)\n" }.joined()
    let page = try PageCase(
      "# A\n\n```swift nondeterministic\nrun()\n```\n", outcomes: [PageCase.printing(lines)])
    #expect(page.main.contains("Show all: 60 lines"))
    #expect(page.main.contains("line 60</samp>"))
  }

  @Test func `headings with the same text, and those named like cells, get ids of their own`()
    throws
  {
    let page = try PageCase("# A\n\n## cell-1\n\n## cell-1\n\n```swift\nlet a = 1\n```\n")
    #expect(page.main.contains("id=\"h-cell-1\""))
    #expect(page.main.contains("id=\"h-cell-1-2\""))
    #expect(page.main.contains("id=\"c-cell-1\""))
  }

  @Test func `details fold, and answers with ✓ and ✗ in a row are a quiz`() throws {
    let page = try PageCase(
      """
      # A

      <details><summary>Hint</summary>

      Think.

      </details>

      Which?

      <details><summary>One</summary>

      ✗ No.

      </details>

      <details><summary>Two</summary>

      ✓ Yes.

      </details>

      """)
    #expect(page.main.contains("<details class=\"fold\"><summary>Hint</summary>"))
    #expect(page.main.contains("class=\"answer is-wrong\""))
    #expect(page.main.contains("class=\"answer is-right\""))
    #expect(page.messages.isEmpty)
  }

  @Test func `a figure has its number, its description and its data, and links lead to it`() throws
  {
    var outcome = CellOutcome(.completed)
    outcome.displays = [.figure(SampleFigures.all[0])]
    let page = try PageCase(
      "# A\n\nSee [figure #](#fig-plot).\n\n```swift id=plot\ndraw()\n```\n", outcomes: [outcome])
    #expect(page.main.contains("<a href=\"#fig-plot\">figure 1.1</a>"))
    #expect(page.main.contains("id=\"fig-plot\""))
    #expect(page.main.contains("<desc id=\"fig-plot-d\">It rises.</desc>"))
    #expect(page.main.contains("Data of this figure"))
    #expect(page.messages.isEmpty)
  }

  @Test func `a Chinese lesson's page speaks Chinese`() throws {
    let html = try PageCase("# 损失\n\n正文。\n", path: "Lessons/zh/01-case.md").html
    #expect(html.contains("<html lang=\"zh-Hans\">"))
    #expect(html.contains("目录"))
    #expect(html.contains("href=\"../assets/style.css\""))
  }

  @Test func `a line's end between Chinese characters is no blank`() throws {
    let page = try PageCase("# A\n\n衡量\n方向，\n**而**\n不是 a\n长度\n")
    #expect(page.main.contains("<p>衡量方向，<strong>而</strong>不是 a\n长度</p>"))
  }

  @Test func `a parameter's other values are on the page, and only where they change something`()
    throws
  {
    var page = try PageCase(
      "# A\n\n```swift values=1|2\nlet rate = 1\n```\n\n```swift\nprint(rate)\n```\n\n```swift\nprint(0)\n```\n",
      outcomes: ["", "1\n", "0\n"].map(PageCase.printing))
    let lesson = try #require(page.page.lesson)
    let parameter = try #require(lesson.parameter)
    let changed = lesson.withParameter(parameter, at: "2")
    #expect(changed.cells[0].source == "let rate = 2\n")
    let cells = zip(changed.cells, ["", "2\n", "0\n"]).map {
      CellReport(cell: $0, outcome: PageCase.printing($1))
    }
    page.page.variants = [PageVariant(value: "2", cells: cells)]
    #expect(page.main.contains("class=\"choose-v1\" value=\"2\""))
    #expect(page.main.contains("<div class=\"variant v1\">"))
    #expect(page.main.split(separator: "rate = 2</p>").count == 2)
  }
}
