import ArgumentParser
import Glibc
import Runner
import Synchronization

struct Run: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run a lesson and show its code, output and verdicts as they come.",
    discussion: "Stops at the first cell that differs from what the lesson promises.")

  @Argument(help: "A slug such as 01-cosine, or a path to any Markdown file.")
  var lesson: String

  @Option(
    help: ArgumentHelp(
      "Run up to this cell, and show it alone: the cells before it run first, in silence.",
      valueName: "id"))
  var cell: String?

  @Flag(help: "Compile every cell again.")
  var fresh = false

  @Flag(help: "Show the lesson's text between its cells.")
  var prose = false

  @OptionGroup var width: WidthOption
  @OptionGroup var isolation: IsolationOptions
  @OptionGroup var options: CourseOptions

  func run() async throws {
    let session = try CommandSession(fresh: fresh, isolation: isolation)
    let paths: [String]
    do {
      paths = try Selection.paths([lesson]) { () throws(Course.SelectionError) in
        try options.course()
      }
    } catch { throw Failure.usage(error) }
    var reports: [LessonReport] = []
    let start = ContinuousClock.now
    let probe = session.probe()
    for path in paths {
      let report = try await run(path, in: session)
      reports.append(report)
      if !report.isPassing || session.interruption.isRaised { break }
    }
    if session.interruption.isRaised { throw ExitCode.interrupted }
    let isolation = await session.isolation(by: probe)
    let report = RunReport(
      toolchain: "", lessons: reports, duration: ContinuousClock.now - start, isolation: isolation)
    Output.write("\n" + RunText(style: options.style(), width: width.columns).summary(report))
    if report.isEnvironmentFailure { throw ExitCode.environment }
    if !report.isPassing { throw ExitCode.failure }
  }

  private func run(_ path: String, in session: CommandSession) async throws -> LessonReport {
    var text = RunText(style: options.style(), width: width.columns)
    text.foldsCode = isatty(STDOUT_FILENO) != 0
    let store = OutcomeStore()
    let lesson: Lesson
    do {
      lesson = try LessonParser.parse(path: path, bytes: LessonFile.read(path: path))
    } catch {
      Failure.say(DiagnosticRenderer.text(error, bytes: (try? LessonFile.read(path: path)) ?? []))
      throw ExitCode.failure
    }
    if let cell, !lesson.cells.contains(where: { $0.id == cell }) {
      let ids = lesson.cells.map(\.id).joined(separator: ", ")
      throw Failure.usage(
        Course.SelectionError(
          message: "'\(cell)' is no cell of \(path)",
          help: ids.isEmpty ? "it has no cells" : "its cells are \(ids)"))
    }
    // The text between the cells leads to all of them, not to one.
    let parts =
      prose && cell == nil ? self.parts(of: lesson, store: store) : []
    let printer = Mutex(RunPrinter(lesson: lesson, only: cell, text: text, parts: parts))
    let verification = Verification(engine: session.engine, jobs: 1, stopsAtFailure: true)
    if parts.isEmpty { Output.write(text.lessonTitle(lesson.title)) }
    let report = await verification.run(lesson, upTo: cell) { event in
      guard case .lesson(_, let event) = event else { return }
      Output.write(printer.withLock { $0.text(for: event) })
    }
    if report.isPassing { Output.write(printer.withLock { $0.prose(before: nil) }) }
    if report.isPassing, cell == nil, !session.interruption.isRaised {
      do throws(EnvironmentFailure) {
        let stamp = try RunStamp.now(toolchain: session.engine.toolchain, store: store)
        store.keep(report, stamp: stamp)
      } catch { throw Failure.environment(error) }
    }
    return report
  }

  /// The text between the cells, in which figures have the numbers that the last run gave them.
  private func parts(of lesson: Lesson, store: OutcomeStore) -> [LessonText.Part] {
    var text = LessonText(style: options.style(), width: width.columns)
    text.foldsCode = isatty(STDOUT_FILENO) != 0
    text.displays = store.displays(of: lesson.path)
    return text.parts(of: lesson)
  }
}

/// Turns the events of a run into the text that goes to the terminal, in order.
private struct RunPrinter {
  let lesson: Lesson
  /// The one cell to show, where one was asked for.
  let only: String?
  let text: RunText
  /// The text between the cells, where it is shown, as far as it wasn't yet.
  private var parts: ArraySlice<LessonText.Part>
  private let showsProse: Bool
  private let report: LessonReport
  private var shownSections: [String] = []
  private var escapers: [OutputStream: OutputEscaper] = [:]
  private var isAtLineStart = true
  private var hasProgress = false

  init(lesson: Lesson, only: String?, text: RunText, parts: [LessonText.Part]) {
    self.lesson = lesson
    self.only = only
    self.text = text
    self.parts = parts[...]
    showsProse = !parts.isEmpty
    report = LessonReport(
      path: lesson.path, slug: lesson.slug, title: lesson.title, bytes: lesson.bytes)
  }

  mutating func text(for event: LessonEvent) -> String {
    switch event {
    case .cellStarted(let index):
      let cell = lesson.cells[index]
      guard isShown(cell) else { return "" }
      if showsProse { return prose(before: index) + text.cellStart(cell) }
      defer { shownSections = cell.sections }
      // The first heading is the lesson's title, which stands above already.
      let sections = cell.sections.filter { $0 != lesson.title }
      let before = shownSections.filter { $0 != lesson.title }
      return text.sections(sections, after: before) + text.cellStart(cell)
    case .output(let index, let stream, let bytes):
      guard isShown(lesson.cells[index]) else { return "" }
      if stream == .display { return progress(bytes) }
      let shown = escapers[stream, default: OutputEscaper()].take(bytes)
      if let last = shown.last { isAtLineStart = last == "\n" }
      return endOfProgress() + shown
    case .cellEnded(let index, let outcome):
      let cell = lesson.cells[index]
      var shown = escapers.values.map { escaper in
        var escaper = escaper
        return escaper.finish()
      }.joined()
      escapers = [:]
      if !isAtLineStart || !shown.isEmpty { shown += "\n" }
      isAtLineStart = true
      let cellReport = CellReport(cell: cell, outcome: outcome)
      // What follows a failure was never started; the failure has been told.
      if outcome.ending == .notRun(LessonRun.stoppedEarlier) { return "" }
      guard isShown(cell) || cellReport.verdict.status != .pass else { return "" }
      return endOfProgress() + shown + text.displays(outcome) + text.cellEnd(cellReport, of: report)
    }
  }

  /// Returns the text that leads to a cell, or all that is left.
  mutating func prose(before cell: Int?) -> String {
    var shown = ""
    while let part = parts.popFirst() {
      switch part {
      case .prose(let text): shown += "\n" + text
      case .cell(let index): if index == cell { return shown }
      }
    }
    return shown
  }

  /// A line of its own while a cell is busy, on a terminal alone.
  private mutating func progress(_ displays: ArraySlice<UInt8>) -> String {
    guard isatty(STDOUT_FILENO) != 0, isAtLineStart else { return "" }
    let line = text.progress(displays)
    if !line.isEmpty { hasProgress = true }
    return line
  }

  private mutating func endOfProgress() -> String {
    defer { hasProgress = false }
    return hasProgress ? RunText.clearLine : ""
  }

  private func isShown(_ cell: Cell) -> Bool {
    only == nil || cell.id == only
  }
}
