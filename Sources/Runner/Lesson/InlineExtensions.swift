/// Finds formulas, footnote references and alerts, and numbers the footnotes.
struct InlineExtensions {
  private(set) var diagnostics: [Diagnostic] = []
  private let source: SourceText
  private var definitions: [String: FootnoteDefinitions.Definition] = [:]
  /// The keys of the footnotes referred to, in the order of their numbers, and how often.
  private var order: [String] = []
  private var references: [String: Int] = [:]
  private var numbers: [String: Int] = [:]

  init(_ source: SourceText, definitions: [FootnoteDefinitions.Definition]) {
    self.source = source
    for definition in definitions {
      let key = FootnoteLabel.key(definition.label)
      if let first = self.definitions[key] {
        diagnostics.append(
          LessonRule.duplicateFootnote(
            definition.label, first: source.position(at: first.mark.lowerBound),
            at: source.span(definition.mark)))
      } else {
        self.definitions[key] = definition
      }
    }
  }

  /// Returns the footnotes in the order of their numbers, once the document is read.
  mutating func finish() -> [MarkdownFootnote] {
    var footnotes: [MarkdownFootnote] = []
    // A footnote may refer to others.
    while footnotes.count < order.count {
      guard let definition = definitions[order[footnotes.count]] else { break }
      let blocks = read(definition.blocks, isTopLevel: false)
      refuseCells(in: blocks)
      let end = max(blocks.last?.span.bytes.upperBound ?? 0, definition.mark.upperBound)
      footnotes.append(
        MarkdownFootnote(
          label: definition.label, number: footnotes.count + 1, references: 0, blocks: blocks,
          span: source.span(definition.mark.lowerBound..<end)))
    }
    for index in footnotes.indices { footnotes[index].references = references[order[index]] ?? 0 }
    for (key, definition) in definitions where references[key] == nil {
      diagnostics.append(
        LessonRule.unusedFootnote(definition.label, at: source.span(definition.mark)))
    }
    return footnotes
  }

  mutating func read(_ blocks: [MarkdownBlock], isTopLevel: Bool) -> [MarkdownBlock] {
    blocks.map { block in
      var block = block
      switch block.kind {
      case .heading(let level, let inlines):
        block.kind = .heading(level: level, read(inlines))
      case .paragraph(let inlines): block.kind = .paragraph(read(inlines))
      case .codeBlock(let code):
        if code.info.split(whereSeparator: \.isWhitespace).first == "math" {
          block.kind = .math(code)
        }
      case .quote(let children):
        if isTopLevel, let (alert, rest) = alert(children) {
          block.kind = .alert(alert, read(rest, isTopLevel: false))
        } else {
          block.kind = .quote(read(children, isTopLevel: false))
        }
      case .list(var list):
        for index in list.items.indices {
          list.items[index] = read(list.items[index], isTopLevel: false)
        }
        block.kind = .list(list)
      case .table(var table):
        for index in table.header.indices {
          table.header[index].inlines = read(table.header[index].inlines)
        }
        for row in table.rows.indices {
          for index in table.rows[row].indices {
            table.rows[row][index].inlines = read(table.rows[row][index].inlines)
          }
        }
        block.kind = .table(table)
      case .alert, .math, .html, .thematicBreak: break
      }
      return block
    }
  }

  /// Returns what a quote whose first line is `[!NOTE]` or its like says below it.
  private func alert(_ blocks: [MarkdownBlock]) -> (MarkdownAlert, [MarkdownBlock])? {
    guard let first = blocks.first, case .paragraph(let inlines) = first.kind,
      case .text(let mark) = inlines.first?.kind, mark.hasPrefix("[!"), mark.hasSuffix("]"),
      let alert = MarkdownAlert(rawValue: mark.dropFirst(2).dropLast().lowercased()),
      let start = inlines.first?.span.bytes, start.count == mark.utf8.count
    else { return nil }
    let rest = Array(blocks.dropFirst())
    if inlines.count == 1 { return rest.isEmpty ? nil : (alert, rest) }
    guard inlines[1].isBreak, inlines.count > 2 else { return nil }
    let below = Array(inlines.dropFirst(2))
    let range = below[0].span.bytes.lowerBound..<first.span.bytes.upperBound
    return (alert, [MarkdownBlock(.paragraph(below), span: source.span(range))] + rest)
  }

  /// A cell there would never run: a footnote stands apart from the lesson's order.
  private mutating func refuseCells(in blocks: [MarkdownBlock]) {
    for block in blocks {
      switch block.kind {
      case .codeBlock(let code):
        let word = code.info.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
        if FenceWord(rawValue: word) != nil {
          diagnostics.append(LessonRule.fenceInFootnote(word, at: block.span.start))
        }
      case .quote(let children), .alert(_, let children): refuseCells(in: children)
      case .list(let list): for item in list.items { refuseCells(in: item) }
      default: break
      }
    }
  }

  private mutating func read(_ inlines: [MarkdownInline]) -> [MarkdownInline] {
    var result: [MarkdownInline] = []
    for inline in FormulaFinder(source).read(inlines) {
      switch inline.kind {
      case .text(let text): result += references(in: text, inline.span)
      case .emphasis(let children):
        result.append(MarkdownInline(.emphasis(read(children)), span: inline.span))
      case .strong(let children):
        result.append(MarkdownInline(.strong(read(children)), span: inline.span))
      case .link(let destination, let title, let children):
        // A definition where none can stand is a link definition to cmark.
        if FootnoteLabel.end(in: source.bytes, from: inline.span.bytes.lowerBound)
          == inline.span.bytes.upperBound
        {
          let label = (inline.span.bytes.lowerBound + 2)..<(inline.span.bytes.upperBound - 1)
          diagnostics.append(LessonRule.undefinedFootnote(source.text(label), at: inline.span))
        }
        // No link stands in a link, and a reference is one.
        let inner = FormulaFinder(source).read(children)
        result.append(
          MarkdownInline(
            .link(destination: destination, title: title, inner), span: inline.span))
      default: result.append(inline)
      }
    }
    return result
  }

  /// Returns a text in pieces: what stands between references, and the references.
  ///
  /// A backslash before the bracket is gone from the text, so that the file has to be looked at.
  private mutating func references(in text: String, _ span: SourceSpan) -> [MarkdownInline] {
    let whole = [MarkdownInline(.text(text), span: span)]
    let bytes = Array(text.utf8)
    let inText = places(in: bytes, 0..<bytes.count)
    guard !inText.isEmpty else { return whole }
    let inFile = places(in: source.bytes, span.bytes)
    guard inText.count == inFile.count else { return whole }
    var result: [MarkdownInline] = []
    var textEnd = 0
    var fileEnd = span.bytes.lowerBound
    func appendText(until end: Int, _ fileStop: Int) {
      guard end > textEnd else { return }
      let piece = String(decoding: bytes[textEnd..<end], as: UTF8.self)
      result.append(MarkdownInline(.text(piece), span: source.span(fileEnd..<fileStop)))
    }
    for (place, filePlace) in zip(inText, inFile) where !source.isEscaped(filePlace.lowerBound) {
      let label = source.text((filePlace.lowerBound + 2)..<(filePlace.upperBound - 1))
      guard let reference = reference(to: label, at: source.span(filePlace)) else { continue }
      appendText(until: place.lowerBound, filePlace.lowerBound)
      result.append(MarkdownInline(.footnote(reference), span: source.span(filePlace)))
      textEnd = place.upperBound
      fileEnd = filePlace.upperBound
    }
    appendText(until: bytes.count, span.bytes.upperBound)
    return result
  }

  private func places(in bytes: [UInt8], _ range: Range<Int>) -> [Range<Int>] {
    var places: [Range<Int>] = []
    var index = range.lowerBound
    while index < range.upperBound {
      if bytes[index] == Ascii.openBracket, let end = FootnoteLabel.end(in: bytes, from: index),
        end <= range.upperBound
      {
        places.append(index..<end)
        index = end
      } else {
        index += 1
      }
    }
    return places
  }

  private mutating func reference(to label: String, at span: SourceSpan) -> FootnoteReference? {
    let key = FootnoteLabel.key(label)
    guard definitions[key] != nil else {
      diagnostics.append(LessonRule.undefinedFootnote(label, at: span))
      return nil
    }
    if references[key] == nil {
      order.append(key)
      numbers[key] = order.count
    }
    let occurrence = references[key, default: 0] + 1
    references[key] = occurrence
    return FootnoteReference(label: label, number: numbers[key] ?? 0, occurrence: occurrence)
  }
}

/// Finds formulas in running text: a code span between dollars, `` $`…`$ ``.
struct FormulaFinder {
  private let source: SourceText

  init(_ source: SourceText) {
    self.source = source
  }

  func read(_ inlines: [MarkdownInline]) -> [MarkdownInline] {
    var inlines = inlines
    var index = 1
    while index + 1 < inlines.count {
      defer { index += 1 }
      guard case .code(let tex) = inlines[index].kind,
        case .text(let before) = inlines[index - 1].kind, before.hasSuffix("$"),
        case .text(let after) = inlines[index + 1].kind, after.hasPrefix("$")
      else { continue }
      let span = inlines[index].span.bytes
      guard isDollar(span.lowerBound - 1), isDollar(span.upperBound),
        !source.isEscaped(span.lowerBound - 1)
      else { continue }
      inlines[index - 1].kind = .text(String(before.dropLast()))
      inlines[index - 1].span = source.span(
        inlines[index - 1].span.bytes.lowerBound..<(span.lowerBound - 1))
      inlines[index] = MarkdownInline(
        .math(tex), span: source.span((span.lowerBound - 1)..<(span.upperBound + 1)))
      inlines[index + 1].kind = .text(String(after.dropFirst()))
      inlines[index + 1].span = source.span(
        (span.upperBound + 1)..<max(inlines[index + 1].span.bytes.upperBound, span.upperBound + 1))
    }
    return inlines.filter { $0.kind != .text("") }
  }

  private func isDollar(_ offset: Int) -> Bool {
    source.bytes.indices.contains(offset) && source.bytes[offset] == Ascii.dollar
  }
}

extension SourceText {
  /// Whether a backslash takes the meaning from a byte.
  fileprivate func isEscaped(_ offset: Int) -> Bool {
    let backslashes = bytes[..<offset].reversed().prefix { $0 == Ascii.backslash }
    return backslashes.count % 2 == 1
  }
}
