/// Turns running text into runs.
struct InlineText {
  let style: Style
  let isLinking: Bool
  /// What stands for `#` in the text of a link, by the name that it leads to.
  let labels: [String: String]

  func runs(_ inlines: [MarkdownInline]) -> [TextRun] {
    var builder = RunBuilder(isMarked: !style.isColored, isLinking: isLinking, labels: labels)
    builder.add(inlines, .plain)
    return builder.runs
  }
}

private struct RunBuilder {
  /// Without colours, the marks of emphasis and code stay.
  let isMarked: Bool
  let isLinking: Bool
  let labels: [String: String]
  var runs: [TextRun] = []
  private var link: String?

  init(isMarked: Bool, isLinking: Bool, labels: [String: String]) {
    self.isMarked = isMarked
    self.isLinking = isLinking
    self.labels = labels
  }

  mutating func add(_ inlines: [MarkdownInline], _ style: TextStyle) {
    for inline in inlines.withoutWideBreaks { add(inline, style) }
  }

  private mutating func append(
    _ text: String, _ style: TextStyle, isUnbroken: Bool = false,
    with neighbour: TextRun.Neighbour? = nil
  ) {
    runs.append(TextRun(text, style, link: link, isUnbroken: isUnbroken, with: neighbour))
  }

  /// Adds an address, which stays in one piece.
  private mutating func append(address: String) {
    append(" ", .plain)
    append("(\(address.oneLine))", .dim, isUnbroken: true)
  }

  private mutating func add(_ inline: MarkdownInline, _ style: TextStyle) {
    var inner = style
    switch inline.kind {
    case .text(let text): append(text.oneLine, style)
    case .code(let code):
      inner.color = .cyan
      append(isMarked ? "`\(code.oneLine)`" : code.oneLine, inner)
    case .math(let tex):
      inner.isItalic = false
      append(TeXText.line(tex) ?? tex.oneLine, inner, isUnbroken: true)
    case .footnote(let reference):
      inner.isDim = true
      append("[\(reference.number)]", inner, isUnbroken: true, with: .previous)
    case .emphasis(let children):
      inner.isItalic = true
      marked("*", children, inner)
    case .strong(let children):
      inner.isBold = true
      marked("**", children, inner)
    case .link(let destination, _, let children): add(children, to: destination, style)
    case .image(let source, _, let alternative):
      inner.isItalic = true
      let text = alternative.plainText
      append(text.isEmpty ? "[image]" : "[image: \(text.oneLine)]", inner)
      append(address: source)
    case .html(let tag):
      if tag.lowercased().hasPrefix("<br") {
        append("\n", style)
      } else if !tag.hasPrefix("<!--") {
        append(tag.oneLine, .dim)
      }
    case .softBreak: append(" ", style)
    case .lineBreak: append("\n", style)
    }
  }

  private mutating func marked(_ mark: String, _ children: [MarkdownInline], _ style: TextStyle) {
    if isMarked { append(mark, style, isUnbroken: true, with: .next) }
    add(children, style)
    if isMarked { append(mark, style, isUnbroken: true, with: .previous) }
  }

  private mutating func add(
    _ children: [MarkdownInline], to destination: String, _ style: TextStyle
  ) {
    var inner = style
    inner.isUnderlined = true
    let target = LinkTarget(destination)
    if isLinking, let address = target.address {
      let outer = link
      link = address
      add(children, inner)
      link = outer
      return
    }
    if destination.hasPrefix("#"), let label = labels[String(destination.dropFirst())] {
      let text = children.plainText.split(separator: "#", omittingEmptySubsequences: false)
      append(text.joined(separator: label), style)
      return
    }
    add(children, inner)
    // A place on the same page, and an address that is its own text, need no address beside it.
    let text = children.plainText
    guard !destination.hasPrefix("#"), !destination.isEmpty, destination != text,
      destination != "mailto:" + text
    else { return }
    append(address: destination)
  }
}

/// Where a link leads.
struct LinkTarget {
  /// The address in characters that no terminal acts on, or nil where a terminal couldn't open it.
  let address: String?

  init(_ destination: String) {
    let schemes = ["https://", "http://", "mailto:"]
    guard schemes.contains(where: destination.lowercased().hasPrefix),
      destination.utf8.count <= 2000
    else {
      address = nil
      return
    }
    address = destination.utf8.map { byte in
      (0x21...0x7E).contains(byte)
        ? String(Unicode.Scalar(byte)) : "%" + LessonLimits.hexadecimal(byte)
    }.joined()
  }
}

extension String {
  /// The text with blanks for tabs and line ends.
  var oneLine: String {
    contains { $0.isNewline || $0 == "\t" }
      ? String(map { $0.isNewline || $0 == "\t" ? " " : $0 }) : self
  }
}
