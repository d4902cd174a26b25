/// Gathers a lesson's cells on one walk through its blocks.
struct LessonBuilder {
  private(set) var cells: [Cell] = []
  private(set) var diagnostics: [Diagnostic] = []
  private(set) var title: String?

  private let source: SourceText
  private var headings: [(level: Int, title: String)] = []
  private var ids: [String: SourceSpan] = [:]
  /// Cells that promise something the options alone can't show to be missing.
  private var exercises = ExerciseRules()

  /// - Parameter diagnostics: What is wrong already.
  init(_ source: SourceText, _ diagnostics: [Diagnostic]) {
    self.source = source
    self.diagnostics = diagnostics
  }

  /// Returns the blocks with the roles that their code plays.
  ///
  /// Nesting is bounded, so this may recurse.
  mutating func read(_ blocks: [MarkdownBlock]) -> [MarkdownBlock] {
    /// The cell that a fence here would belong to, and where what belongs to it ends.
    var open: (cell: Int, end: Int)?
    return blocks.map { block in
      var block = block
      var next: (cell: Int, end: Int)?
      switch block.kind {
      case .codeBlock(var code):
        let above = open.flatMap { isBlank($0.end..<block.span.bytes.lowerBound) ? $0.cell : nil }
        if let cell = read(&code, span: block.span, above: above) {
          next = (cell, block.span.bytes.upperBound)
        }
        block.kind = .codeBlock(code)
      case .heading(let level, let inlines):
        enter(level: level, title: inlines.plainText)
        findBareMath(in: inlines)
      case .paragraph(let inlines):
        findBareMath(in: inlines)
      case .quote(let children):
        block.kind = .quote(read(children))
      case .alert(let alert, let children):
        block.kind = .alert(alert, read(children))
      case .table(let table):
        for cell in table.header + table.rows.joined() { findBareMath(in: cell.inlines) }
      case .list(var list):
        for index in list.items.indices { list.items[index] = read(list.items[index]) }
        block.kind = .list(list)
      case .math, .html, .thematicBreak:
        break
      }
      open = next
      return block
    }
  }

  mutating func finish() {
    diagnostics += exercises.finish(&cells)
    if cells.count > LessonLimits.cells {
      let first = cells[LessonLimits.cells]
      diagnostics.append(
        Diagnostic(
          at: first.span.start,
          "the lesson has \(cells.count) cells, more than \(LessonLimits.cells)",
          help: "split it into several lessons"))
    }
  }

  private mutating func enter(level: Int, title: String) {
    if self.title == nil, !title.isEmpty { self.title = title }
    headings.removeAll { $0.level >= level }
    headings.append((level, title))
  }

  /// Whether there are more errors than are told, so that no more need to be found.
  private var isFull: Bool { diagnostics.count > LessonLimits.diagnostics }

  private mutating func findBareMath(in inlines: [MarkdownInline]) {
    if !isFull { diagnostics += DollarMath(source: source).diagnostics(in: inlines) }
  }

  /// Returns whether only container marks and blanks stand between two blocks.
  ///
  /// Link definitions leave no block in the tree, so the bytes have to be looked at.
  private func isBlank(_ range: Range<Int>) -> Bool {
    source.bytes[range].allSatisfy {
      Ascii.isBlank($0) || Ascii.isLineEnd($0) || $0 == Ascii.greater
    }
  }

  /// Gives a code block its role and returns the cell that a fence below it would belong to.
  private mutating func read(_ code: inout CodeBlock, span: SourceSpan, above: Int?) -> Int? {
    guard let fence = code.fence else { return nil }
    let words = source.words(in: fence.info)
    guard let first = words.first else { return nil }
    let name = source.text(first)
    let meant = FenceWord.lookAlike(of: name)
    if let meant {
      diagnostics.append(LessonRule.lookAlike(name, of: meant, at: source.span(first)))
    }
    // What follows is read as meant, so that one wrong letter is one error.
    guard let word = FenceWord(rawValue: name) ?? meant else { return nil }
    if !fence.isClosed {
      diagnostics.append(LessonRule.unclosed(word, fence, at: span))
    }
    switch word {
    case .swift:
      code.role = .cell(cells.count)
      addCell(code, fence: fence, words: Array(words.dropFirst()), span: span)
      return cells.count - 1
    case .output, .diagnostics:
      if let extra = words.dropFirst().first {
        diagnostics.append(LessonRule.extraWord(source.text(extra), word, at: source.span(extra)))
      }
      guard let above else {
        diagnostics.append(LessonRule.orphan(word, at: source.span(first)))
        return nil
      }
      code.role = word == .output ? .output(above) : .diagnostics(above)
      attach(word, expectation(code, fence: fence, span: span), to: above, word: source.span(first))
      return above
    }
  }

  private mutating func addCell(
    _ code: CodeBlock, fence: CodeFence, words: [Range<Int>], span: SourceSpan
  ) {
    let parser = CellOptionsParser(isFull ? [] : words, in: source)
    diagnostics += parser.diagnostics
    let id = parser.id ?? "cell-\(cells.count + 1)"
    if let idSpan = parser.idSpan {
      if let first = ids[id] {
        diagnostics.append(LessonRule.duplicate(id, first: first.start, at: idSpan))
      } else {
        ids[id] = idSpan
      }
    }
    let starts = code.lines.map { source.position(at: $0.lowerBound) }
    let sections = headings.map(\.title)
    var cell = Cell(
      id: id, index: cells.count, options: parser.options, source: code.text, span: span,
      lineStarts: starts, sections: sections)
    let bytes = Array(code.text.utf8)
    let tokens = SwiftLexer.tokens(of: bytes)
    let text = SourceText(bytes)
    func position(_ offset: Int) -> SourcePosition {
      let place = text.position(at: offset)
      return cell.markdownPosition(line: place.line, column: place.column)
    }
    for token in tokens
    where token.kind == .poundWord && bytes[token.bytes].elementsEqual("#sourceLocation".utf8) {
      diagnostics.append(LessonRule.sourceLocation(at: position(token.bytes.lowerBound)))
    }
    let claims = PrintsClaimParser(bytes, tokens, position: position)
    cell.printsClaims = claims.claims
    diagnostics += claims.unclosed.map(LessonRule.unclosedClaim)
    exercises.note(cell)
    if let problem = LessonParameter.problem(of: cell, after: cells) { diagnostics.append(problem) }
    cells.append(cell)
  }

  private func expectation(_ code: CodeBlock, fence: CodeFence, span: SourceSpan) -> ExpectedText {
    // The fence follows its cell in the same containers, so that no list item begins on its line: what
    // stands before it is what stands before its content, too.
    let prefix = source.text(source.line(span.start.line).lowerBound..<span.bytes.lowerBound)
    return ExpectedText(
      text: code.text, span: span, content: fence.content, linePrefix: prefix,
      firstLine: span.start.line + 1,
      lineStarts: code.lines.map { source.position(at: $0.lowerBound) }, fence: fence)
  }

  private mutating func attach(
    _ kind: FenceWord, _ text: ExpectedText, to index: Int, word: SourceSpan
  ) {
    let options = cells[index].options
    if kind == .output {
      if cells[index].expectedOutput != nil {
        diagnostics.append(LessonRule.second(kind, at: word))
      } else if let against = options.wordAgainstOutput {
        diagnostics.append(LessonRule.outputWithoutRun(against, at: word))
      }
      cells[index].expectedOutput = cells[index].expectedOutput ?? text
    } else {
      if cells[index].expectedDiagnostics != nil {
        diagnostics.append(LessonRule.second(kind, at: word))
      } else if options.ending == .success {
        diagnostics.append(LessonRule.diagnosticsWithoutFailure(at: word))
      }
      cells[index].expectedDiagnostics = cells[index].expectedDiagnostics ?? text
    }
  }
}

extension CellOptions {
  /// The word because of which the cell never prints, if any.
  fileprivate var wordAgainstOutput: String? {
    if isNoRun { return "no-run" }
    return ending == .compileFail ? ending.rawValue : nil
  }
}

extension SourceText {
  /// Returns where the words of an info string stand; blanks and commas part them.
  fileprivate func words(in range: Range<Int>) -> [Range<Int>] {
    bytes[range].split { Ascii.isBlank($0) || $0 == UInt8(ascii: ",") }
      .map { $0.startIndex..<$0.endIndex }
  }
}
