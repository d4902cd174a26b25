import Testing

@testable import Runner

@Suite struct SwiftCommentTests {
  private func comments(_ code: String) -> [String] {
    let bytes = Array(code.utf8)
    return SwiftLexer.tokens(of: bytes).filter { $0.kind == .comment }
      .map { String(decoding: bytes[$0.bytes], as: UTF8.self) }.filter { $0.hasPrefix("//") }
  }

  @Test(arguments: [
    ("a // b\nc", ["// b"]), ("\"//\" // b", ["// b"]), ("\"\\\"//\" // b", ["// b"]),
    ("/* // a\n*/ // b", ["// b"]), ("/* /* */ // a */ // b", ["// b"]), ("/* // a", []),
    ("\"\"\"\n// a\n\"\"\" // b", ["// b"]), ("\"\"\"\n\" // a\n\\\"\"\"\n\"\"\" // b", ["// b"]),
    ("#\"\" // a\"# // b", ["// b"]), ("#\"\\\"# // b", ["// b"]),
    ("##\"\"# // a\"## // b", ["// b"]),
    ("\"\\(f(\")\") + g()) // a\" // b", ["// b"]), ("#\"\\#(x + \"//\") //\"# // b", ["// b"]),
    ("#\"\\(\" // b", []), ("\"\\(a // b\n)\"", ["// b"]), ("#/\"/# // b", ["// b"]),
    ("##/a/# \"/## // b", ["// b"]), ("\"open // a\n// b", ["// b"]), ("a / b // c", ["// c"]),
    ("\"\" // b", ["// b"]), ("\"\"\"\"\"\" // b", ["// b"]), ("", []), ("\\", []), ("\"\\", []),
    ("#/\\", []), ("#/a\n// b", ["// b"]), ("#/\n//a\n/# // b", ["// b"]),
  ])
  func `comments are told from strings and regexes`(code: String, found: [String]) {
    #expect(comments(code) == found)
  }
}
