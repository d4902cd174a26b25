/// What happens while a lesson runs, as it happens.
package enum LessonEvent: Sendable {
  case cellStarted(Int)
  case output(Int, OutputStream, ArraySlice<UInt8>)
  case cellEnded(Int, CellOutcome)
}

/// Runs a lesson's cells in order: each compiled on the cells before it, executed in a fork of their
/// state.
///
/// While cells run, those after them are compiled on the assumption that all will reach their end. A
/// cell that fails drops out: the next ones are compiled and run without it.
package struct LessonRun {
  private let engine: Engine
  private let cells: [Cell]
  private let limits: RunLimits
  private let report: @Sendable (LessonEvent) -> Void
  private let goesOn: @Sendable (Cell, CellOutcome) -> Bool

  /// Why the cells after a stop didn't run.
  package static let stoppedEarlier = "the run stopped at an earlier cell"

  private var missing = MissingNames()

  /// Runs a lesson and returns its outcomes, one a cell.
  ///
  /// - Parameters:
  ///   - last: The index of the last cell to run; nil for all.
  ///   - limits: What a cell may use where its options don't say.
  ///   - report: Called with each event, from one thread at a time.
  ///   - goesOn: Asked after each cell; false leaves the rest `notRun`.
  package static func run(
    _ lesson: Lesson, with engine: Engine, upTo last: Int? = nil, limits: RunLimits = RunLimits(),
    report: @escaping @Sendable (LessonEvent) -> Void = { _ in },
    goesOn: @escaping @Sendable (Cell, CellOutcome) -> Bool = { _, _ in true }
  ) async -> [CellOutcome] {
    var run = LessonRun(
      engine: engine, cells: Array(lesson.cells.prefix((last ?? lesson.cells.count) + 1)),
      limits: limits, report: report, goesOn: goesOn)
    return await run.perform()
  }

  private init(
    engine: Engine, cells: [Cell], limits: RunLimits,
    report: @escaping @Sendable (LessonEvent) -> Void,
    goesOn: @escaping @Sendable (Cell, CellOutcome) -> Bool
  ) {
    self.engine = engine
    self.cells = cells
    self.limits = limits
    self.report = report
    self.goesOn = goesOn
  }

  private mutating func perform() async -> [CellOutcome] {
    if cells.isEmpty { return [] }
    // The compiler is what is waited for most: it gets its first cell before the worker is there.
    var pipeline = CompilePipeline(compiler: engine.compiler, cells: cells)
    defer { pipeline.cancel() }
    var session: Session
    do {
      session = try engine.startSession(limits: limits)
    } catch {
      return cells.map { _ in CellOutcome(.environment("\(error.message); \(error.help)")) }
    }
    var state = LessonState(session: session)
    var outcomes: [CellOutcome] = []
    for cell in cells {
      report(.cellStarted(cell.index))
      let step = await pipeline.step(cell.index)
      let compiled = step.result
      var outcome = await execute(cell, compiled, in: session, state: &state)
      if state.isLost {
        await restart(&session, &state)
        // Where the state was gone before the cell started, it gets its turn now.
        if outcome.ending == RunClassifier.workerIsGone {
          outcome = await execute(cell, compiled, in: session, state: &state)
          if outcome.ending == RunClassifier.workerIsGone, state.isDeep {
            outcome.ending = .notRun("what the cells before it did to their process ended it")
          }
        }
      }
      place(&outcome, compiled, of: cell)
      if cell.staysInChain, outcome.ending != .completed {
        missing.add(cell)
        if step.after != step.before {
          // What it imports is there for later cells, what it declares is not.
          var chain = step.before
          chain.imports = step.after.imports
          pipeline.restart(at: cell.index + 1, on: chain)
        }
      }
      outcomes.append(outcome)
      report(.cellEnded(cell.index, outcome))
      if !goesOn(cell, outcome) { break }
    }
    for cell in cells.dropFirst(outcomes.count) {
      outcomes.append(CellOutcome(.notRun(Self.stoppedEarlier)))
      report(.cellEnded(cell.index, outcomes[outcomes.count - 1]))
    }
    return outcomes
  }

  /// Starts another worker and brings the state about in it again.
  ///
  /// Where that fails, the next cell finds out.
  private func restart(_ session: inout Session, _ state: inout LessonState) async {
    guard let fresh = try? engine.startSession(limits: limits) else { return }
    session = fresh
    state = await onOwnThread { [state] in
      var state = state
      state.restart(in: fresh)
      return state
    }
  }

  private mutating func execute(
    _ cell: Cell, _ compiled: CellCompiler.Result, in session: Session, state: inout LessonState
  ) async -> CellOutcome {
    var outcome = CellOutcome(.completed)
    outcome.isCached = compiled.isCached
    outcome.compileDuration = compiled.duration
    guard let unit = compiled.unit else {
      outcome.ending = compiled.failure ?? .compileError
      if outcome.ending == .compileError,
        let reason = missing.reason(for: compiled.messages, in: cell)
      {
        outcome.ending = .notRun(reason)
      }
      return outcome
    }
    if cell.options.isNoRun || cell.options.ending == .compileFail { return outcome }

    var limits = limits
    if let time = cell.options.timeout { limits.time = time }
    let (index, report, seed) = (cell.index, report, cell.options.seed)
    let start = cell.options.isIsolated ? LessonState(session: session) : state
    let (record, end) = await onOwnThread { [limits] in
      var state = start
      let record = state.run(unit, limits: limits, seed: seed) {
        report(.output(index, $0, $1))
      }
      return (record, state)
    }
    if !cell.options.isIsolated { state = end } else if record.isWorkerLost { state.isLost = true }

    let locator = CrashLocator(
      toolchain: engine.toolchain, installation: engine.installation, loaded: record.loaded)
    let classifier = RunClassifier(
      locator: locator, limits: limits, cells: Set(cells.map(\.id)))
    let (ending, place) = await onOwnThread { classifier.classify(record) }
    outcome.ending = ending
    outcome.stdout = record.stdout
    outcome.stderr = record.stderr
    outcome.displays = DisplayReader.displays(in: record.displays)
    outcome.duration = record.duration
    outcome.leftoverProcesses = record.leftovers
    if case .undefinedSymbol(let name) = ending {
      outcome.position = cell.position(of: name)
    }
    if let place, let origin = cells.first(where: { $0.id == place.cell }) {
      outcome.position = origin.markdownPosition(line: place.line, column: place.column)
    }
    return outcome
  }

  /// Gives the compiler's messages their positions in the Markdown file.
  private func place(
    _ outcome: inout CellOutcome, _ compiled: CellCompiler.Result, of compiledCell: Cell
  ) {
    outcome.diagnostics = compiled.messages.compactMap { message in
      guard let cell = cells.first(where: { $0.id == message.file }) else {
        // The end of the file has no mapped position: there a missing brace is noticed.
        guard message.severity == .error else { return nil }
        return Diagnostic(.error, at: compiledCell.markdownPosition(line: .max), message.text)
      }
      return Diagnostic(
        message.severity, at: cell.markdownPosition(line: message.line, column: message.column),
        message.text)
    }
    if let error = outcome.diagnostics.first(where: { $0.severity == .error }) {
      outcome.position = outcome.position ?? error.position
    }
  }
}
