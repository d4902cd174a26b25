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
}
