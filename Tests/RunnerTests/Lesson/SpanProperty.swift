import Testing

@testable import Runner

/// What every span of every lesson has to keep.
enum SpanProperty {
  static func expectSpansHold(
    in blocks: [MarkdownBlock], of bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    expect(blocks, within: 0..<bytes.count, SourceText(bytes), sourceLocation)
  }

  static func expectSpansHold(
    in lesson: Lesson, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let source = SourceText(lesson.bytes)
    expect(lesson.document, within: 0..<lesson.bytes.count, source, sourceLocation)
    for footnote in lesson.footnotes {
      expect(footnote.blocks, within: footnote.span.bytes, source, sourceLocation)
    }
    for cell in lesson.cells {
      // Each line of code is the tail of its line in the file, apart from a tab taken in part.
      let lines = cell.source.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
        .dropLast()
      #expect(lines.count == cell.lineStarts.count, sourceLocation: sourceLocation)
      for (line, start) in zip(lines, cell.lineStarts) {
        let whole = source.line(start.line)
        let mark = start.line == 1 ? source.markLength : 0
        let tail = lesson.bytes[(whole.lowerBound + mark + start.column - 1)..<whole.upperBound]
        #expect(
          Array(line.drop { $0 == 0x20 }) == Array(tail.drop { $0 == 0x20 }),
          sourceLocation: sourceLocation)
      }
      let opening = lesson.bytes[cell.span.bytes].prefix { $0 == cell.firstMark(lesson) }
      #expect(opening.count >= 3, sourceLocation: sourceLocation)
      #expect(
        lesson.bytes[cell.span.bytes].suffix(opening.count).allSatisfy { $0 == opening.first },
        sourceLocation: sourceLocation)
      for expected in [cell.expectedOutput, cell.expectedDiagnostics] {
        guard let expected else { continue }
        let content = SourceText(Array(lesson.bytes[expected.content]))
        let whole = (1...content.lineCount).map { content.bytes[content.line($0)] }.dropLast()
        let lines = OutputComparison.lines(of: Array(expected.text.utf8))
        #expect(whole.count == lines.count, sourceLocation: sourceLocation)
        for (line, text) in zip(whole, lines) {
          let text = text.drop { $0 == 0x20 }
          #expect(line.suffix(text.count).elementsEqual(text), sourceLocation: sourceLocation)
        }
      }
    }
  }

  private static func expect(
    _ blocks: [MarkdownBlock], within outer: Range<Int>, _ source: SourceText,
    _ sourceLocation: SourceLocation
  ) {
    var last = outer.lowerBound
    for block in blocks {
      let bytes = block.span.bytes
      #expect(
        bytes.lowerBound >= last && bytes.upperBound <= outer.upperBound,
        "block \(bytes) in \(outer) after \(last)", sourceLocation: sourceLocation)
      #expect(source.position(at: bytes.lowerBound) == block.span.start)
      last = bytes.upperBound
      switch block.kind {
      case .heading(_, let inlines), .paragraph(let inlines):
        expect(inlines, within: bytes, sourceLocation)
      case .table(let table):
        for row in [table.header] + table.rows {
          for cell in row { expect(cell.inlines, within: cell.span.bytes, sourceLocation) }
        }
      case .quote(let children), .alert(_, let children):
        expect(children, within: bytes, source, sourceLocation)
      case .list(let list):
        for item in list.items { expect(item, within: bytes, source, sourceLocation) }
      case .codeBlock, .math, .html, .thematicBreak: break
      }
    }
  }

  private static func expect(
    _ inlines: [MarkdownInline], within outer: Range<Int>, _ sourceLocation: SourceLocation
  ) {
    var last = outer.lowerBound
    for inline in inlines {
      let bytes = inline.span.bytes
      #expect(
        bytes.lowerBound >= last && bytes.upperBound <= outer.upperBound,
        "inline \(inline.kind) \(bytes) in \(outer) after \(last)", sourceLocation: sourceLocation)
      last = bytes.upperBound
      switch inline.kind {
      case .emphasis(let children), .strong(let children), .link(_, _, let children),
        .image(_, _, let children):
        expect(children, within: bytes, sourceLocation)
      case .text, .code, .math, .html, .footnote, .softBreak, .lineBreak: break
      }
    }
  }
}

extension Cell {
  fileprivate func firstMark(_ lesson: Lesson) -> UInt8 { lesson.bytes[span.bytes.lowerBound] }
}
