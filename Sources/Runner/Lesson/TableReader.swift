/// Turns paragraphs that are pipe tables into tables, by the rules of GitHub's Markdown.
///
/// cmark has read such a paragraph as running text, whose emphasis and code may reach from cell to cell.
/// So the reader works in three steps: it finds the tables, has cmark read all their cells, each by
/// itself, and puts them in their places.
struct TableReader {
  private let source: SourceText
  private var pieces: MarkdownPieces
  /// Which of the cells begins at an offset.
  private var places: [Int: Int] = [:]
  private(set) var diagnostics: [Diagnostic] = []
  private var cells: [[MarkdownInline]] = []

  /// - Parameter rest: The file without its footnotes.
  init(_ source: SourceText, rest: SourceText) {
    self.source = source
    pieces = MarkdownPieces(of: source, rest: rest)
  }

  /// Returns the blocks with tables in them whose cells are still empty.
  mutating func prepare(_ blocks: [MarkdownBlock], quotes: Int = 0) -> [MarkdownBlock] {
    var result: [MarkdownBlock] = []
    for var block in blocks {
      switch block.kind {
      case .paragraph(let inlines):
        result += split(block, inlines, quotes: quotes) ?? [block]
      case .heading(_, let inlines) where !source.hasHeadingMarks(at: block.span.bytes.lowerBound):
        result += split(block, inlines, quotes: quotes) ?? [block]
      case .quote(let children):
        block.kind = .quote(prepare(children, quotes: quotes + 1))
        result.append(block)
      case .list(var list):
        list.items = list.items.map { prepare($0, quotes: quotes) }
        block.kind = .list(list)
        result.append(block)
      default: result.append(block)
      }
    }
    return result
  }

  /// Reads the text of every cell found so far.
  mutating func readCells() throws(MarkdownError) {
    guard !places.isEmpty else { return }
    // Each cell is a heading: one line of running text, whatever it begins with.
    cells = try pieces.parsed().prefix(places.count).map { block in
      guard case .heading(_, var inlines) = block.kind else { return [] }
      inlines.removeMark(" .")
      return pieces.origin(of: inlines)
    }
  }

  /// Returns the blocks with the cells of their tables filled.
  func finish(_ blocks: [MarkdownBlock]) -> [MarkdownBlock] {
    blocks.map { block in
      var block = block
      switch block.kind {
      case .table(var table):
        table.header = table.header.map(filled)
        table.rows = table.rows.map { $0.map(filled) }
        block.kind = .table(table)
      case .quote(let children): block.kind = .quote(finish(children))
      case .list(var list):
        list.items = list.items.map(finish)
        block.kind = .list(list)
      default: break
      }
      return block
    }
  }

  private func filled(_ cell: MarkdownTable.Cell) -> MarkdownTable.Cell {
    guard let index = places[cell.span.bytes.lowerBound], index < cells.count,
      !cell.span.bytes.isEmpty
    else { return cell }
    return MarkdownTable.Cell(cells[index], span: cell.span)
  }

  /// Returns what a paragraph with a table in it becomes, or nil where there is none.
  ///
  /// A heading that a line of `-` or `=` makes of a table is one, too: to GitHub the line is a thematic
  /// break after the table, or its last row.
  private mutating func split(
    _ block: MarkdownBlock, _ inlines: [MarkdownInline], quotes: Int
  ) -> [MarkdownBlock]? {
    guard let start = inlines.first?.span.bytes.lowerBound,
      start < block.span.bytes.upperBound,
      source.bytes[block.span.bytes].contains(UInt8(ascii: "-"))
    else { return nil }
    let rows = TableRows(source, start..<block.span.bytes.upperBound, quotes: quotes)
    guard let (headerIndex, alignments) = rows.header else { return nil }
    // A row may leave its cells out, so that a small file could ask for billions of them.
    guard alignments.count * rows.lines.count <= LessonLimits.tableCells else {
      diagnostics.append(LessonRule.tooLargeTable(at: source.position(at: start)))
      return nil
    }
    var result: [MarkdownBlock] = []
    if headerIndex > 0 {
      // What stands above the header stays a paragraph.
      let headerStart = rows.lines[headerIndex].lowerBound
      guard let end = inlines.lastIndex(where: { $0.span.bytes.upperBound <= headerStart }),
        inlines[end].isBreak, end > 0
      else { return nil }
      let before = Array(inlines[..<end])
      let range = start..<(before.last?.span.bytes.upperBound ?? start)
      result.append(MarkdownBlock(.paragraph(before), span: source.span(range)))
    }
    var body = Array(rows.lines[(headerIndex + 2)...])
    var ruler: Range<Int>?
    if case .heading = block.kind, let last = body.last,
      source.bytes[last].count >= 3, source.bytes[last].allSatisfy({ $0 == UInt8(ascii: "-") })
    {
      ruler = body.removeLast()
    }
    let count = alignments.count
    let header = rows.cells(ofLine: rows.lines[headerIndex])
    let end = body.last ?? rows.lines[headerIndex + 1]
    let table = MarkdownTable(
      alignments: alignments, header: header.map { cell($0) },
      rows: body.map { line in
        var ranges = Array(rows.cells(ofLine: line).prefix(count))
        while ranges.count < count { ranges.append(line.upperBound..<line.upperBound) }
        return ranges.map { cell($0) }
      })
    let range = rows.lines[headerIndex].lowerBound..<end.upperBound
    result.append(MarkdownBlock(.table(table), span: source.span(range)))
    if let ruler { result.append(MarkdownBlock(.thematicBreak, span: source.span(ruler))) }
    return result
  }

  private mutating func cell(_ range: Range<Int>) -> MarkdownTable.Cell {
    let span = source.span(range)
    if !range.isEmpty {
      places[range.lowerBound] = places.count
      pieces.append(marks: "# ", at: range.lowerBound)
      // A pipe loses its backslash before anything else is read, even in code.
      var start = range.lowerBound
      for index in range where isEscapedPipe(index, in: range) {
        pieces.append(start..<index)
        start = index + 1
      }
      pieces.append(start..<range.upperBound)
      // The mark keeps blanks and closing `#` that belong to the cell.
      pieces.append(marks: " .\n\n", at: range.upperBound)
    }
    return MarkdownTable.Cell([], span: span)
  }

  private func isEscapedPipe(_ index: Int, in range: Range<Int>) -> Bool {
    source.bytes[index] == Ascii.backslash && index + 1 < range.upperBound
      && source.bytes[index + 1] == UInt8(ascii: "|")
  }
}

extension MarkdownInline {
  var isBreak: Bool { kind == .softBreak || kind == .lineBreak }
}

extension [MarkdownInline] {
  /// Takes a mark off the end, which no markup can have taken in.
  fileprivate mutating func removeMark(_ mark: String) {
    guard let last, case .text(let text) = last.kind, text.hasSuffix(mark) else { return }
    removeLast()
    let rest = String(text.dropLast(mark.count))
    let end = last.span.bytes.upperBound - mark.utf8.count
    guard !rest.isEmpty, end > last.span.bytes.lowerBound else { return }
    append(
      MarkdownInline(
        .text(rest),
        span: SourceSpan(start: last.span.start, bytes: last.span.bytes.lowerBound..<end)))
  }
}
