import Testing

@testable import Runner

@Suite struct SwiftScannerTests {
  private func comments(_ code: String) -> [String] {
    let bytes = Array(code.utf8)
    return SwiftScanner(bytes).lineComments.map { String(decoding: bytes[$0], as: UTF8.self) }
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

  @Test func `words after a hash are found outside of strings`() {
    let bytes = Array("#if a\n\"#x\" /* #y */ // #z\n #sourceLocation()".utf8)
    let words = SwiftScanner(bytes).directives.map { String(decoding: bytes[$0], as: UTF8.self) }
    #expect(words == ["#if", "#sourceLocation"])
  }
}
