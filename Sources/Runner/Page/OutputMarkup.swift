internal import LessonKit

/// What a cell left behind, as markup: its output, how it failed, where it differs, what it displayed.
struct OutputMarkup {
  private let report: CellReport
  private let outline: PageOutline
  private let words: PageWords
  /// What keeps ids apart where the cell's outputs stand on the page several times.
  private let suffix: String

  /// Longer outputs are cut until a reader asks for the rest.
  private static let shownLines = 24

  init(_ report: CellReport, outline: PageOutline, words: PageWords, suffix: String = "") {
    self.report = report
    self.outline = outline
    self.words = words
    self.suffix = suffix
  }

  var html: HTML {
    let outcome = report.outcome
    var result: HTML = ""
    if report.cell.options.isExercise, report.verdict.status == .pass {
      if let promised = report.cell.expectedOutput {
        result += output(promised.text, name: words.expected, kind: "promised")
      }
      return result
    }
    if !outcome.stdout.isEmpty {
      result += output(TerminalText.escaped(outcome.stdout), name: words.output, kind: "stdout")
    }
    if outcome.ending == .completed, !outcome.stderr.isEmpty {
      result += output(
        TerminalText.escaped(outcome.stderr), name: words.errorOutput, kind: "stderr")
    }
    if let failure = PromisedFailure.text(of: outcome, for: report.cell) {
      result += output(TerminalText.escaped(failure), name: words.errorOutput, kind: "stderr")
    }
    if report.verdict.status != .pass { result += verdict }
    var figures = 0
    for display in outcome.displays {
      switch display {
      case .figure(let figure):
        result += self.figure(figure, index: figures)
        figures += 1
      case .table(let table): result += TableMarkup.html(table)
      case .progress: break
      }
    }
    return result
  }

  private func figure(_ figure: Figure, index: Int) -> HTML {
    let id = PageOutline.figureID(cell: report.cell.id, index: index)
    return FigureMarkup(
      figure, id: id + suffix, number: outline.figureNumbers[id] ?? "", words: words
    ).html
  }

  private func output(_ text: String, name: String, kind: String) -> HTML {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last == "" { lines.removeLast() }
    let first = lines.prefix(lines.count > Self.shownLines + 8 ? Self.shownLines : lines.count)
    let rest = lines.dropFirst(first.count)
    let more: HTML =
      rest.isEmpty
      ? ""
      : """
      <details class="more"><summary>\(words.showAll): \(lines.count) \(words.lines)</summary>\
      \(block(rest))</details>
      """
    return """
      <details class="output \(kind)" open><summary>\(name)</summary>\(block(first))\(more)</details>

      """
  }

  private func block(_ lines: ArraySlice<Substring>) -> HTML {
    let widest = lines.map { TerminalText.width(of: String($0)) }.max() ?? 0
    let scroll: HTML = widest > 34 ? " tabindex=\"0\"" : ""
    return "<pre\(scroll)><samp>\(lines.joined(separator: "\n"))</samp></pre>"
  }

  /// What went wrong, with the lines that differ.
  private var verdict: HTML {
    let message = report.verdict.message
    let lines = (report.verdict.difference?.excerpt ?? []).map { line -> HTML in
      switch line {
      case .same(let text): "<span>  \(TerminalText.escaped(text))</span>\n"
      case .expected(let text): "<del>- \(TerminalText.escaped(text))</del>\n"
      case .actual(let text): "<ins>+ \(TerminalText.escaped(text))</ins>\n"
      }
    }.joined()
    let excerpt: HTML =
      lines.isEmpty
      ? "" : "<pre class=\"difference\" tabindex=\"0\">\(lines)</pre>"
    return """
      <div class="verdict"><p><code>\(report.verdict.status.rawValue)</code> \
      \(TerminalText.escaped(message))</p>\(excerpt)</div>

      """
  }
}

/// A table that a cell displayed.
enum TableMarkup {
  static func html(_ table: Table) -> HTML {
    let heads = table.columns.map { "<th scope=\"col\">\($0)</th>" as HTML }.joined()
    let rows = table.rows.map { row -> HTML in
      let fields = row.map { text -> HTML in
        Double(text) == nil ? "<td>\(text)</td>" : "<td class=\"number\">\(text)</td>"
      }
      return "<tr>\(fields.joined())</tr>\n"
    }.joined()
    let caption: HTML = table.caption.isEmpty ? "" : "<caption>\(table.caption)</caption>"
    return """
      <div class="table" tabindex="0"><table>\(caption)<thead><tr>\(heads)</tr></thead>
      <tbody>\(rows)</tbody></table></div>

      """
  }
}
