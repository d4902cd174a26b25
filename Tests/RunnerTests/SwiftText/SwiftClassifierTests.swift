import Testing

@testable import Runner

@Suite struct SwiftClassifierTests {
  /// The classified words of a text, each with its kind.
  private func kinds(_ code: String) -> [String] {
    SwiftClassifier.pieces(of: code).compactMap { piece in
      guard let kind = piece.kind, kind != .operator else { return nil }
      return "\(piece.text) \(kind.rawValue)"
    }
  }

  @Test(arguments: [
    ("import Foundation", ["import keyword"]),
    ("URL(string: s)", ["URL type"]),
    ("let X = W1 + b", ["let keyword"]),
    ("f<T>(x: T) -> T", ["T type", "T type", "T type"]),
    ("[String: Int]", ["String type", "Int type"]),
    ("x.in(for: y)", []),
    ("func go(in x: Int) {}", ["func keyword", "Int type"]),
    ("x.self", ["self keyword"]),
    ("a ? nil : b", ["nil keyword"]),
    ("weak var x: Foo?", ["weak keyword", "var keyword", "Foo type"]),
    ("let open = any + some", ["let keyword"]),
    ("some P", ["some keyword", "P type"]),
    ("var x: Int { get set }", ["var keyword", "Int type", "get keyword", "set keyword"]),
    ("get(set)", []),
    ("func f() async throws", ["func keyword", "async keyword", "throws keyword"]),
    ("#available(macOS 10, *)", ["#available keyword", "10 number"]),
    ("#expect(x)", ["#expect attribute"]), ("@Test func f", ["@Test attribute", "func keyword"]),
    ("{ $0 }", ["$0 parameter"]), ("`class`", []),
    ("default: break", ["default keyword", "break keyword"]),
    ("\"a\\(b)c\"", ["\"a string", "c\" string"]),
  ])
  func `words are told apart by their neighbours`(code: String, expected: [String]) {
    #expect(kinds(code) == expected)
  }

  @Test func `the pieces of a text are the text`() throws {
    for (name, bytes) in try SwiftCorpus.texts() {
      let text = String(decoding: bytes, as: UTF8.self)
      let joined = SwiftClassifier.pieces(of: text).map(\.text).joined()
      #expect(joined.utf8.elementsEqual(text.utf8), "\(name)")
    }
  }
}
