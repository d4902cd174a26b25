import Testing

@testable import Runner

@Suite struct SwiftLexerTests {
  private func tokens(_ kind: SwiftToken.Kind, of code: String) -> [String] {
    let bytes = Array(code.utf8)
    return SwiftLexer.tokens(of: bytes).filter { $0.kind == kind }
      .map { String(decoding: bytes[$0.bytes], as: UTF8.self) }
  }

  @Test(arguments: [
    ("a // b\nc", ["// b"]), ("\"//\" // b", ["// b"]), ("\"\\\"//\" // b", ["// b"]),
    ("/* /* */ // a */ // b", ["/* /* */ // a */", "// b"]), ("/* // a", ["/* // a"]),
    ("\"\"\"\n// a\n\"\"\" // b", ["// b"]), ("\"\"\"\n\" // a\n\\\"\"\"\n\"\"\" // b", ["// b"]),
    ("#\"\" // a\"# // b", ["// b"]), ("#\"\\\"# // b", ["// b"]),
    ("##\"\"# // a\"## // b", ["// b"]), ("\"\\(f(\")\") + g()) // a\" // b", ["// b"]),
    ("#\"\\#(x + \"//\") //\"# // b", ["// b"]), ("#\"\\(\" // b", []),
    ("\"\\(a // b\n)\"", ["// b"]), ("#/\"/# // b", ["// b"]), ("##/a/# \"/## // b", ["// b"]),
    ("\"open // a\n// b", ["// b"]), ("\"open\\\n// b", ["// b"]), ("a / b // c", ["// c"]),
    ("\"\"\"\"\"\" // b", ["// b"]), ("#\"\"\"# // b", ["// b"]), ("#!/bin/x\na", ["#!/bin/x"]),
    ("", []), ("\\", []), ("\"\\", []), ("#/\\", []), ("#", []), ("/", []), ("\"\\(", []),
  ])
  func `comments are told from strings and regexes`(code: String, found: [String]) {
    #expect(tokens(.comment, of: code) == found)
  }

  @Test(arguments: [
    ("/a/", ["/a/"]), ("a / b / c", []), ("f(/a/)", ["/a/"]), ("x! / y / z", []),
    ("!/a/.x", ["/a/"]), ("return /[\\/]/", ["/[\\/]/"]), ("(/ a/)", []), ("(/a /)", []),
    ("(/a)/", []), ("#/ a\n/#", []), ("#/\n a\n/#", ["#/\n a\n/#"]), ("x!/y/z", []),
  ])
  func `a slash opens a regex only where an expression begins`(code: String, found: [String]) {
    #expect(tokens(.regex, of: code) == found)
  }

  @Test func `strings inside interpolations inside strings end where they should`() {
    let code = #""a\(b("c\(d)e"))f" + g"#
    #expect(tokens(.string, of: code) == ["\"a", "\"c", "e\"", "f\""])
  }

  @Test func `words after a hash are found outside of strings`() {
    let code = "#if a\n\"#x\" /* #y */ // #z\n #sourceLocation()"
    #expect(tokens(.directive, of: code) == ["#if"])
    #expect(tokens(.poundWord, of: code) == ["#sourceLocation"])
  }

  @Test func `a hundred thousand nested interpolations neither recurse nor stall`() {
    let code = String(repeating: "\"\\(", count: 100_000)
    #expect(tokens(.string, of: code).count == 100_000)
  }

  @Test(arguments: ["let é = \"日本\"", "\"\\(", "#\"a", "/*", "`x", "@", "$", "0x", "\u{0}"])
  func `tokens never overlap and never leave the text`(code: String) {
    let bytes = Array(code.utf8)
    for length in 0...bytes.count {
      var end = 0
      for token in SwiftLexer.tokens(of: Array(bytes[..<length])) {
        #expect(token.bytes.lowerBound >= end && !token.bytes.isEmpty)
        end = token.bytes.upperBound
      }
      #expect(end <= length)
    }
  }
}
