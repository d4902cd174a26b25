import Testing

@testable import Runner

@Suite struct HTMLTests {
  @Test func `what is interpolated never becomes a tag or leaves an attribute`() {
    let text = "<script>\"'&"
    let html: HTML = "<p title=\"\(text)\">\(text)</p>"
    let escaped = "&lt;script&gt;&quot;&#39;&amp;"
    #expect(html.text == "<p title=\"\(escaped)\">\(escaped)</p>")
  }

  @Test func `markup inside markup isn't escaped twice`() {
    let inner: HTML = "<b>\("1 < 2")</b>"
    #expect(("<p>\(inner)</p>" as HTML).text == "<p><b>1 &lt; 2</b></p>")
  }

  @Test(arguments: ["\u{0}", "\u{1B}", "\r", "\u{7F}", "\u{85}", "\u{9B}"])
  func `controls, for which HTML has no place, become replacement characters`(control: String) {
    #expect(HTML.escaped("a\(control)é字🦉") == "a\u{FFFD}é字🦉")
  }

  @Test func `line feeds and tabs stay`() {
    #expect(HTML.escaped("a\n\tb") == "a\n\tb")
  }
}
