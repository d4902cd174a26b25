@testable import Runner

/// A lesson as text, with everything that a fixture should notice.
enum LessonDescription {
  static func text(_ lesson: Lesson) -> String {
    "title: \(lesson.title)\n\n" + lesson.document.map { block($0, indent: "") }.joined() + "\n"
      + lesson.footnotes.map(footnote).joined()
      + lesson.cells.map(cell).joined(separator: "\n")
  }

  private static func cell(_ cell: Cell) -> String {
    var lines = ["cell \(cell.index) '\(cell.id)' at \(place(cell.span))"]
    lines.append("  sections: \(cell.sections.joined(separator: " > "))")
    let changed = options(cell.options)
    if !changed.isEmpty { lines.append("  options: \(changed)") }
    for (line, start) in zip(
      cell.source.split(separator: "\n", omittingEmptySubsequences: false), cell.lineStarts)
    {
      lines.append("  \(start.line):\(start.column) \(line.debugDescription)")
    }
    for claim in cell.printsClaims {
      lines.append("  claim \(claim.line): \(claim.text.debugDescription)")
    }
    for (name, text) in [
      ("output", cell.expectedOutput), ("diagnostics", cell.expectedDiagnostics),
    ] {
      guard let text else { continue }
      lines.append(
        "  \(name) \(place(text.span)) content \(text.content) line \(text.firstLine) "
          + "prefix \(text.linePrefix.debugDescription): \(text.text.debugDescription)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func options(_ options: CellOptions) -> String {
    let defaults = Mirror(reflecting: CellOptions()).children.map { "\($0.value)" }
    return zip(Mirror(reflecting: options).children, defaults)
      .filter { "\($0.value)" != $1 }
      .map { child, _ in "\(child.label ?? "") = \(child.value)" }.joined(separator: ", ")
  }

  private static func block(_ block: MarkdownBlock, indent: String) -> String {
    let inner = indent + "  "
    let start = "\(indent)\(place(block.span)) "
    switch block.kind {
    case .heading(let level, let inlines):
      return "\(start)heading \(level)\n" + inlines.map { inline($0, indent: inner) }.joined()
    case .paragraph(let inlines):
      return "\(start)paragraph\n" + inlines.map { inline($0, indent: inner) }.joined()
    case .codeBlock(let code):
      return "\(start)code \(code.info.debugDescription) \(code.role)\n"
    case .math(let code): return "\(start)math \(code.text.debugDescription)\n"
    case .alert(let alert, let blocks):
      return "\(start)alert \(alert)\n" + blocks.map { self.block($0, indent: inner) }.joined()
    case .table(let table):
      let alignments = table.alignments.map { $0.map(\.rawValue) ?? "-" }.joined(separator: " ")
      return "\(start)table \(alignments)\n"
        + ([table.header] + table.rows).map { row(of: $0, indent: inner) }.joined()
    case .quote(let blocks):
      return "\(start)quote\n" + blocks.map { self.block($0, indent: inner) }.joined()
    case .list(let list):
      let items = list.items.map { item in
        "\(inner)item\n" + item.map { self.block($0, indent: inner + "  ") }.joined()
      }
      return "\(start)list \(list.start.map(String.init) ?? "bullet") "
        + "\(list.isTight ? "tight" : "loose")\n" + items.joined()
    case .html(let text): return "\(start)html \(text.debugDescription)\n"
    case .thematicBreak: return "\(start)thematic break\n"
    }
  }

  private static func row(of cells: [MarkdownTable.Cell], indent: String) -> String {
    "\(indent)row\n"
      + cells.map { cell in
        "\(indent)  \(place(cell.span)) cell\n"
          + cell.inlines.map { inline($0, indent: indent + "    ") }.joined()
      }.joined()
  }

  private static func footnote(_ footnote: MarkdownFootnote) -> String {
    "footnote \(footnote.number) '\(footnote.label)' at \(place(footnote.span)), "
      + "referred to \(footnote.references) times\n"
      + footnote.blocks.map { block($0, indent: "  ") }.joined() + "\n"
  }

  private static func inline(_ inline: MarkdownInline, indent: String) -> String {
    let (name, children): (String, [MarkdownInline]) =
      switch inline.kind {
      case .text(let text): ("text \(text.debugDescription)", [])
      case .code(let text): ("code \(text.debugDescription)", [])
      case .math(let text): ("math \(text.debugDescription)", [])
      case .footnote(let reference):
        ("footnote \(reference.number) '\(reference.label)' \(reference.occurrence)", [])
      case .html(let text): ("html \(text.debugDescription)", [])
      case .emphasis(let children): ("emphasis", children)
      case .strong(let children): ("strong", children)
      case .link(let destination, _, let children): ("link \(destination)", children)
      case .image(let source, _, let children): ("image \(source)", children)
      case .softBreak: ("soft break", [])
      case .lineBreak: ("line break", [])
      }
    return "\(indent)\(place(inline.span)) \(name)\n"
      + children.map { self.inline($0, indent: indent + "  ") }.joined()
  }

  private static func place(_ span: SourceSpan) -> String {
    "\(span.start.line):\(span.start.column) \(span.bytes.lowerBound)..<\(span.bytes.upperBound)"
  }
}
