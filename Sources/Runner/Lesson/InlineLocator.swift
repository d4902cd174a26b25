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

/// One attempt at walking through a block's bytes.
private struct InlineWalk {
  let source: SourceText
  var cursor: Int
  let quoteDepth: Int
  /// How many bytes of link destinations may still be looked at: many unclosed ones in one paragraph
  /// would each be followed to its end.
  private var budget = 20_000_000

  init(source: SourceText, cursor: Int, quoteDepth: Int) {
    self.source = source
    self.cursor = cursor
    self.quoteDepth = quoteDepth
  }

  private var byte: UInt8? { peek(0) }

  private func peek(_ distance: Int) -> UInt8? {
    cursor + distance < source.bytes.count ? source.bytes[cursor + distance] : nil
  }

  mutating func skipHeadingMarks() {
    guard source.hasHeadingMarks(at: cursor) else { return }
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
    // cmark knows neither.
    case .math, .footnote: return nil
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
    var index = 0
    // After a backslash at a line's end, cmark keeps the next line's indentation.
    let blanks = text.prefix(while: Ascii.isBlank)
    if !blanks.isEmpty, byte != text.first, source.bytes[..<cursor].suffix(blanks.count) == blanks {
      cursor -= blanks.count
    }
    while index < text.count {
      let wanted = text[index]
      if byte == Ascii.ampersand, let entity = entity(in: text, at: index) {
        cursor += entity.source
        index += entity.text
      } else if byte == Ascii.backslash, peek(1) == wanted, wanted.isPunctuation {
        cursor += 2
        index += 1
      } else if byte == wanted {
        cursor += 1
        index += 1
      } else {
        return false
      }
    }
    return true
  }

  /// Returns how many bytes an entity takes in the file and in the text, or nil where `&` is itself.
  ///
  /// The table of names is cmark's; which of two scalars an unknown name stands for shows in what follows.
  private func entity(in text: [UInt8], at index: Int) -> (source: Int, text: Int)? {
    let rest = source.bytes[cursor...].prefix(40)
    guard let end = rest.firstIndex(of: UInt8(ascii: ";")) else { return nil }
    let name = rest[(cursor + 1)..<end]
    guard !name.isEmpty,
      name.allSatisfy({ Ascii.isLetter($0) || Ascii.isDigit($0) || $0 == Ascii.hash })
    else { return nil }
    let isAmpersand =
      ["amp", "AMP"].contains { name.elementsEqual($0.utf8) } || number(name) == 0x26
    if text[index] == Ascii.ampersand, !isAmpersand { return nil }
    let one = length(ofScalarIn: text, at: index)
    let next = index + one
    let after = end + 1
    let follows =
      next == text.count || (after < source.bytes.count && text[next] == source.bytes[after])
      || (after < source.bytes.count
        && [Ascii.ampersand, Ascii.backslash].contains(source.bytes[after]))
    let isOne = follows || name.first == Ascii.hash
    return (after - cursor, isOne ? one : one + length(ofScalarIn: text, at: next))
  }

  private func number(_ name: ArraySlice<UInt8>) -> Int? {
    guard name.first == Ascii.hash else { return nil }
    let digits = String(decoding: name.dropFirst(), as: UTF8.self)
    return digits.lowercased().hasPrefix("x") ? Int(digits.dropFirst(), radix: 16) : Int(digits)
  }

  private func length(ofScalarIn text: [UInt8], at index: Int) -> Int {
    guard index < text.count else { return 0 }
    return 1 + text[(index + 1)...].prefix { $0 & 0xC0 == 0x80 }.count
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
      while let byte, byte > Ascii.space, budget > 0 {
        budget -= 1
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

  /// Steps from an opening mark past the next closing one that no backslash escapes, over one line end
  /// at a time.
  private mutating func walk(to close: UInt8) -> Bool {
    cursor += 1
    while let byte, budget > 0 {
      budget -= 1
      if skipLineEnd() {
        skipPrefix()
        if let next = self.byte, Ascii.isLineEnd(next) { return false }
        continue
      }
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

extension SourceText {
  /// Returns whether `#` marks that make a heading stand at an offset.
  func hasHeadingMarks(at offset: Int) -> Bool {
    let marks = bytes[offset...].prefix { $0 == Ascii.hash }
    guard (1...6).contains(marks.count) else { return false }
    guard marks.endIndex < bytes.count else { return true }
    return Ascii.isBlank(bytes[marks.endIndex]) || Ascii.isLineEnd(bytes[marks.endIndex])
  }
}

extension UInt8 {
  fileprivate var isPunctuation: Bool {
    self > Ascii.space && self < 0x7F && !Ascii.isLetter(self) && !Ascii.isDigit(self)
  }
}
