/// Blocks in which `<details>` … `</details>` have become one folded part.
///
/// Raw HTML is shown as text on pages, but for these three tags: GitHub folds them, and so do we.
///
///     <details>
///     <summary>Hint</summary>
///
///     Any blocks.
///
///     </details>
indirect enum FoldedBlock {
  case block(MarkdownBlock)
  case details(summary: String, [FoldedBlock], SourceSpan)

  /// Folds blocks, and says which tags are left open or close nothing.
  static func fold(_ blocks: [MarkdownBlock]) -> (blocks: [FoldedBlock], diagnostics: [Diagnostic])
  {
    var open: [(summary: String, blocks: [FoldedBlock], span: SourceSpan)] = []
    var current: [FoldedBlock] = []
    var diagnostics: [Diagnostic] = []
    for block in blocks {
      guard case .html(let text) = block.kind, let tags = DetailsTags(text) else {
        current.append(.block(block))
        continue
      }
      for tag in tags.tags {
        switch tag {
        case .open(let summary):
          open.append((summary, current, block.span))
          current = []
        case .close:
          guard let outer = open.popLast() else {
            diagnostics.append(PageRule.strayDetails(at: block.span.start))
            continue
          }
          current = outer.blocks + [.details(summary: outer.summary, current, outer.span)]
        }
      }
    }
    while let outer = open.popLast() {
      diagnostics.append(PageRule.openDetails(at: outer.span.start))
      current = outer.blocks + [.details(summary: outer.summary, current, outer.span)]
    }
    return (current, diagnostics)
  }
}

/// The tags of an HTML block that holds nothing but `<details>`, `<summary>` and `</details>`.
private struct DetailsTags {
  enum Tag {
    case open(summary: String)
    case close
  }

  var tags: [Tag] = []

  init?(_ text: String) {
    var rest = Self.trimmed(text[...])
    while !rest.isEmpty {
      if let after = Self.drop("</details>", from: rest) {
        tags.append(.close)
        rest = Self.trimmed(after)
      } else if let after = Self.drop("<details>", from: rest) {
        rest = Self.trimmed(after)
        var summary = ""
        if let start = Self.drop("<summary>", from: rest) {
          guard let end = start.firstRange(of: "</summary>") else { return nil }
          summary = String(Self.trimmed(start[..<end.lowerBound]))
          rest = Self.trimmed(start[end.upperBound...])
        }
        tags.append(.open(summary: summary))
      } else {
        return nil
      }
    }
    if tags.isEmpty { return nil }
  }

  private static func drop(_ tag: String, from text: Substring) -> Substring? {
    text.prefix(tag.count).lowercased() == tag ? text.dropFirst(tag.count) : nil
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop(while: \.isWhitespace)
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return text
  }
}
