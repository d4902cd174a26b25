extension InlineWalk {
  mutating func walkAutolink(_ children: [MarkdownInline]) -> [MarkdownInline]? {
    cursor += 1
    let start = cursor
    guard let end = source.bytes[cursor...].firstIndex(of: Ascii.greater) else { return nil }
    cursor = end + 1
    return children.map { MarkdownInline($0.kind, span: source.span(start..<end)) }
  }

  mutating func walkLink(_ children: [MarkdownInline]) -> [MarkdownInline]? {
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
}
