/// Finds where each piece of a paragraph or heading stands in the file.
///
/// cmark's own columns ignore container marks and indentation after a paragraph's first line. This walks
/// through the bytes beside the inlines instead: what an inline became is known, and each byte of the
/// file must account for it.
struct InlineLocator {
  private let source: SourceText
  private let start: Int
  private let quoteDepth: Int

  init(source: SourceText, start: Int, quoteDepth: Int) {
    self.source = source
    self.start = start
    self.quoteDepth = quoteDepth
  }

  /// Returns the inlines with their spans, and where the last one ends.
  ///
  /// A paragraph may begin with link reference definitions, which leave no trace in the tree; so the walk
  /// begins at the first line from which it arrives. Inlines that can't be found get the block's start.
  func locate(_ inlines: [MarkdownInline]) -> ([MarkdownInline], end: Int) {
    let line = source.position(at: start).line
    for first in line..<min(line + 64, source.lineCount + 1) {
      var walk = InlineWalk(
        source: source, cursor: first == line ? start : source.line(first).lowerBound,
        quoteDepth: quoteDepth)
      if first == line { walk.skipHeadingMarks() } else { walk.skipPrefix() }
      if let located = walk.walk(inlines) { return (walk.merged(located), walk.cursor) }
      // Only a definition, which begins with a bracket, can stand before the text.
      if start >= source.bytes.count || source.bytes[start] != Ascii.openBracket { break }
    }
    return (inlines, source.line(line).upperBound)
  }
}

/// One attempt at walking through a block's bytes.
private struct InlineWalk {
  let source: SourceText
  var cursor: Int
  let quoteDepth: Int

  private var byte: UInt8? { peek(0) }

  private func peek(_ distance: Int) -> UInt8? {
    cursor + distance < source.bytes.count ? source.bytes[cursor + distance] : nil
  }

  mutating func skipHeadingMarks() {
    guard byte == Ascii.hash else { return }
    while byte == Ascii.hash { cursor += 1 }
    skipBlanks()
  }

  /// Steps over what containers put before a line's text.
  mutating func skipPrefix() {
    var quotes = quoteDepth
    while true {
      skipBlanks()
      guard byte == Ascii.greater, quotes > 0 else { return }
      quotes -= 1
      cursor += 1
    }
  }

  private mutating func skipBlanks() {
    while let byte, Ascii.isBlank(byte) { cursor += 1 }
  }

  private mutating func skipLineEnd() -> Bool {
    guard let byte, Ascii.isLineEnd(byte) else { return false }
    cursor += byte == Ascii.carriageReturn && peek(1) == Ascii.lineFeed ? 2 : 1
    return true
  }

  mutating func walk(_ inlines: [MarkdownInline]) -> [MarkdownInline]? {
    var located: [MarkdownInline] = []
    located.reserveCapacity(inlines.count)
    for inline in inlines {
      let start = cursor
      guard let kind = walk(inline.kind) else { return nil }
      located.append(MarkdownInline(kind, span: source.span(start..<cursor)))
    }
    return located
  }

  private mutating func walk(_ kind: MarkdownInline.Kind) -> MarkdownInline.Kind? {
    switch kind {
    case .text(let text): return walkText(Array(text.utf8)) ? kind : nil
    case .code: return walkCode() ? kind : nil
    case .html(let text): return walkHTML(Array(text.utf8)) ? kind : nil
    case .softBreak, .lineBreak:
      skipBlanks()
      if byte == Ascii.backslash { cursor += 1 }
      guard skipLineEnd() else { return nil }
      skipPrefix()
      return kind
    case .emphasis(let children):
      return walkDelimited(children, marks: 1).map { .emphasis($0) }
    case .strong(let children):
      return walkDelimited(children, marks: 2).map { .strong($0) }
    case .link(let destination, let title, let children):
      if byte == Ascii.less {
        return walkAutolink(children).map { .link(destination: destination, title: title, $0) }
      }
      return walkLink(children).map { .link(destination: destination, title: title, $0) }
    case .image(let image, let title, let children):
      guard byte == UInt8(ascii: "!") else { return nil }
      cursor += 1
      return walkLink(children).map { .image(source: image, title: title, alternative: $0) }
    }
  }

  private mutating func walkText(_ text: [UInt8]) -> Bool {
    if text == [Ascii.ampersand], isEscapedAmpersand { return skipEntity() }
    for (index, wanted) in text.enumerated() {
      if byte == Ascii.backslash, peek(1) == wanted, wanted.isPunctuation {
        cursor += 2
      } else if byte == wanted {
        cursor += 1
      } else if byte == Ascii.ampersand, index == 0 {
        // cmark makes one node of each entity.
        return skipEntity()
      } else {
        return false
      }
    }
    return true
  }

  private var isEscapedAmpersand: Bool {
    ["&amp;", "&AMP;", "&#38;", "&#x26;", "&#X26;"].contains { name in
      source.bytes[cursor...].prefix(name.utf8.count).elementsEqual(name.utf8)
    }
  }

  private mutating func skipEntity() -> Bool {
    guard let end = source.bytes[cursor...].prefix(40).firstIndex(of: UInt8(ascii: ";")) else {
      return false
    }
    cursor = end + 1
    return true
  }

  private mutating func walkCode() -> Bool {
    let length = source.bytes[cursor...].prefix { $0 == Ascii.backtick }.count
    guard length > 0 else { return false }
    cursor += length
    while cursor < source.bytes.count {
      let run = source.bytes[cursor...].prefix { $0 == Ascii.backtick }.count
      cursor += max(run, 1)
      if run == length { return true }
    }
    return false
  }

  private mutating func walkHTML(_ text: [UInt8]) -> Bool {
    var index = 0
    while index < text.count {
      if Ascii.isLineEnd(text[index]) {
        skipBlanks()
        guard skipLineEnd() else { return false }
        while index < text.count, Ascii.isLineEnd(text[index]) { index += 1 }
        skipPrefix()
        while index < text.count, Ascii.isBlank(text[index]) { index += 1 }
      } else {
        guard byte == text[index] else { return false }
        cursor += 1
        index += 1
      }
    }
    return true
  }

  private mutating func walkDelimited(
    _ children: [MarkdownInline], marks: Int
  ) -> [MarkdownInline]? {
    guard let mark = byte, mark == Ascii.star || mark == UInt8(ascii: "_") else { return nil }
    for _ in 0..<marks {
      guard byte == mark else { return nil }
      cursor += 1
    }
    guard let located = walk(children) else { return nil }
    for _ in 0..<marks {
      guard byte == mark else { return nil }
      cursor += 1
    }
    return merged(located)
  }

  private mutating func walkAutolink(_ children: [MarkdownInline]) -> [MarkdownInline]? {
    cursor += 1
    let start = cursor
    guard let end = source.bytes[cursor...].firstIndex(of: Ascii.greater) else { return nil }
    cursor = end + 1
    return children.map { MarkdownInline($0.kind, span: source.span(start..<end)) }
  }

  private mutating func walkLink(_ children: [MarkdownInline]) -> [MarkdownInline]? {
    guard byte == Ascii.openBracket else { return nil }
    cursor += 1
    guard let located = walk(children) else { return nil }
    skipBreaks()
    guard byte == Ascii.closeBracket else { return nil }
    cursor += 1
    let end = cursor
    if !walkDestination() {
      cursor = end
      if !walkLabel() { cursor = end }
    }
    return merged(located)
  }

  private mutating func skipBreaks() {
    skipBlanks()
    while skipLineEnd() { skipPrefix() }
  }

  /// Steps over `(destination "title")`.
  private mutating func walkDestination() -> Bool {
    guard byte == Ascii.openParenthesis else { return false }
    cursor += 1
    skipBreaks()
    if byte == Ascii.less {
      guard walk(to: Ascii.greater) else { return false }
    } else {
      var depth = 0
      while let byte, byte > Ascii.space {
        if byte == Ascii.backslash { cursor += 1 }
        if byte == Ascii.openParenthesis { depth += 1 }
        if byte == Ascii.closeParenthesis {
          if depth == 0 { break }
          depth -= 1
        }
        cursor += 1
      }
    }
    skipBreaks()
    if let open = byte,
      open == Ascii.quote || open == UInt8(ascii: "'") || open == Ascii.openParenthesis
    {
      guard walk(to: open == Ascii.openParenthesis ? Ascii.closeParenthesis : open) else {
        return false
      }
      skipBreaks()
    }
    guard byte == Ascii.closeParenthesis else { return false }
    cursor += 1
    return true
  }

  /// Steps over `[label]`.
  private mutating func walkLabel() -> Bool {
    guard byte == Ascii.openBracket else { return false }
    let end = min(cursor + 1000, source.bytes.count)
    var offset = cursor + 1
    while offset < end {
      switch source.bytes[offset] {
      case Ascii.backslash: offset += 2
      case Ascii.openBracket: return false
      case Ascii.closeBracket:
        cursor = offset + 1
        return true
      default: offset += 1
      }
    }
    return false
  }

  /// Steps from an opening mark past the next closing one that no backslash escapes.
  private mutating func walk(to close: UInt8) -> Bool {
    cursor += 1
    while let byte {
      cursor += byte == Ascii.backslash ? 2 : 1
      if byte == close { return true }
    }
    return false
  }

  /// Joins neighbouring texts: cmark breaks them wherever markup might have begun.
  func merged(_ inlines: [MarkdownInline]) -> [MarkdownInline] {
    var result: [MarkdownInline] = []
    var text = ""
    var range: Range<Int>?
    func flush() {
      if let range { result.append(MarkdownInline(.text(text), span: source.span(range))) }
      text = ""
      range = nil
    }
    for inline in inlines {
      if case .text(let piece) = inline.kind {
        text += piece
        range = (range?.lowerBound ?? inline.span.bytes.lowerBound)..<inline.span.bytes.upperBound
      } else {
        flush()
        result.append(inline)
      }
    }
    flush()
    return result
  }
}

extension UInt8 {
  fileprivate var isPunctuation: Bool {
    self > Ascii.space && self < 0x7F && !Ascii.isLetter(self) && !Ascii.isDigit(self)
  }
}
