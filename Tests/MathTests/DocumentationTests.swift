import Foundation
import Testing

@Suite struct DocumentationTests {
  private var root: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
  }

  /// Every name that Math declares for all to use.
  private func declared() throws -> Set<String> {
    var names: Set<String> = []
    let declaration =
      /public (?:static |class |final |convenience |override |prefix |mutating )*(?:func|var|let|class|struct|enum|protocol|init) ?`?([A-Za-z0-9_]*|[-+*\/%.<>=!]+)`?/
    let member = /^  case ([a-zA-Z0-9]+)/
    let sources = root.appendingPathComponent("Sources/Math")
    let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "swift" else { continue }
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        if let found = line.firstMatch(of: declaration) { names.insert(String(found.1)) }
        if let found = line.firstMatch(of: member) { names.insert(String(found.1)) }
      }
    }
    return names
  }

  @Test func `the table of PyTorch's names has only names that exist`() throws {
    let table = try String(
      contentsOf: root.appendingPathComponent("docs/pytorch.md"), encoding: .utf8)
    let names = try declared()
    let code = /`([^`]+)`/
    // The name before a parenthesis, after a dot, or alone.
    let name = /([A-Za-z_][A-Za-z0-9_]*)\(|\.([A-Za-z_][A-Za-z0-9_]*)|^([A-Za-z_][A-Za-z0-9_]*)$/
    var checked = 0
    for row in table.split(separator: "\n") where row.hasPrefix("| `") {
      let cells = row.split(separator: "|", omittingEmptySubsequences: false)
      guard cells.count >= 4 else { continue }
      for piece in cells[2].matches(of: code) {
        for part in String(piece.1).matches(of: name) {
          let word = String(part.1 ?? part.2 ?? part.3 ?? "")
          if ["f", "x", "y", "Math", "Tensor"].contains(word) { continue }
          #expect(names.contains(word), "'\(word)' in: \(row)")
          checked += 1
        }
      }
    }
    #expect(checked > 150)
  }

  /// Public declarations whose documentation a caller reads; operators need no names.
  private var told: [MathDeclaration] {
    MathSource.declarations.filter { $0.isPublic && !$0.isOperator }
  }

  @Test func `every public declaration with two parameters or more describes each of them`() {
    let several = told.filter { Set($0.parameters).subtracting(["file", "line"]).count > 1 }
    #expect(several.count > 250)
    for declaration in several {
      let lacking = declaration.undescribed
      #expect(lacking.isEmpty, "\(declaration.place) does not describe \(lacking)")
    }
  }

  @Test func `what is described as a parameter is one`() {
    for declaration in told {
      let unknown = declaration.described.filter { !declaration.parameters.contains($0) }
      #expect(unknown.isEmpty, "\(declaration.place) has no parameter \(unknown)")
    }
  }

  @Test func `every public declaration that throws says what`() {
    let throwing = told.filter(\.isThrowing)
    #expect(throwing.count > 10)
    for declaration in throwing {
      let isTold = declaration.documentation.contains { $0.hasPrefix("- Throws: ") }
      #expect(isTold, "\(declaration.place) does not say what it throws")
    }
  }

  @Test func `a parameter without a description is found whatever stands around it`() throws {
    let source = MathSource(
      name: "Some.swift",
      text: """
        /// One sentence.
        ///
        /// - Parameters:
        ///   - x: Of any shape.
        ///   - stray: Not there.
        ///   - empty:
        /// - Returns: A tensor.
        @discardableResult
        public func `some`<T: Module>(
          _ x: Tensor, by range: Range<Int> = 0..<1, separator: Character = ",",
          betas: (Double, Double) = (0.9, 0.999), empty: Int, using generator: inout SplitMix64,
          file: StaticString = #file, line: UInt = #line, of f: @escaping (Tensor, T) -> Tensor
        ) throws -> Tensor { x }
        """)
    let found = try #require(source.declarations.first)
    #expect(found.place == "Some.swift:9 func some")
    #expect(
      found.parameters == [
        "x", "range", "separator", "betas", "empty", "generator", "file", "line", "f",
      ])
    #expect(found.described == ["x", "stray"])
    #expect(found.isThrowing)
    #expect(found.undescribed == ["range", "separator", "betas", "empty", "generator", "f"])
  }
}
