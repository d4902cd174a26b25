import Foundation
import Testing

@testable import Runner

@Suite struct LessonFormulaTests {
  static let lessons: [URL] = {
    let folder = SwiftCorpus.root.appending(path: "Lessons")
    let found = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return ((found?.allObjects as? [URL]) ?? []).filter { $0.pathExtension == "md" }
      .sorted { $0.path() < $1.path() }
  }()

  @Test(arguments: lessons, [40, 80, 120])
  func `every formula of every lesson lays out in the width or falls back`(
    file: URL, width: Int
  ) throws {
    let bytes = Array(try Data(contentsOf: file))
    let lesson = try LessonParser.parse(path: file.lastPathComponent, bytes: bytes)
    var formulas = Formulas()
    formulas.visit(lesson.document)
    for tex in formulas.displayed {
      let lines = TeXText.lines(tex, width: width)
      for line in lines ?? [] { #expect(TerminalText.width(of: line) <= width, "\(tex)") }
      // What our own lessons use is known; only the width may ask for the fallback.
      #expect(lines != nil || TeXText.lines(tex, width: 1_000) != nil, "not laid out: \(tex)")
      if width >= 80 { #expect(lines != nil, "wider than \(width): \(tex)") }
    }
    for tex in formulas.inline { #expect(TeXText.line(tex) != nil, "not in one line: \(tex)") }
  }

  private struct Formulas {
    var displayed: [String] = []
    var inline: [String] = []

    mutating func visit(_ blocks: [MarkdownBlock]) {
      for block in blocks {
        switch block.kind {
        case .math(let code): displayed.append(code.text)
        case .heading(_, let inlines), .paragraph(let inlines): visit(inlines)
        case .quote(let children), .alert(_, let children): visit(children)
        case .list(let list): for item in list.items { visit(item) }
        case .table(let table):
          for cell in table.header + table.rows.joined() { visit(cell.inlines) }
        case .codeBlock, .html, .thematicBreak: break
        }
      }
    }

    private mutating func visit(_ inlines: [MarkdownInline]) {
      for inline in inlines {
        switch inline.kind {
        case .math(let tex): self.inline.append(tex)
        case .emphasis(let children), .strong(let children), .link(_, _, let children):
          visit(children)
        default: break
        }
      }
    }
  }
}
