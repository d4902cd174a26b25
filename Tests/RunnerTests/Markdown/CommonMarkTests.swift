import Foundation
import Testing

@testable import Runner

/// The examples of CommonMark's specification, as the package golang-github-yuin-goldmark-dev brings
/// them; `Scripts/test` installs it.
@Suite struct CommonMarkTests {
  private struct Example: Decodable {
    var example: Int
    var markdown: String
  }

  private static func examples() throws -> [Example] {
    let file = URL(
      filePath: "/usr/share/gocode/src/github.com/yuin/goldmark/_test/spec.json")
    return try JSONDecoder().decode([Example].self, from: Data(contentsOf: file))
  }

  /// The examples that are no lessons, each with what its reader is told.
  private static let refused: [Int: String] = [:]

  @Test func `pages show every example of CommonMark as cmark does`() throws {
    let examples = try Self.examples()
    #expect(examples.count == 652)
    for example in examples {
      guard let lesson = try lesson(example) else { continue }
      let expected = MarkupShape(CommonMarkReference.html(of: example.markdown))
      let shown = MarkupShape(try markup(lesson))
      #expect(shown == expected, "example \(example.example): \(example.markdown)")
    }
  }

  @Test func `links and images lead in every example where cmark says`() throws {
    for example in try Self.examples() {
      guard let lesson = try lesson(example) else { continue }
      var found = LinkCollector()
      found.visit(lesson.document)
      #expect(
        found.links == CommonMarkReference.links(of: example.markdown),
        "example \(example.example): \(example.markdown)")
    }
  }

  private func lesson(_ example: Example) throws -> Lesson? {
    do throws(LessonError) {
      // The title is what pages treat apart.
      let text = "# Title\n\n" + example.markdown
      let lesson = try LessonParser.parse(path: "01-a.md", bytes: Array(text.utf8))
      #expect(Self.refused[example.example] == nil, "example \(example.example) is a lesson")
      return lesson
    } catch {
      let message = error.diagnostics.first?.message
      #expect(message == Self.refused[example.example], "example \(example.example)")
      return nil
    }
  }

  private func markup(_ lesson: Lesson) throws -> String {
    let page = try PageCase(String(decoding: lesson.bytes, as: UTF8.self))
    let outline = PageOutline(of: lesson, report: page.page.report, number: "")
    let links = PageLinks(plan: page.plan, page: page.page, anchors: [:])
    let blocks = PageBlocks(
      page: page.page, outline: outline,
      text: PageText(links: links, formulas: page.plan.formulas),
      cells: PageCells(page: page.page, outline: outline))
    return blocks.html(lesson.document).text
  }

  private struct LinkCollector {
    var links: [CommonMarkReference.Link] = []

    mutating func visit(_ blocks: [MarkdownBlock]) {
      for block in blocks {
        switch block.kind {
        case .heading(_, let inlines), .paragraph(let inlines): visit(inlines)
        case .quote(let children), .alert(_, let children): visit(children)
        case .list(let list): for item in list.items { visit(item) }
        default: break
        }
      }
    }

    private mutating func visit(_ inlines: [MarkdownInline]) {
      for inline in inlines {
        switch inline.kind {
        case .link(let destination, let title, let children),
          .image(let destination, let title, let children):
          links.append(CommonMarkReference.Link(destination: destination, title: title))
          visit(children)
        case .emphasis(let children), .strong(let children): visit(children)
        default: break
        }
      }
    }
  }
}
