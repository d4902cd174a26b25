/// Looks for what would be broken on a lesson's page.
struct PageCheck {
  private(set) var diagnostics: [Diagnostic]
  private let links: PageLinks
  private let images: Set<String>
  private let language: PageLanguage
  /// The cells that didn't end as promised: nobody knows which figures they would have drawn.
  private let unfinished: [String]

  init(_ lesson: Lesson, page: PageLesson, plan: SitePlan, images: Set<String>) {
    let outline = PageOutline(of: lesson, report: page.report, number: page.number)
    // Figures are only known once their cells ran.
    links = PageLinks(plan: plan, page: page, anchors: outline.anchors)
    self.images = images
    language = page.language
    unfinished = page.report.cells.filter { $0.verdict.status != .pass }.map(\.cell.id)
    diagnostics = outline.diagnostics + FormulaList(lesson).diagnostics(plan.formulas)
    if let parameter = lesson.parameter {
      for variant in page.variants {
        // The cells after the first failure often fail because of it.
        guard let failed = variant.cells.first(where: { $0.verdict.status != .pass }),
          page.report.isPassing
        else { continue }
        diagnostics.append(
          PageRule.failingVariant(parameter, value: variant.value, cell: failed))
      }
    }
    visit(lesson.document)
    for footnote in lesson.footnotes { visit(footnote.blocks) }
  }

  private mutating func visit(_ blocks: [MarkdownBlock]) {
    diagnostics += FoldedBlock.fold(blocks).diagnostics
    for block in blocks {
      switch block.kind {
      case .heading(_, let inlines), .paragraph(let inlines): visit(inlines)
      case .quote(let children), .alert(_, let children): visit(children)
      case .table(let table): (table.header + table.rows.joined()).forEach { visit($0.inlines) }
      case .list(let list): list.items.forEach { visit($0) }
      case .codeBlock, .math, .html, .thematicBreak: break
      }
    }
  }

  private mutating func visit(_ inlines: [MarkdownInline]) {
    for inline in inlines {
      switch inline.kind {
      case .link(let destination, _, let children):
        check(destination, at: inline.span.start)
        visit(children)
      case .image(let source, _, let alternative):
        check(image: source, alternative.plainText, at: inline.span.start)
      case .emphasis(let children), .strong(let children): visit(children)
      case .text, .code, .math, .footnote, .html, .softBreak, .lineBreak: break
      }
    }
  }

  private mutating func check(_ destination: String, at position: SourcePosition) {
    switch links.target(of: destination) {
    case .address, .absent: break
    case .refused: diagnostics.append(PageRule.refusedScheme(destination, at: position))
    case .missingLesson: diagnostics.append(PageRule.missingLesson(destination, at: position))
    case .missingAnchor(let near):
      let name = String(destination.dropFirst())
      let isUnknown = unfinished.contains { id in
        let figure = PageOutline.figureID(cell: id, index: 0)
        return name == figure || name.hasPrefix(figure + "-")
      }
      if isUnknown { return }
      diagnostics.append(PageRule.missingTarget(name, near: near, at: position))
    }
  }

  private mutating func check(
    image source: String, _ alternative: String, at position: SourcePosition
  ) {
    if alternative.allSatisfy(\.isWhitespace) {
      diagnostics.append(PageRule.imageWithoutText(at: position))
    }
    let path = language.folder.isEmpty ? source : PageLinks.normalised(language.folder + source)
    if !images.contains(path) { diagnostics.append(PageRule.image(source, at: position)) }
  }
}
