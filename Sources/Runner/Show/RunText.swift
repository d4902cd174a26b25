/// Words a run for the terminal, piece by piece: one value in, one text out.
package struct RunText: Sendable {
  package var style: Style
  /// Columns of the terminal; longer prose is wrapped.
  package var width: Int
  /// Whether lines of code that are wider than the terminal go on below, after a mark.
  package var foldsCode = false

  package init(style: Style, width: Int) {
    self.style = style
    self.width = width
  }

  package func lessonTitle(_ title: String) -> String {
    style.bold(TerminalText.escaped(title)) + "\n"
  }

  /// The headings that a cell opens, after those that the cell before it stood under.
  package func sections(_ sections: [String], after previous: [String]) -> String {
    let shared = zip(sections, previous).prefix { $0 == $1 }.count
    return sections[shared...].map { "\n" + style.bold("## " + TerminalText.escaped($0)) + "\n" }
      .joined()
  }

  /// A cell's name and code, as it starts.
  package func cellStart(_ cell: Cell) -> String {
    var words = ["\(cell.id)", "line \(cell.span.start.line)"]
    if cell.options.ending != .success { words.append("promises: \(cell.options.ending.rawValue)") }
    if cell.options.isOptimized { words.append("optimized") }
    let name = "\n" + style.dim("── " + words.joined(separator: " · ")) + "\n"
    if cell.options.isHidden { return name }
    return name
      + CodeText(style: style, width: foldsCode ? width - 3 : nil).swift(cell.source)
      .map { $0.isEmpty ? "\n" : "   \($0)\n" }.joined()
  }

  /// A cell's verdict and time, once it ended.
  package func cellEnd(_ report: CellReport, of lesson: LessonReport) -> String {
    let time = style.dim(times(report.outcome))
    switch report.verdict.status {
    case .pass: return style.green("✓ ") + time + "\n"
    case .notRun:
      return style.yellow("– not run") + "\n" + failure(report, of: lesson)
    default:
      return style.red("✗ \(report.verdict.status.rawValue)") + "  " + time + "\n"
        + failure(report, of: lesson)
    }
  }

  private func times(_ outcome: CellOutcome) -> String {
    let compiled =
      outcome.isCached ? "cached" : "compiled in \(Self.seconds(outcome.compileDuration))"
    return "\(Self.seconds(outcome.duration)), \(compiled)"
  }

  /// Where and why a cell failed: position, message, the compiler's words or the difference.
  package func failure(_ report: CellReport, of lesson: LessonReport) -> String {
    let place = "\(lesson.path):\(report.verdict.position.line):\(report.verdict.position.column)"
    var text = "\(TerminalText.escaped(place)): \(report.verdict.status.rawValue): "
    text += TerminalText.escaped(report.verdict.message) + "\n"
    if report.verdict.status == .compileError {
      let source = SourceText(lesson.bytes)
      let shown = report.outcome.diagnostics.filter { $0.severity != .warning }
      for diagnostic in shown.prefix(Self.diagnosticLimit) {
        text += DiagnosticRenderer.text(diagnostic, path: lesson.path, source: source)
      }
      if shown.count > Self.diagnosticLimit {
        text += "… and \(shown.count - Self.diagnosticLimit) more messages\n"
      }
    }
    if let difference = report.verdict.difference { text += excerpt(difference) }
    return text
  }

  /// More of the compiler's messages help nobody.
  private static let diagnosticLimit = 20

  private func excerpt(_ difference: OutputDifference) -> String {
    difference.excerpt.map { line in
      switch line {
      case .same(let text): "    \(TerminalText.escaped(text))\n"
      case .expected(let text): style.red("  - \(TerminalText.escaped(text))") + "\n"
      case .actual(let text): style.green("  + \(TerminalText.escaped(text))") + "\n"
      }
    }.joined()
  }

  /// One line a lesson, and what failed in it.
  package func lessonEnd(_ lesson: LessonReport) -> String {
    let name = TerminalText.escaped(lesson.slug)
    let cells = Self.count(lesson.cells.count, "cell")
    let time = style.dim("\(cells), \(Self.seconds(lesson.duration))")
    guard !lesson.isPassing else { return style.green("✓ ") + "\(name)  \(time)\n" }
    var text = style.red("✗ ") + "\(name)  \(style.red(lesson.status.rawValue))  \(time)\n"
    if !lesson.errors.isEmpty {
      let error = LessonError(path: lesson.path, diagnostics: lesson.errors)
      text += DiagnosticRenderer.text(error, bytes: lesson.bytes)
    }
    for report in lesson.cells where report.verdict.status != .pass {
      text += failure(report, of: lesson)
      text += lastOutput(report)
    }
    return text
  }

  /// The end of what a failed cell printed, where the difference doesn't show it already.
  private func lastOutput(_ report: CellReport) -> String {
    guard report.verdict.difference == nil, report.verdict.status != .notRun else { return "" }
    var text = ""
    for (name, bytes) in [("stdout", report.outcome.stdout), ("stderr", report.outcome.stderr)]
    where !bytes.isEmpty {
      let lines = TerminalText.escaped(bytes.suffix(4096)).split(separator: "\n")
      for line in lines.suffix(4) { text += style.dim("  \(name)│ \(line)") + "\n" }
    }
    return text
  }

  package func summary(_ report: RunReport) -> String {
    let failed = report.lessons.count { !$0.isPassing }
    let lessons = Self.count(report.lessons.count, "lesson")
    let cells = Self.count(report.cellCount, "cell")
    let time = Self.seconds(report.duration)
    if failed == 0 {
      return style.green("✓ \(lessons), \(cells): all as promised") + style.dim(" (\(time))") + "\n"
    }
    let cause = failed == 1 ? "1 fails" : "\(failed) fail"
    return style.red("✗ \(lessons), \(cells): \(cause)") + style.dim(" (\(time))") + "\n"
  }

  package static func count(_ number: Int, _ noun: String) -> String {
    number == 1 ? "1 \(noun)" : "\(number) \(noun)s"
  }

  /// A duration with two or three digits that matter.
  package static func seconds(_ duration: Duration) -> String {
    let milliseconds = duration.milliseconds
    if milliseconds < 10 { return "\((milliseconds * 10).rounded() / 10) ms" }
    if milliseconds < 1000 { return "\(Int(milliseconds.rounded())) ms" }
    return "\((milliseconds / 100).rounded() / 10) s"
  }
}
