internal import FoundationEssentials
internal import LessonKit

/// A lesson as a notebook, with the outputs that its cells left.
struct NotebookDownload {
  private let page: PageLesson
  private let lesson: Lesson

  init(_ page: PageLesson, _ lesson: Lesson) {
    self.page = page
    self.lesson = lesson
  }

  private struct Document: Encodable {
    var cells: [NotebookCell]
    var metadata = Metadata()
    var nbformat = 4
    var nbformat_minor = 5
  }

  private struct Metadata: Encodable {
    var kernelspec = ["display_name": "Swift", "language": "swift", "name": "swift"]
    var language_info = ["name": "swift", "file_extension": ".swift"]
  }

  private struct NotebookCell: Encodable {
    var cell_type: String
    var id: String
    var metadata: [String: String] = [:]
    var source: String
    var outputs: [Output]?
    var execution_count: Int?

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(cell_type, forKey: .cell_type)
      try container.encode(id, forKey: .id)
      try container.encode(metadata, forKey: .metadata)
      try container.encode(source, forKey: .source)
      guard let outputs else { return }
      try container.encode(outputs, forKey: .outputs)
      try container.encode(execution_count, forKey: .execution_count)
    }

    private enum Key: String, CodingKey {
      case cell_type, id, metadata, source, outputs, execution_count
    }
  }

  private struct Output: Encodable {
    var output_type: String
    var name: String?
    var text: String?
    var data: [String: String]?
    var metadata: [String: String]?
  }

  var text: String {
    let source = SourceText(lesson.bytes)
    var cells: [NotebookCell] = []
    var prose: Range<Int>?
    func flush() {
      guard let range = prose else { return }
      prose = nil
      let original = source.text(range)
      let shown = Self.dollars(original)
      // Notebooks write formulas otherwise; the lesson's own spelling is kept for its reader.
      cells.append(
        NotebookCell(
          cell_type: "markdown", id: "text-\(cells.count + 1)",
          metadata: shown == original ? [:] : ["lessons": original], source: shown))
    }
    for block in lesson.document {
      if case .codeBlock(let code) = block.kind, code.role != .plain {
        guard case .cell(let index) = code.role else { continue }
        flush()
        cells.append(codeCell(index, info: code.info))
      } else {
        let start = prose?.lowerBound ?? block.span.bytes.lowerBound
        prose = start..<block.span.bytes.upperBound
      }
    }
    flush()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let bytes = (try? encoder.encode(Document(cells: cells))) ?? Data()
    return String(decoding: bytes, as: UTF8.self) + "\n"
  }

  private func codeCell(_ index: Int, info: String) -> NotebookCell {
    let cell = lesson.cells[index]
    var notes = ["lessons": info]
    // A solution takes its promise from its exercise.
    if !cell.options.isSolution { notes["output"] = cell.expectedOutput?.text }
    notes["diagnostics"] = cell.expectedDiagnostics?.text
    var outputs: [Output] = []
    if index < page.report.cells.count {
      let outcome = page.report.cells[index].outcome
      if !outcome.stdout.isEmpty {
        outputs.append(
          Output(
            output_type: "stream", name: "stdout",
            text: String(decoding: outcome.stdout, as: UTF8.self)))
      }
      if let failure = PromisedFailure.text(of: outcome, for: cell) {
        outputs.append(Output(output_type: "stream", name: "stderr", text: failure))
      }
      outputs += displays(of: cell, outcome)
    }
    return NotebookCell(
      cell_type: "code", id: cell.id, metadata: notes, source: String(cell.source.dropLast()),
      outputs: outputs,
      execution_count: nil)
  }

  /// Figures and tables, each also as text for where only text is shown.
  private func displays(of cell: Cell, _ outcome: CellOutcome) -> [Output] {
    let text = DisplayText(style: Style(isColored: false), width: 72)
    var figures = 0
    return outcome.displays.map { display in
      var data = ["text/plain": text.lines(display).map { $0 + "\n" }.joined()]
      switch display {
      case .figure(let figure):
        let id = PageOutline.figureID(cell: cell.id, index: figures)
        data["image/svg+xml"] =
          FigureDrawing(figure: figure, id: id, isStandalone: true).svg.text
        figures += 1
      case .table(let table): data["text/html"] = TableMarkup.html(table).text
      case .progress: break
      }
      return Output(output_type: "display_data", data: data, metadata: [:])
    }
  }

  /// Formulas as notebooks write them: `$…$` and `$$…$$`.
  private static func dollars(_ text: String) -> String {
    var lines: [Substring] = []
    var isMath = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let word = line.drop { $0 == " " }
      if !isMath, word.hasPrefix("```math") {
        isMath = true
        lines.append("$$")
      } else if isMath, word.hasPrefix("```") {
        isMath = false
        lines.append("$$")
      } else {
        lines.append(line)
      }
    }
    var result = lines.joined(separator: "\n")
    while let open = result.firstRange(of: "$`"),
      let close = result[open.upperBound...].firstRange(of: "`$")
    {
      result.replaceSubrange(close, with: "$")
      result.replaceSubrange(open, with: "$")
    }
    return result
  }
}
