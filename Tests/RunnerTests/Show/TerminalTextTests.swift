import Testing

@testable import Runner

@Suite struct TerminalTextTests {
  @Test(arguments: [
    ("plain\n\ttext é 字 🦉", "plain\n\ttext é 字 🦉"), ("\u{1B}[31m", "\\u{1B}[31m"),
    ("\u{9B}31m", "\\u{9B}31m"), ("a\rb\0", "a\\rb\\0"),
    ("\u{7}\u{8}\u{7F}", "\\u{7}\\u{8}\\u{7F}"),
    ("\u{202E}abc\u{2066}", "\\u{202E}abc\\u{2066}"), ("a\u{200B}b", "a\\u{200B}b"),
    ("a\u{2028}b", "a\\u{2028}b"), ("👩\u{200D}💻", "👩\u{200D}💻"), ("\r\n", "\\r\n"),
    ("\u{E0041}", "\\u{E0041}"), ("e\u{301}", "e\u{301}"),
  ])
  func `whatever could act is made visible`(text: String, escaped: String) {
    #expect(Array(TerminalText.escaped(text).utf8) == Array(escaped.utf8))
  }

  @Test func `bytes that aren't UTF-8 show their values`() {
    #expect(TerminalText.escaped([0x61, 0xFF, 0x62, 0xC3]) == "a\\xFFb\\xC3")
  }

  @Test(arguments: [
    ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("字", 2), ("한", 2), ("🦉", 2), ("👩\u{200D}💻", 2),
    ("❤\u{FE0F}", 2),
    ("Ω", 1), ("ｱ", 1), ("Ａ", 2),
  ])
  func `widths are what terminals use`(text: String, width: Int) {
    #expect(TerminalText.width(of: text) == width)
  }
}
