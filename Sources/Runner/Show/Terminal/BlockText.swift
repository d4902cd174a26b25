internal import LessonKit

/// Turns a lesson's blocks into lines.
struct BlockText {
  private let options: LessonText
  private let lesson: Lesson
  private let isRunning: Bool
  private let inlines: InlineText
  private let numbers: LessonNumbers

  private var style: Style { options.style }

  init(_ options: LessonText, _ lesson: Lesson, isRunning: Bool) {
    self.options = options
    self.lesson = lesson
    self.isRunning = isRunning
    numbers = LessonNumbers(of: lesson, displays: options.displays)
    inlines = InlineText(style: options.style, isLinking: options.isLinking, labels: numbers.labels)
  }

  /// Code after its margin, in the room that is left where lines are to be folded.
  private func code(width: Int, margin: Int = codeMargin.count) -> CodeText {
    let room = width + beyondMeasure - margin
    return CodeText(style: options.style, width: options.foldsCode ? max(room, 10) : nil)
  }

  private static let codeMargin = "    "

  /// What the terminal is wider than lines of prose: tables and formulas may use it.
  private var beyondMeasure: Int { options.width - options.measure }

  func document() -> [LessonLine] {
    lines(lesson.document, width: options.measure) + notes()
  }

  private func lines(_ blocks: [MarkdownBlock], width: Int, isTight: Bool = false) -> [LessonLine] {
    lines(FoldedBlock.fold(blocks).blocks, width: width, isTight: isTight)
  }

  private func lines(_ blocks: [FoldedBlock], width: Int, isTight: Bool) -> [LessonLine] {
    var result: [LessonLine] = []
    for block in blocks {
      let lines = self.lines(block, width: width)
      if lines.isEmpty { continue }
      if !result.isEmpty, !isTight { result.append(.text("")) }
      if block.opensSection, !result.isEmpty { result.append(.text("")) }
      result += lines
    }
    return result
  }

  private func lines(_ block: FoldedBlock, width: Int) -> [LessonLine] {
    switch block {
    case .block(let block): lines(block, width: max(width, 10))
    case .details(let summary, let children, _): details(summary, children, width: width)
    }
  }

  private func details(_ summary: String, _ children: [FoldedBlock], width: Int) -> [LessonLine] {
    let name = summary.isEmpty ? "Details" : summary
    let mark = TextRun(options.unfolds ? "▾ " : "▸ ", .bold, isUnbroken: true)
    var title = [mark, TextRun(name.oneLine, .bold)]
    if !options.unfolds {
      title.append(TextRun("  (folded; --unfold opens it)", .dim))
    }
    var head = paragraph(title, width: width)
    if head.count > 1 {
      // What goes on stands under what begins, not under its mark.
      let lines = paragraph(title, width: width - 2)
      head = lines.prefix(1) + lines.dropFirst().map { $0.prefixed("  ") }
    }
    guard options.unfolds else { return head }
    let inner = lines(children, width: width - 2, isTight: false)
    return head + inner.map { $0.prefixed(style.set("┊ ", .dim)) }
  }

  private func paragraph(_ runs: [TextRun], width: Int) -> [LessonLine] {
    LineBreaker.lines(runs, width: width).map {
      .text(style.line($0, isLinking: options.isLinking))
    }
  }

  private func lines(_ block: MarkdownBlock, width: Int) -> [LessonLine] {
    switch block.kind {
    case .heading(let level, let inlines): return heading(level, inlines, width: width)
    case .paragraph(let inlines): return paragraph(self.inlines.runs(inlines), width: width)
    case .codeBlock(let code): return lines(code, width: width)
    case .math(let code): return formula(code, block.span, width: width + beyondMeasure)
    case .quote(let children):
      return lines(children, width: width - 2).map { $0.prefixed(style.set("│ ", .dim)) }
    case .alert(let alert, let children):
      let bar = TextStyle(color: alert.color)
      let name = alert.rawValue.prefix(1).uppercased() + alert.rawValue.dropFirst()
      let title = LessonLine.text(style.set(name, TextStyle(color: alert.color, isBold: true)))
      return ([title] + lines(children, width: width - 2)).map {
        $0.prefixed(style.set("▌ ", bar))
      }
    case .list(let list): return lines(list, width: width)
    case .table(let table):
      return lines(table, width: width + beyondMeasure)
    case .html(let raw):
      if raw.drop(while: \.isWhitespace).hasPrefix("<!--") { return [] }
      return code(width: width, margin: 0).plain(raw, .dim).map { .text($0) }
    case .thematicBreak: return [.text(style.set(String(repeating: "─", count: width), .dim))]
    }
  }

  private func lines(_ table: MarkdownTable, width: Int) -> [LessonLine] {
    let text = TableText(style: style, width: width, isLinking: options.isLinking)
    return text.lines(
      header: table.header.map { inlines.runs($0.inlines) },
      rows: table.rows.map { $0.map { inlines.runs($0.inlines) } }, alignments: table.alignments
    ).map { .text($0) }
  }

  private func heading(_ level: Int, _ inlines: [MarkdownInline], width: Int) -> [LessonLine] {
    var runs = self.inlines.runs(inlines)
    for index in runs.indices { runs[index].style.isBold = true }
    if level > 2 {
      if !style.isColored {
        runs.insert(TextRun(String(repeating: "#", count: level) + " ", isUnbroken: true), at: 0)
      }
      return paragraph(runs, width: width)
    }
    let lines = LineBreaker.lines(runs, width: width)
    let longest = lines.map(\.width).max() ?? 0
    let rule = String(repeating: level == 1 ? "═" : "─", count: longest)
    return lines.map { .text(style.line($0, isLinking: options.isLinking)) }
      + [.text(style.set(rule, .dim))]
  }

  private func lines(_ list: MarkdownList, width: Int) -> [LessonLine] {
    let last = (list.start ?? 0) + list.items.count - 1
    let markWidth = list.start == nil ? 2 : String(last).utf8.count + 2
    var result: [LessonLine] = []
    for (index, item) in list.items.enumerated() {
      if index > 0, !list.isTight { result.append(.text("")) }
      var mark = "• "
      if let start = list.start {
        let number = String(start + index)
        mark = String(repeating: " ", count: markWidth - 2 - number.utf8.count) + number + ". "
      }
      let indentation = String(repeating: " ", count: markWidth)
      let lines = lines(item, width: width - markWidth, isTight: list.isTight)
      for (number, line) in (lines.isEmpty ? [.text("")] : lines).enumerated() {
        result.append(line.prefixed(number == 0 ? mark : indentation))
      }
    }
    return result
  }

  private func formula(_ block: CodeBlock, _ span: SourceSpan, width: Int) -> [LessonLine] {
    let margin = width < 60 ? "  " : "    "
    let number = numbers.equations[span.bytes.lowerBound].map { "  (\($0))" } ?? ""
    let room = width - margin.count
    if let rows = TeXText.lines(block.text, width: room) {
      var lines = rows.map { LessonLine.text($0).prefixed(margin) }
      let middle = (rows.count - 1) / 2
      let longest = rows.map { TerminalText.width(of: $0) }.max() ?? 0
      if !number.isEmpty, case .text(let text) = lines[middle],
        longest + number.utf8.count <= room
      {
        let used = TerminalText.width(of: text) - margin.count
        let gap = String(repeating: " ", count: max(longest - used, 0))
        lines[middle] = .text(text + gap + style.set(number, .dim))
      } else if !number.isEmpty {
        lines.append(.text(margin + style.set(number, .dim)))
      }
      return lines
    }
    // What can't be laid out is shown as its author wrote it.
    return block.text.split(separator: "\n").flatMap { line in
      paragraph([TextRun(String(line).oneLine, TextStyle(color: .cyan))], width: room)
        .map { $0.prefixed(margin) }
    }
  }

  private func lines(_ block: CodeBlock, width: Int) -> [LessonLine] {
    switch block.role {
    case .cell(let index):
      if isRunning { return [.cell(index)] }
      let cell = lesson.cells[index]
      let shown = cell.options.isHidden ? [] : self.cell(cell, width: width)
      // A promised output stands between the code and what the cell draws.
      let isFollowed = cell.expectedOutput != nil && !cell.options.isSolution
      return isFollowed ? shown : shown + displays(of: cell)
    case .output(let index):
      if isRunning { return [] }
      return output(block.text, TextStyle(color: .green), width: width)
        + displays(of: lesson.cells[index])
    case .diagnostics:
      return isRunning ? [] : output(block.text, TextStyle(color: .red), width: width)
    case .plain:
      let isSwift = block.info.split(whereSeparator: \.isWhitespace).first == "swift"
      let code = code(width: width)
      let lines = isSwift ? code.swift(block.text) : code.plain(block.text)
      return lines.map { LessonLine.text($0).prefixed(Self.codeMargin) }
    }
  }

  private func cell(_ cell: Cell, width: Int) -> [LessonLine] {
    var words: [String] = []
    if cell.options.isExercise { words.append("exercise") }
    if cell.options.isSolution { words.append("solution") }
    if cell.options.ending != .success { words.append("promises: \(cell.options.ending.rawValue)") }
    if cell.options.isNoRun { words.append("not run") }
    let lines = code(width: width).swift(cell.source).map {
      LessonLine.text($0).prefixed(Self.codeMargin)
    }
    guard !words.isEmpty else { return lines }
    let title = TextRun("── " + words.joined(separator: " · "), .dim)
    return paragraph([title], width: options.measure) + lines
  }

  private func output(_ text: String, _ bar: TextStyle, width: Int) -> [LessonLine] {
    let margin = Self.codeMargin + style.set("│ ", bar)
    return code(width: width, margin: Self.codeMargin.count + 2).plain(text).map {
      LessonLine.text($0).prefixed(margin)
    }
  }

  /// What a cell displayed when it last ran, its figures with their numbers.
  private func displays(of cell: Cell) -> [LessonLine] {
    guard options.displays.indices.contains(cell.index) else { return [] }
    let margin = "    "
    let text = DisplayText(style: style, width: options.width - margin.count)
    var count = 0
    return options.displays[cell.index].flatMap { display -> [LessonLine] in
      var display = display
      if case .figure(var figure) = display {
        figure.title = "Figure \(numbers.figure(cell: cell.id, index: count)): \(figure.title)"
        display = .figure(figure)
        count += 1
      }
      return [.text("")] + text.lines(display).map { LessonLine.text($0).prefixed(margin) }
    }
  }

  private func notes() -> [LessonLine] {
    guard !lesson.footnotes.isEmpty else { return [] }
    var result: [LessonLine] = [.text(""), .text(style.set("────────", .dim))]
    for footnote in lesson.footnotes {
      let mark = "[\(footnote.number)] "
      let indentation = String(repeating: " ", count: mark.utf8.count)
      let lines = lines(footnote.blocks, width: options.measure - mark.utf8.count)
      for (index, line) in lines.enumerated() {
        result.append(line.prefixed(index == 0 ? style.set(mark, .dim) : indentation))
      }
    }
    return result
  }
}

extension FoldedBlock {
  /// Whether more room belongs above it.
  fileprivate var opensSection: Bool {
    if case .block(let block) = self, case .heading(let level, _) = block.kind { return level <= 2 }
    return false
  }
}

extension MarkdownAlert {
  fileprivate var color: TextStyle.Color {
    switch self {
    case .note: .blue
    case .tip: .green
    case .important: .magenta
    case .warning: .yellow
    case .caution: .red
    }
  }
}
