/// Pieces of a file, put together to be parsed apart from the rest of it.
///
/// Every byte remembers where it stands in the file, so that what is parsed gets its true place. The
/// rest of the file follows the pieces: its link definitions hold in them, too.
struct MarkdownPieces {
  private let source: SourceText
  private let rest: SourceText
  private var bytes: [UInt8] = []
  private var origins: [Int] = []

  /// - Parameter rest: What of the file follows the pieces, as long as the file.
  init(of source: SourceText, rest: SourceText) {
    self.source = source
    self.rest = rest
  }

  /// Adds bytes of the file.
  mutating func append(_ range: Range<Int>) {
    bytes += source.bytes[range]
    origins += range
  }

  /// Adds marks that the file doesn't hold; they stand for nothing at an offset of it.
  mutating func append(marks: String, at offset: Int) {
    bytes += marks.utf8
    origins += [Int](repeating: offset, count: marks.utf8.count)
  }

  /// Parses the pieces and then the file; the blocks of the file follow those of the pieces.
  func parsed() throws(MarkdownError) -> [MarkdownBlock] {
    try MarkdownParser.parse(SourceText(bytes + rest.bytes.dropFirst(rest.markLength)))
  }

  /// Returns where in the file a range of the parsed text stands.
  func origin(of range: Range<Int>) -> Range<Int> {
    let end = source.bytes.count
    guard range.lowerBound < origins.count else { return end..<end }
    let start = origins[range.lowerBound]
    guard !range.isEmpty else { return start..<start }
    let last = range.upperBound - 1
    return start..<max(start, last < origins.count ? min(origins[last] + 1, end) : end)
  }

  func origin(of span: SourceSpan) -> SourceSpan { source.span(origin(of: span.bytes)) }

  func origin(of inlines: [MarkdownInline]) -> [MarkdownInline] {
    inlines.map { inline in
      let kind: MarkdownInline.Kind =
        switch inline.kind {
        case .emphasis(let children): .emphasis(origin(of: children))
        case .strong(let children): .strong(origin(of: children))
        case .link(let destination, let title, let children):
          .link(destination: destination, title: title, origin(of: children))
        case .image(let image, let title, let children):
          .image(source: image, title: title, alternative: origin(of: children))
        case .text, .code, .math, .html, .footnote, .softBreak, .lineBreak: inline.kind
        }
      return MarkdownInline(kind, span: origin(of: inline.span))
    }
  }

  func origin(of blocks: [MarkdownBlock]) -> [MarkdownBlock] {
    blocks.map { block in
      let kind: MarkdownBlock.Kind
      switch block.kind {
      case .heading(let level, let inlines): kind = .heading(level: level, origin(of: inlines))
      case .paragraph(let inlines): kind = .paragraph(origin(of: inlines))
      case .codeBlock(let code): kind = .codeBlock(origin(of: code))
      case .math(let code): kind = .math(origin(of: code))
      case .quote(let children): kind = .quote(origin(of: children))
      case .alert(let alert, let children): kind = .alert(alert, origin(of: children))
      case .list(var list):
        list.items = list.items.map { origin(of: $0) }
        kind = .list(list)
      // Tables are read once everything stands in its place.
      case .table, .html, .thematicBreak: kind = block.kind
      }
      return MarkdownBlock(kind, span: origin(of: block.span))
    }
  }

  private func origin(of code: CodeBlock) -> CodeBlock {
    var code = code
    code.lines = code.lines.map { origin(of: $0) }
    if var fence = code.fence {
      fence.info = origin(of: fence.info)
      fence.content = origin(of: fence.content)
      fence.closingPrefix = fence.closingPrefix.map { origin(of: $0) }
      code.fence = fence
    }
    return code
  }
}
