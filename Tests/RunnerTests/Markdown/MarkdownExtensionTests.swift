import Testing

@testable import Runner

@Suite struct MarkdownExtensionTests {
  private func parse(_ text: String) throws -> Lesson {
    try LessonParser.parse(path: "a.md", bytes: Array(text.utf8))
  }

  @Test func `a table that asks for billions of cells is refused`() {
    let columns = String(repeating: "|-", count: 20_000) + "|\n"
    let header = String(repeating: "|a", count: 20_000) + "|\n"
    let text = header + columns + String(repeating: "x\n", count: 20_000)
    #expect(throws: LessonError.self) { try parse(text) }
  }

  @Test(.timeLimit(.minutes(1)))
  func `thousands of footnotes and tables are read without delay`() throws {
    let notes = (0..<3_000).map {
      "a[^\($0)]\n\n[^\($0)]: word\n\n| a[^\($0)] |\n|-|\n| \\| |\n\n"
    }
    let lesson = try parse(notes.joined())
    #expect(lesson.footnotes.count == 3_000)
    #expect(lesson.footnotes.allSatisfy { $0.references == 2 })
    let tables = lesson.document.count { if case .table = $0.kind { true } else { false } }
    #expect(tables == 3_000)
  }

  @Test func `cells of tables in footnotes and in the text find their places`() throws {
    let text = "a[^x]\n\n[^x]: b\n\n    | in |\n    |-|\n    | note |\n\n| out |\n|-|\n| text |\n"
    let lesson = try parse(text)
    guard case .table(let outer)? = lesson.document.last?.kind,
      case .table(let inner)? = lesson.footnotes.first?.blocks.last?.kind
    else {
      Issue.record("no tables")
      return
    }
    #expect(outer.header[0].inlines.plainText == "out")
    #expect(outer.rows[0][0].inlines.plainText == "text")
    #expect(inner.header[0].inlines.plainText == "in")
    #expect(inner.rows[0][0].inlines.plainText == "note")
  }

  @Test(arguments: [
    "| a | b |\r\n|---|---|\r\n| 1 | 2 |\r\n\r\n[^x]: word\r\n\r\nb[^x] $`c`$\r\n",
    "\u{FEFF}| a |\n|---|\n| 1 |\n\n[^x]: word\n\nb[^x] $`c`$",
    "\u{FEFF}[^x]: word\n\n> b[^x] $`c`$\n> | a |\n> |---|\n> | 1 |",
    "- b[^x] $`c`$\n\n\t| a |\n\t|---|\n\t| 1 |\n\n[^x]:\tword\n\n\tmore",
  ])
  func `line ends, marks and tabs shift nothing`(text: String) throws {
    let lesson = try parse(text)
    SpanProperty.expectSpansHold(in: lesson)
    #expect(lesson.footnotes.count == 1)
    var pieces: [String] = []
    func visit(_ inlines: [MarkdownInline]) {
      for inline in inlines {
        pieces.append(String(decoding: lesson.bytes[inline.span.bytes], as: UTF8.self))
      }
    }
    func visit(_ blocks: [MarkdownBlock]) {
      for block in blocks {
        switch block.kind {
        case .paragraph(let inlines): visit(inlines)
        case .table(let table): (table.header + table.rows.joined()).forEach { visit($0.inlines) }
        case .quote(let children): visit(children)
        case .list(let list): list.items.forEach { visit($0) }
        default: break
        }
      }
    }
    visit(lesson.document)
    for wanted in ["a", "1", "[^x]", "$`c`$"] { #expect(pieces.contains(wanted), "\(wanted)") }
  }
}
