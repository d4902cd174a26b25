/// Finds the definitions of footnotes, `[^label]: text`, and takes them out of the document.
///
/// cmark reads one as a paragraph, or as a link definition where it is a single word. A definition is
/// found as in GitHub's Markdown: it begins a line outside of code, quotes and list items, may interrupt
/// a paragraph, and goes on in lines that four blanks indent and in lazy lines of its last paragraph.
struct FootnoteDefinitions {
  struct Definition {
    var label: String
    /// From the opening bracket to the colon.
    var mark: Range<Int>
    /// The text of each line, the first one without its mark.
    var lines: [Range<Int>]
    var blocks: [MarkdownBlock] = []
  }

  var definitions: [Definition] = []
  /// The file with blanks for its definitions.
  private(set) var rest: SourceText
  private let source: SourceText
  private let document: [MarkdownBlock]

  init(in source: SourceText, document: [MarkdownBlock]) {
    self.source = source
    self.document = document
    rest = source
    guard source.bytes.contains(UInt8(ascii: "^")) else { return }
    var lines = LineKinds(source)
    lines.note(document)
    var number = 1
    while number <= source.lineCount {
      defer { number += 1 }
      guard let found = definition(onLine: number, lines) else { continue }
      var definition = found
      var last = number
      while let next = continuation(after: last) {
        // Blank lines before it belong to the text, too.
        for line in (last + 1)...next { definition.lines.append(source.line(line)) }
        last = next
      }
      definitions.append(definition)
      number = last
    }
  }

  /// Returns the document without the definitions, whose blocks are read.
  mutating func separate() throws(MarkdownError) -> [MarkdownBlock] {
    guard !definitions.isEmpty else { return document }
    var masked = source.bytes
    for definition in definitions {
      for index in definition.mark.lowerBound..<definition.mark.upperBound { masked[index] = 0x20 }
      for line in definition.lines { for index in line { masked[index] = 0x20 } }
    }
    rest = SourceText(masked)
    var pieces = MarkdownPieces(of: source, rest: rest)
    for definition in definitions {
      for (index, line) in definition.lines.enumerated() {
        // The content of such an item is indented by four columns, as that of a footnote.
        if index == 0 { pieces.append(marks: "+   ", at: line.lowerBound) }
        pieces.append(line)
        pieces.append(marks: "\n", at: line.upperBound)
      }
    }
    pieces.append(marks: "# .\n", at: source.bytes.count)
    do {
      if case .list(let list) = try pieces.parsed().first?.kind,
        list.items.count == definitions.count
      {
        for (index, item) in list.items.enumerated() {
          definitions[index].blocks = pieces.origin(of: item)
        }
      }
    } catch {
      var diagnostic = error.diagnostic
      diagnostic.position = source.position(at: definitions[0].mark.lowerBound)
      throw MarkdownError(diagnostic: diagnostic)
    }
    return try MarkdownParser.parse(rest)
  }

  private func definition(onLine number: Int, _ lines: LineKinds) -> Definition? {
    guard !lines.code.contains(number) else { return nil }
    var line = source.line(number)
    if number == 1 { line = min(source.markLength, line.upperBound)..<line.upperBound }
    let start = firstVisible(line)
    let indentation = start - line.lowerBound
    // What is indented in a list belongs to its item.
    guard indentation <= (lines.lists.contains(number) ? 1 : 3) else { return nil }
    guard !source.bytes[line.lowerBound..<start].contains(Ascii.tab),
      let end = FootnoteLabel.end(in: source.bytes, from: start), end < line.upperBound,
      source.bytes[end] == UInt8(ascii: ":")
    else { return nil }
    let text = firstVisible((end + 1)..<line.upperBound)
    return Definition(
      label: source.text((start + 2)..<(end - 1)), mark: start..<(end + 1),
      lines: [text..<line.upperBound])
  }

  /// Returns the next line that belongs to a footnote whose text reaches a line, if any.
  private func continuation(after last: Int) -> Int? {
    var number = last + 1
    while number <= source.lineCount {
      let line = source.line(number)
      let start = firstVisible(line)
      if start == line.upperBound {
        number += 1
        continue
      }
      let columns = source.bytes[line.lowerBound..<start].reduce(0) { columns, byte in
        byte == Ascii.tab ? columns / 4 * 4 + 4 : columns + 1
      }
      if columns >= 4 { return number }
      let isNext =
        number == last + 1 && firstVisible(source.line(last)) < source.line(last).upperBound
      return isNext && !beginsBlock(start..<line.upperBound) ? number : nil
    }
    return nil
  }

  private func firstVisible(_ range: Range<Int>) -> Int {
    source.bytes[range].firstIndex { !Ascii.isBlank($0) } ?? range.upperBound
  }

  /// Whether a line can't go on with the paragraph above it.
  private func beginsBlock(_ line: Range<Int>) -> Bool {
    let bytes = source.bytes[line]
    guard let first = bytes.first else { return true }
    switch first {
    case Ascii.hash, Ascii.greater, Ascii.less: return true
    case Ascii.backtick, Ascii.tilde: return bytes.prefix { $0 == first }.count >= 3
    case Ascii.openBracket:
      return FootnoteLabel.end(in: source.bytes, from: line.lowerBound).map { end in
        end < line.upperBound && source.bytes[end] == UInt8(ascii: ":")
      } ?? false
    case Ascii.star, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "_"):
      let rest = bytes.dropFirst()
      return rest.first.map(Ascii.isBlank) ?? true
        || bytes.allSatisfy { $0 == first || Ascii.isBlank($0) }
    case let digit where Ascii.isDigit(digit):
      let rest = bytes.drop(while: Ascii.isDigit)
      return (rest.first == UInt8(ascii: ".") || rest.first == Ascii.closeParenthesis)
        && rest.dropFirst().first.map(Ascii.isBlank) ?? true
    default: return false
    }
  }
}

/// The label of a footnote, `[^label]`.
enum FootnoteLabel {
  /// Returns the offset past the closing bracket, or nil where no label stands here.
  static func end(in bytes: [UInt8], from start: Int) -> Int? {
    guard start + 3 < bytes.count, bytes[start] == Ascii.openBracket,
      bytes[start + 1] == UInt8(ascii: "^")
    else { return nil }
    var end = start + 2
    while end < bytes.count, end - start <= 1000 {
      switch bytes[end] {
      case Ascii.closeBracket: return end == start + 2 ? nil : end + 1
      case Ascii.openBracket, Ascii.backslash, Ascii.backtick, 0...Ascii.space: return nil
      default: end += 1
      }
    }
    return nil
  }

  /// Labels that differ only in case are the same.
  static func key(_ label: String) -> String { label.lowercased() }
}

/// Which lines of a document are code or raw HTML, and which stand in lists.
private struct LineKinds {
  var code: Set<Int> = []
  var lists: Set<Int> = []
  private let source: SourceText

  init(_ source: SourceText) {
    self.source = source
  }

  mutating func note(_ blocks: [MarkdownBlock]) {
    for block in blocks {
      switch block.kind {
      case .codeBlock, .html: code.formUnion(lines(block.span))
      case .list(let list):
        lists.formUnion(lines(block.span))
        for item in list.items { note(item) }
      case .quote(let children): note(children)
      default: break
      }
    }
  }

  private func lines(_ span: SourceSpan) -> ClosedRange<Int> {
    let last = source.position(at: max(span.bytes.upperBound - 1, span.bytes.lowerBound)).line
    return span.start.line...max(last, span.start.line)
  }
}
