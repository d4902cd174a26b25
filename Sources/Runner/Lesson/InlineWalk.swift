/// One attempt at walking through a block's bytes.
struct InlineWalk {
  let source: SourceText
  var cursor: Int
  let quoteDepth: Int
  /// How many bytes of link destinations may still be looked at: many unclosed ones in one paragraph
  /// would each be followed to its end.
  var budget = 20_000_000

  init(source: SourceText, cursor: Int, quoteDepth: Int) {
    self.source = source
    self.cursor = cursor
    self.quoteDepth = quoteDepth
  }

  var byte: UInt8? { peek(0) }

  func peek(_ distance: Int) -> UInt8? {
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

  mutating func skipBlanks() {
    while let byte, Ascii.isBlank(byte) { cursor += 1 }
  }

  mutating func skipLineEnd() -> Bool {
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
