/// Turns running text into markup.
struct PageText {
  let links: PageLinks
  let formulas: FormulaBook
  /// The images that stand in the site, by the path that the lesson gives.
  var images: [String: String] = [:]

  func html(_ inlines: [MarkdownInline]) -> HTML {
    inlines.withoutWideBreaks.map(html).joined()
  }

  private func html(_ inline: MarkdownInline) -> HTML {
    switch inline.kind {
    case .text(let text): "\(text)"
    case .code(let code): "<code>\(code)</code>"
    case .math(let tex): formula(tex, isDisplay: false)
    case .footnote(let reference): footnote(reference)
    case .emphasis(let children): "<em>\(html(children))</em>"
    case .strong(let children): "<strong>\(html(children))</strong>"
    case .link(let destination, let title, let children):
      link(to: destination, title: title, children)
    case .image(let source, let title, let alternative):
      image(source, title: title, alternative: alternative.plainText)
    // Raw HTML is text on a page.
    case .html(let text): "\(text)"
    case .softBreak: "\n"
    case .lineBreak: "<br>\n"
    }
  }

  private func footnote(_ reference: FootnoteReference) -> HTML {
    """
    <a class="footnote-mark" id="\(Self.footnoteID(reference.number, reference.occurrence))" \
    href="#fn-\(reference.number)" role="doc-noteref">[\(reference.number)]</a>
    """
  }

  /// The id of a place that refers to a footnote.
  static func footnoteID(_ number: Int, _ occurrence: Int) -> String {
    occurrence == 1 ? "fnref-\(number)" : "fnref-\(number)-\(occurrence)"
  }

  private func link(to destination: String, title: String, _ children: [MarkdownInline]) -> HTML {
    let text = html(labelled(children, links.label(of: destination)))
    guard case .address(let address) = links.target(of: destination) else { return text }
    let hover: HTML = title.isEmpty ? "" : " title=\"\(title)\""
    let isExternal = !address.hasPrefix("#") && address.contains(":")
    let relation: HTML = isExternal ? " rel=\"noreferrer\"" : ""
    return "<a href=\"\(address)\"\(hover)\(relation)>\(text)</a>"
  }

  /// Puts the number of an equation or a figure where its link's text says `#`.
  private func labelled(_ children: [MarkdownInline], _ label: String?) -> [MarkdownInline] {
    guard let label else { return children }
    return children.map { child in
      guard case .text(let text) = child.kind, text.contains("#") else { return child }
      var child = child
      child.kind = .text(
        text.split(separator: "#", omittingEmptySubsequences: false)
          .joined(separator: label))
      return child
    }
  }

  private func image(_ source: String, title: String, alternative: String) -> HTML {
    guard let path = images[source] else { return "\(alternative)" }
    let hover: HTML = title.isEmpty ? "" : " title=\"\(title)\""
    return "<img src=\"\(path)\" alt=\"\(alternative)\"\(hover)>"
  }

  /// Returns a formula within a line, or its TeX where it can't be set.
  func formula(_ tex: String, isDisplay: Bool) -> HTML {
    guard case .markup(let markup) = formulas[Formula(tex, isDisplay: isDisplay)] else {
      return "<code>\(tex)</code>"
    }
    return HTML(trusted: markup)
  }
}
