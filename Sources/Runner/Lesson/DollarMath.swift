/// Finds formulas written as bare `$…$`, which Markdown takes apart before anyone sees them.
///
/// The rules for what is a formula are GitHub's: no blank inside the marks, no digit after the closing
/// one, so that "from $5 to $6" is prose.
struct DollarMath {
  let source: SourceText

  func diagnostics(in inlines: [MarkdownInline]) -> [Diagnostic] {
    // Without exact places, code couldn't be told from prose.
    guard let first = inlines.first?.span.bytes, let last = inlines.last?.span.bytes,
      first.lowerBound < last.upperBound
    else { return [] }
    let block = first.lowerBound..<last.upperBound
    guard source.bytes[block].contains(Ascii.dollar) else { return [] }
    var opaque: [Range<Int>] = []
    collectOpaque(inlines, into: &opaque)
    var found: [Diagnostic] = []
    var open: Int?
    var offset = block.lowerBound
    var nextOpaque = 0
    while offset < block.upperBound, found.count <= LessonLimits.diagnostics {
      while nextOpaque < opaque.count, opaque[nextOpaque].upperBound <= offset { nextOpaque += 1 }
      if nextOpaque < opaque.count, opaque[nextOpaque].contains(offset) {
        // A formula holds no code or HTML, and `$`…`$` is the way that we ask for.
        offset = opaque[nextOpaque].upperBound
        if offset < block.upperBound, source.bytes[offset] == Ascii.dollar { offset += 1 }
        open = nil
        continue
      }
      let byte = source.bytes[offset]
      if byte == Ascii.backslash {
        offset += 2
        continue
      }
      guard byte == Ascii.dollar else {
        offset += 1
        continue
      }
      let marks = source.bytes[offset..<block.upperBound].prefix { $0 == Ascii.dollar }.count
      let after = offset + marks
      let before = offset > block.lowerBound ? source.bytes[offset - 1] : Ascii.space
      let next = after < block.upperBound ? source.bytes[after] : Ascii.space
      if let start = open, canClose(before: before, next: next, marks: marks) {
        if isFormula(start..<after) { found.append(diagnostic(start..<after)) }
        open = nil
      } else if marks <= 2, !isBlank(next) || marks == 2, next != Ascii.backtick {
        open = offset
      }
      offset = after
    }
    return found
  }

  private func isBlank(_ byte: UInt8) -> Bool { Ascii.isBlank(byte) || Ascii.isLineEnd(byte) }

  private func canClose(before: UInt8, next: UInt8, marks: Int) -> Bool {
    marks == 2 || (!isBlank(before) && !Ascii.isDigit(next))
  }

  private func isFormula(_ range: Range<Int>) -> Bool {
    source.bytes[range].contains { $0 == Ascii.backslash || $0 == 0x5F || $0 == UInt8(ascii: "^") }
  }

  private func diagnostic(_ range: Range<Int>) -> Diagnostic {
    let position = source.position(at: range.lowerBound)
    let isDisplay = source.bytes[range.lowerBound + 1] == Ascii.dollar
    let isOneLine = range.upperBound <= source.line(position.line).upperBound
    let text = isOneLine ? source.text(range) : isDisplay ? "$$…$$" : "$…$"
    let inner = text.drop { $0 == "$" }.reversed().drop { $0 == "$" }.reversed()
    let code = "$`\(String(inner))`$"
    return Diagnostic(
      at: position, length: isOneLine ? range.count : 1,
      "the formula '\(Diagnostic.excerpt(text))' stands bare in the text, where Markdown takes '\\', '_' and '^' apart",
      help: isDisplay
        ? "write it in a fence: ```math"
        : "write \(Diagnostic.excerpt(code)), with backticks inside the dollars")
  }

  /// Collects where code, HTML and link destinations stand, in order.
  private func collectOpaque(_ inlines: [MarkdownInline], into opaque: inout [Range<Int>]) {
    for inline in inlines {
      switch inline.kind {
      case .code, .math, .html, .footnote: opaque.append(inline.span.bytes)
      case .emphasis(let children), .strong(let children): collectOpaque(children, into: &opaque)
      case .link(_, _, let children), .image(_, _, let children):
        collectOpaque(children, into: &opaque)
        let end = children.last?.span.bytes.upperBound ?? inline.span.bytes.lowerBound
        if end < inline.span.bytes.upperBound { opaque.append(end..<inline.span.bytes.upperBound) }
      case .text, .softBreak, .lineBreak: break
      }
    }
  }
}
