extension [MarkdownInline] {
  /// The text without the line ends that are no blanks: those between East Asian characters.
  var withoutWideBreaks: [MarkdownInline] {
    guard contains(where: { $0.kind == .softBreak }) else { return self }
    return indices.filter { index in
      guard self[index].kind == .softBreak, index > startIndex, index + 1 < endIndex,
        let last = self[index - 1].lastCharacter, let first = self[index + 1].firstCharacter
      else { return true }
      return TerminalText.width(of: last) < 2 || TerminalText.width(of: first) < 2
    }.map { self[$0] }
  }
}

extension MarkdownInline {
  fileprivate var firstCharacter: Character? {
    switch kind {
    case .text(let text): text.first
    case .emphasis(let children), .strong(let children), .link(_, _, let children):
      children.first?.firstCharacter
    default: nil
    }
  }

  fileprivate var lastCharacter: Character? {
    switch kind {
    case .text(let text): text.last
    case .emphasis(let children), .strong(let children), .link(_, _, let children):
      children.last?.lastCharacter
    default: nil
    }
  }
}
