/// Turns a lesson's blocks into the main part of its page.
struct PageBlocks {
  let page: PageLesson
  let outline: PageOutline
  let text: PageText
  let cells: PageCells

  private var words: PageWords { page.language.words }

  func html(_ blocks: [MarkdownBlock]) -> HTML {
    html(FoldedBlock.fold(blocks).blocks, isFolded: false)
  }

  private func html(_ blocks: [FoldedBlock], isFolded: Bool) -> HTML {
    var result: HTML = ""
    var rest = blocks[...]
    while let block = rest.first {
      let answers = rest.prefix { QuizAnswer($0) != nil }
      if answers.count > 1 {
        result += quiz(answers.compactMap(QuizAnswer.init))
        rest = rest.dropFirst(answers.count)
        continue
      }
      rest = rest.dropFirst()
      switch block {
      case .block(let block): result += html(block, isFolded: isFolded)
      case .details(let summary, let children, _):
        result += """
          <details class="fold"><summary>\(summary.isEmpty ? words.hint : summary)</summary>
          <div class="fold-body">\(html(children, isFolded: true))</div></details>

          """
      }
    }
    return result
  }

  private func quiz(_ answers: [QuizAnswer]) -> HTML {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    let items = answers.enumerated().map { index, answer -> HTML in
      let verdict = answer.isRight ? words.right : words.wrong
      return """
        <li><details class="answer \(answer.isRight ? "is-right" : "is-wrong")"><summary>\
        <span class="letter">\(String(letters[index % 26]))</span> <span>\(answer.text)</span></summary>
        <div class="fold-body"><p class="answer-verdict">\(verdict)</p>\
        \(html(answer.blocks, isFolded: true))</div></details></li>

        """
    }
    return
      "<div class=\"quiz\" role=\"group\" aria-label=\"\(words.quiz)\"><ul>\(items.joined())</ul></div>\n"
  }

  private func html(_ block: MarkdownBlock, isFolded: Bool) -> HTML {
    switch block.kind {
    case .heading(let level, let inlines): return heading(level, inlines, block.span)
    case .paragraph(let inlines): return "<p>\(text.html(inlines))</p>\n"
    case .codeBlock(let code): return self.code(code, block.span, isFolded: isFolded)
    case .math(let code):
      return equation(code.text, EquationLabel(info: code.info), block.span)
    case .quote(let children): return "<blockquote>\(html(children))</blockquote>\n"
    case .alert(let alert, let children): return self.alert(alert, children)
    case .table(let table): return self.table(table)
    case .list(let list): return self.list(list)
    case .html(let raw): return "<p class=\"raw\">\(raw)</p>\n"
    case .thematicBreak: return "<hr>\n"
    }
  }

  private func heading(_ level: Int, _ inlines: [MarkdownInline], _ span: SourceSpan) -> HTML {
    let id = outline.headingID(at: span.bytes.lowerBound)
    // The page's own title is its one first-level heading.
    if id == outline.headings.first?.id { return "" }
    let tag = HTML(trusted: "h\(min(max(level, 2), 6))")
    let name = inlines.plainText
    return """
      <\(tag) id="\(id)">\(text.html(inlines)) <a class="anchor" href="#\(id)" \
      aria-label="\(name) #">#</a></\(tag)>

      """
  }

  private func code(_ code: CodeBlock, _ span: SourceSpan, isFolded: Bool) -> HTML {
    switch code.role {
    case .cell(let index): return cells.html(index, isFolded: isFolded)
    case .output, .diagnostics: return ""
    case .plain:
      let isSwift = code.info.split(separator: " ").first == "swift"
      return CodeMarkup.block(code.text, isSwift: isSwift)
    }
  }

  private func equation(_ tex: String, _ label: EquationLabel, _ span: SourceSpan) -> HTML {
    let parts = FormulaParts.parts(of: FormulaList.tex(ofFence: tex)).map {
      text.formula($0.tex, isDisplay: true)
    }
    let formula: HTML =
      parts.count == 1 ? parts[0] : "<div class=\"formulas\">\(parts.joined())</div>"
    guard let id = label.id, let number = outline.equationNumbers[span.bytes.lowerBound] else {
      return "<div class=\"equation\" tabindex=\"0\">\(formula)</div>\n"
    }
    return """
      <div class="equation numbered" id="\(id)" tabindex="0">\(formula)\
      <a class="equation-number" href="#\(id)" aria-label="\(words.equation) \(number)">(\(number))</a></div>

      """
  }

  private func alert(_ alert: MarkdownAlert, _ children: [MarkdownBlock]) -> HTML {
    """
    <div class="alert \(alert.rawValue)" role="note"><p class="alert-title">\(words.name(of: alert))</p>
    \(html(children))</div>

    """
  }

  private func table(_ table: MarkdownTable) -> HTML {
    func fields(_ cells: [MarkdownTable.Cell], _ tag: HTML, _ scope: HTML) -> HTML {
      cells.enumerated().map { index, cell -> HTML in
        let side = table.alignments[index].map { " class=\"align-\($0.rawValue)\"" as HTML } ?? ""
        // A corner that names nothing is no header.
        if cell.inlines.isEmpty { return "<td></td>" }
        return "<\(tag)\(scope)\(side)>\(text.html(cell.inlines))</\(tag)>"
      }.joined()
    }
    let rows = table.rows.map { "<tr>\(fields($0, "td", ""))</tr>\n" as HTML }.joined()
    let body: HTML = rows.isEmpty ? "" : "<tbody>\(rows)</tbody>"
    return """
      <div class="table" tabindex="0"><table><thead><tr>\(fields(table.header, "th", " scope=\"col\""))</tr></thead>
      \(body)</table></div>

      """
  }

  /// The notes under the text, each with a way back to every place that refers to it.
  func footnotes(_ footnotes: [MarkdownFootnote]) -> HTML {
    guard !footnotes.isEmpty else { return "" }
    let items = footnotes.map { note -> HTML in
      let back = (1...max(note.references, 1)).map { occurrence -> HTML in
        """
        <a class="footnote-back" href="#\(PageText.footnoteID(note.number, occurrence))" \
        aria-label="\(words.back) \(note.number)\(occurrence > 1 ? "-\(occurrence)" : "")">↩</a>
        """
      }.joined(separator: " ")
      return "<li id=\"fn-\(note.number)\">\(html(note.blocks))\(back)</li>\n"
    }
    return """
      <section class="footnotes" aria-label="\(words.footnotes)"><h2 id="footnotes">\(words.footnotes)</h2>
      <ol>\(items.joined())</ol></section>

      """
  }

  private func list(_ list: MarkdownList) -> HTML {
    let items = list.items.map { item -> HTML in
      guard list.isTight else { return "<li>\(html(item))</li>\n" }
      let parts = item.map { block -> HTML in
        if case .paragraph(let inlines) = block.kind { return text.html(inlines) }
        return html([block])
      }
      return "<li>\(parts.joined(separator: "\n"))</li>\n"
    }.joined()
    guard let start = list.start else { return "<ul>\(items)</ul>\n" }
    return start == 1 ? "<ol>\(items)</ol>\n" : "<ol start=\"\(start)\">\(items)</ol>\n"
  }
}

/// A folded part that answers the question above it: its text begins with ✓ or ✗.
///
/// Two or more of them in a row are a quiz, which works wherever `<details>` does.
struct QuizAnswer {
  var text: String
  var isRight: Bool
  var blocks: [FoldedBlock]

  init?(_ block: FoldedBlock) {
    guard case .details(let summary, let children, _) = block,
      case .block(var first)? = children.first, case .paragraph(var inlines) = first.kind,
      case .text(let start)? = inlines.first?.kind, let mark = start.first, "✓✔✗✘".contains(mark)
    else { return nil }
    text = summary
    isRight = "✓✔".contains(mark)
    inlines[0].kind = .text(String(start.dropFirst().drop(while: \.isWhitespace)))
    first.kind = .paragraph(inlines)
    blocks = [.block(first)] + children.dropFirst()
  }
}
