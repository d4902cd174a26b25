/// Finds where each piece of a paragraph or heading stands in the file.
///
/// cmark's own columns ignore container marks and indentation after a paragraph's first line. This walks
/// through the bytes beside the inlines instead: what an inline became is known, and each byte of the
/// file must account for it.
struct InlineLocator {
  private let source: SourceText
  private let start: Int
  private let isHeading: Bool
  private let quoteDepth: Int

  init(source: SourceText, start: Int, isHeading: Bool, quoteDepth: Int) {
    self.source = source
    self.start = start
    self.isHeading = isHeading
    self.quoteDepth = quoteDepth
  }

  /// Returns the inlines with their spans, and where the last one ends.
  ///
  /// A paragraph may begin with link reference definitions, which leave no trace in the tree; so the walk
  /// begins at the first line from which it arrives. Inlines that can't be found get
  /// an empty span at the block's start.
  func locate(_ inlines: [MarkdownInline]) -> ([MarkdownInline], end: Int) {
    let line = source.position(at: start).line
    for first in line..<min(line + 64, source.lineCount + 1) {
      var walk = InlineWalk(
        source: source, cursor: first == line ? start : source.line(first).lowerBound,
        quoteDepth: quoteDepth)
      if first > line { walk.skipPrefix() } else if isHeading { walk.skipHeadingMarks() }
      if let located = walk.walk(inlines) { return (walk.merged(located), walk.cursor) }
      // Only a definition, which begins with a bracket, can stand before the text.
      if start >= source.bytes.count || source.bytes[start] != Ascii.openBracket { break }
    }
    return (unlocated(inlines), source.line(line).upperBound)
  }

  private func unlocated(_ inlines: [MarkdownInline]) -> [MarkdownInline] {
    let span = source.span(start..<start)
    return inlines.map { inline in
      let kind: MarkdownInline.Kind =
        switch inline.kind {
        case .emphasis(let children): .emphasis(unlocated(children))
        case .strong(let children): .strong(unlocated(children))
        case .link(let destination, let title, let children):
          .link(destination: destination, title: title, unlocated(children))
        case .image(let image, let title, let children):
          .image(source: image, title: title, alternative: unlocated(children))
        case .text, .code, .math, .html, .footnote, .softBreak, .lineBreak: inline.kind
        }
      return MarkdownInline(kind, span: span)
    }
  }
}

extension SourceText {
  /// Returns whether `#` marks that make a heading stand at an offset.
  func hasHeadingMarks(at offset: Int) -> Bool {
    let marks = bytes[offset...].prefix { $0 == Ascii.hash }
    guard (1...6).contains(marks.count) else { return false }
    guard marks.endIndex < bytes.count else { return true }
    return Ascii.isBlank(bytes[marks.endIndex]) || Ascii.isLineEnd(bytes[marks.endIndex])
  }
}
