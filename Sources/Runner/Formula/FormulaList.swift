/// Finds the formulas of a lesson and where each piece of their TeX stands in the file.
package struct FormulaList {
  /// A formula and the places of its lines.
  package struct Item: Sendable {
    package var formula: Formula
    /// Where each line of the TeX begins in the file.
    package var lineStarts: [SourcePosition]

    /// Returns the position of a UTF-16 offset into the TeX.
    package func position(at offset: Int?) -> SourcePosition {
      let start = lineStarts.first ?? SourcePosition(line: 1)
      guard let offset else { return start }
      let units = Array(formula.tex.utf16.prefix(offset))
      let line = units.count { $0 == 10 }
      let column = String(decoding: units.suffix(while: { $0 != 10 }), as: UTF16.self).utf8.count
      guard line < lineStarts.count else { return start }
      return SourcePosition(line: lineStarts[line].line, column: lineStarts[line].column + column)
    }
  }

  package private(set) var items: [Item] = []
  private let source: SourceText

  package init(_ lesson: Lesson) {
    source = SourceText(lesson.bytes)
    visit(lesson.document)
    for footnote in lesson.footnotes { visit(footnote.blocks) }
  }

  /// The TeX of a ` ```math ` fence: its text without the last line end.
  static func tex(ofFence text: String) -> String {
    text.hasSuffix("\n") ? String(text.dropLast()) : text
  }

  /// Returns what is wrong with the formulas, by what came of each.
  package func diagnostics(_ book: FormulaBook) -> [Diagnostic] {
    items.compactMap { item in
      guard case .refused(let error) = book[item.formula] else { return nil }
      return Diagnostic(
        at: item.position(at: error.offset), "the formula can't be set: \(error.message)",
        help: "correct the TeX, or write what KaTeX knows")
    }
  }

  private mutating func visit(_ blocks: [MarkdownBlock]) {
    for block in blocks {
      switch block.kind {
      case .heading(_, let inlines), .paragraph(let inlines): visit(inlines)
      case .math(let code):
        let tex = Self.tex(ofFence: code.text)
        for part in FormulaParts.parts(of: tex) {
          items.append(
            Item(
              formula: Formula(part.tex, isDisplay: true),
              lineStarts: lineStarts(of: part, in: tex, code)))
        }
      case .quote(let children), .alert(_, let children): visit(children)
      case .table(let table): (table.header + table.rows.joined()).forEach { visit($0.inlines) }
      case .list(let list): list.items.forEach { visit($0) }
      case .codeBlock, .html, .thematicBreak: break
      }
    }
  }

  private func lineStarts(
    of part: FormulaParts.Part, in tex: String, _ code: CodeBlock
  ) -> [SourcePosition] {
    let before = tex.utf8.prefix(part.offset).split(
      separator: 10, omittingEmptySubsequences: false)
    let starts = code.lines.dropFirst(before.count - 1).map(\.lowerBound)
    guard let first = starts.first, let column = before.last?.count else { return [] }
    return ([first + column] + starts.dropFirst()).map { source.position(at: $0) }
  }

  private mutating func visit(_ inlines: [MarkdownInline]) {
    for inline in inlines {
      switch inline.kind {
      case .math(let tex):
        // The TeX begins after the dollar and the backticks.
        let bytes = source.bytes[inline.span.bytes]
        let marks = bytes.dropFirst().prefix { $0 == Ascii.backtick }.count + 1
        let start = inline.span.bytes.lowerBound + marks
        items.append(Item(formula: Formula(tex), lineStarts: [source.position(at: start)]))
      case .emphasis(let children), .strong(let children), .link(_, _, let children):
        visit(children)
      case .text, .code, .footnote, .image, .html, .softBreak, .lineBreak: break
      }
    }
  }
}

extension BidirectionalCollection {
  /// Returns the longest tail whose elements all satisfy a condition.
  fileprivate func suffix(while condition: (Element) -> Bool) -> SubSequence {
    var start = endIndex
    while start > startIndex, condition(self[index(before: start)]) { start = index(before: start) }
    return self[start...]
  }
}
