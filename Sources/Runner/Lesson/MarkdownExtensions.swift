/// Finds what GitHub's Markdown knows and cmark 0.30 doesn't: footnotes, pipe tables, alerts, formulas.
///
/// A pass over the finished tree. Where cmark would have read a text otherwise, such as the cells of a
/// table, that text is given to it again.
struct MarkdownExtensions {
  private(set) var blocks: [MarkdownBlock]
  private(set) var footnotes: [MarkdownFootnote] = []
  private(set) var diagnostics: [Diagnostic] = []

  init(_ source: SourceText) throws(MarkdownError) {
    var notes = FootnoteDefinitions(in: source, document: try MarkdownParser.parse(source))
    blocks = try notes.separate()

    var tables = TableReader(source, rest: notes.rest)
    blocks = tables.prepare(blocks)
    for index in notes.definitions.indices {
      notes.definitions[index].blocks = tables.prepare(notes.definitions[index].blocks)
    }
    try tables.readCells()
    blocks = tables.finish(blocks)
    for index in notes.definitions.indices {
      notes.definitions[index].blocks = tables.finish(notes.definitions[index].blocks)
    }

    var inlines = InlineExtensions(source, definitions: notes.definitions)
    blocks = inlines.read(blocks, isTopLevel: true)
    footnotes = inlines.finish()
    diagnostics = tables.diagnostics + inlines.diagnostics
  }
}
