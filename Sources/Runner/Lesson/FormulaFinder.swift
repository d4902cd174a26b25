/// Finds formulas in running text: a code span between dollars, `` $`…`$ ``.
struct FormulaFinder {
  private let source: SourceText

  init(_ source: SourceText) {
    self.source = source
  }

  func read(_ inlines: [MarkdownInline]) -> [MarkdownInline] {
    var inlines = inlines
    var index = 1
    while index + 1 < inlines.count {
      defer { index += 1 }
      guard case .code(let tex) = inlines[index].kind,
        case .text(let before) = inlines[index - 1].kind, before.hasSuffix("$"),
        case .text(let after) = inlines[index + 1].kind, after.hasPrefix("$")
      else { continue }
      let span = inlines[index].span.bytes
      guard isDollar(span.lowerBound - 1), isDollar(span.upperBound),
        !source.isEscaped(span.lowerBound - 1)
      else { continue }
      inlines[index - 1].kind = .text(String(before.dropLast()))
      inlines[index - 1].span = source.span(
        inlines[index - 1].span.bytes.lowerBound..<(span.lowerBound - 1))
      inlines[index] = MarkdownInline(
        .math(tex), span: source.span((span.lowerBound - 1)..<(span.upperBound + 1)))
      inlines[index + 1].kind = .text(String(after.dropFirst()))
      inlines[index + 1].span = source.span(
        (span.upperBound + 1)..<max(inlines[index + 1].span.bytes.upperBound, span.upperBound + 1))
    }
    return inlines.filter { $0.kind != .text("") }
  }

  private func isDollar(_ offset: Int) -> Bool {
    source.bytes.indices.contains(offset) && source.bytes[offset] == Ascii.dollar
  }
}
