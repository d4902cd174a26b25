/// Builds `[MarkdownBlock]` from the nodes that a Markdown parser enters and leaves.
struct MarkdownTree {
  /// A node with children.
  enum Container {
    case document, quote, item, paragraph, emphasis, strong
    case list(start: Int?, isTight: Bool)
    case heading(level: Int)
    case link(destination: String, title: String)
    case image(source: String, title: String)
  }

  /// A node without children.
  enum Leaf {
    case codeBlock(info: String, String)
    case htmlBlock(String)
    case thematicBreak
    case inline(MarkdownInline.Kind)
  }

  private struct Frame {
    var container: Container
    var start: Int
    var blocks: [MarkdownBlock] = []
    var items: [[MarkdownBlock]] = []
    /// Where the last item ends, which may hold no block.
    var itemsEnd = 0
    var inlines: [MarkdownInline] = []
  }

  private let source: SourceText
  private let blockLines: Set<Int>
  private var frames: [Frame] = []
  private var quoteDepth = 0
  private(set) var finished: [MarkdownBlock] = []

  /// - Parameter blockLines: The lines that some block begins on.
  init(source: SourceText, blockLines: Set<Int>) {
    self.source = source
    self.blockLines = blockLines
  }

  mutating func open(
    _ container: Container, line: Int, column: Int, limit: Int
  ) throws(MarkdownError) {
    // The document itself is no level.
    guard frames.count <= limit else {
      let position = frames.last { $0.start > 0 }.map { source.position(at: $0.start) }
      throw MarkdownGuard.tooDeep(at: position ?? SourcePosition(line: line), limit: limit)
    }
    if case .quote = container { quoteDepth += 1 }
    frames.append(Frame(container: container, start: offset(line: line, column: column)))
  }

  mutating func append(_ leaf: Leaf, line: Int, column: Int) {
    guard let top = frames.indices.last else { return }
    let start = offset(line: line, column: column)
    switch leaf {
    case .inline(let kind):
      // The span is found once the whole paragraph is known.
      frames[top].inlines.append(MarkdownInline(kind, span: source.span(start..<start)))
    case .thematicBreak:
      let end = trimmedEnd(ofLine: line, from: start)
      frames[top].blocks.append(MarkdownBlock(.thematicBreak, span: source.span(start..<end)))
    case .htmlBlock(let text):
      let last = line + max(lineCount(of: text) - 1, 0)
      let end = max(source.line(last).upperBound, start)
      frames[top].blocks.append(MarkdownBlock(.html(text), span: source.span(start..<end)))
    case .codeBlock(let info, let literal):
      let locator = CodeBlockLocator(
        source: source, line: line, start: start, blockLines: blockLines)
      let (block, range) = locator.locate(info: info, literal: literal)
      frames[top].blocks.append(MarkdownBlock(.codeBlock(block), span: source.span(range)))
    }
  }

  mutating func close() {
    guard let frame = frames.popLast() else { return }
    guard let top = frames.indices.last else {
      finished = frame.blocks
      return
    }
    func inline(_ kind: MarkdownInline.Kind) {
      frames[top].inlines.append(
        MarkdownInline(kind, span: source.span(frame.start..<frame.start)))
    }
    func block(_ kind: MarkdownBlock.Kind, until end: Int) {
      let span = source.span(frame.start..<max(end, frame.start))
      frames[top].blocks.append(MarkdownBlock(kind, span: span))
    }
    switch frame.container {
    case .document: finished = frame.blocks
    case .emphasis: inline(.emphasis(frame.inlines))
    case .strong: inline(.strong(frame.inlines))
    case .link(let destination, let title):
      inline(.link(destination: destination, title: title, frame.inlines))
    case .image(let image, let title):
      inline(.image(source: image, title: title, alternative: frame.inlines))
    case .paragraph:
      let (inlines, end) = located(frame, isHeading: false)
      block(.paragraph(inlines), until: end)
    case .heading(let level):
      let (inlines, end) = located(frame, isHeading: true)
      let isUnderlined = !source.hasHeadingMarks(at: frame.start)
      let line = source.position(at: end).line + (isUnderlined ? 1 : 0)
      block(.heading(level: level, inlines), until: trimmedEnd(ofLine: line, from: frame.start))
    case .quote:
      quoteDepth -= 1
      block(.quote(frame.blocks), until: end(of: frame.blocks, from: frame.start))
    case .item:
      frames[top].items.append(frame.blocks)
      frames[top].itemsEnd = end(of: frame.blocks, from: frame.start)
    case .list(let start, let isTight):
      let list = MarkdownList(start: start, isTight: isTight, items: frame.items)
      block(.list(list), until: frame.itemsEnd)
    }
  }

  private func located(_ frame: Frame, isHeading: Bool) -> ([MarkdownInline], end: Int) {
    let locator = InlineLocator(
      source: source, start: frame.start, isHeading: isHeading, quoteDepth: quoteDepth)
    return locator.locate(frame.inlines)
  }

  private func offset(line: Int, column: Int) -> Int {
    let range = source.line(line)
    // cmark never sees the byte order mark.
    let start = range.lowerBound + (line == 1 ? source.markLength : 0)
    return min(start + max(column - 1, 0), range.upperBound)
  }

  private func trimmedEnd(ofLine number: Int, from start: Int) -> Int {
    let line = source.line(number)
    var end = max(line.upperBound, start)
    while end > max(start, line.lowerBound), Ascii.isBlank(source.bytes[end - 1]) { end -= 1 }
    return end
  }

  /// A container ends where its last block does; an empty one ends with the marks it begins with.
  private func end(of blocks: [MarkdownBlock], from start: Int) -> Int {
    if let last = blocks.last { return last.span.bytes.upperBound }
    return trimmedEnd(ofLine: source.position(at: start).line, from: start)
  }

  private func lineCount(of text: String) -> Int {
    SourceText(Array(text.utf8)).lineCount - 1
  }
}
