/// Runs lessons side by side and reports on each.
package struct Verification: Sendable {
  package enum Event: Sendable {
    case lessonStarted(path: String)
    case lesson(path: String, LessonEvent)
    case lessonEnded(LessonReport)
  }

  package var engine: Engine
  /// How many lessons run at a time.
  package var jobs: Int
  /// True to leave what comes after the first failure.
  package var stopsAtFailure: Bool
  /// Finds what is wrong with a lesson besides its cells, once they ran.
  package var review: @Sendable (LessonReport) -> [Diagnostic] = { _ in [] }

  package init(engine: Engine, jobs: Int, stopsAtFailure: Bool = false) {
    self.engine = engine
    self.jobs = max(jobs, 1)
    self.stopsAtFailure = stopsAtFailure
  }

  /// Runs the lessons at some paths and returns their reports in the same order.
  ///
  /// - Parameter report: Called as things happen, from any thread.
  package func run(
    _ paths: [String], report: @escaping @Sendable (Event) -> Void = { _ in }
  ) async -> [LessonReport] {
    await withTaskGroup(of: (Int, LessonReport).self) { group in
      var reports = [LessonReport?](repeating: nil, count: paths.count)
      var waiting = paths.indices.makeIterator()
      var isStopped = false
      func start() {
        guard !isStopped, let index = waiting.next() else { return }
        group.addTask { (index, await lesson(at: paths[index], report: report)) }
      }
      for _ in 0..<jobs { start() }
      while let (index, lesson) = await group.next() {
        reports[index] = lesson
        if stopsAtFailure, !lesson.isPassing { isStopped = true }
        if engine.interruption?.isRaised == true { isStopped = true }
        start()
      }
      return reports.compactMap(\.self)
    }
  }

  /// Runs one lesson.
  package func lesson(
    at path: String, upTo cellID: String? = nil,
    report: @escaping @Sendable (Event) -> Void
  ) async -> LessonReport {
    report(.lessonStarted(path: path))
    let result: LessonReport
    do {
      let lesson = try LessonParser.parse(path: path, bytes: LessonFile.read(path: path))
      var ended = await run(lesson, upTo: cellID, report: report)
      ended.errors = review(ended)
      result = ended
    } catch {
      let bytes = (try? LessonFile.read(path: path)) ?? []
      let slug = LessonParser.slug(of: path)
      var failed = LessonReport(path: path, slug: slug, title: slug, bytes: bytes)
      failed.errors = error.diagnostics
      result = failed
    }
    report(.lessonEnded(result))
    return result
  }

  /// Runs a parsed lesson, or its cells up to one of them.
  package func run(
    _ lesson: Lesson, upTo cellID: String? = nil,
    report: @escaping @Sendable (Event) -> Void
  ) async -> LessonReport {
    let start = ContinuousClock.now
    let last = cellID.flatMap { id in lesson.cells.firstIndex { $0.id == id } }
    let stops = stopsAtFailure
    let outcomes = await LessonRun.run(
      lesson, with: engine, upTo: last, limits: engine.limits,
      report: { report(.lesson(path: lesson.path, $0)) },
      goesOn: { cell, outcome in
        !stops || Checker.verdict(cell: cell, outcome: outcome).status == .pass
      })
    var result = LessonReport(
      path: lesson.path, slug: lesson.slug, title: lesson.title, bytes: lesson.bytes)
    result.cells = zip(lesson.cells, outcomes).map { CellReport(cell: $0, outcome: $1) }
    result.duration = ContinuousClock.now - start
    return result
  }
}
