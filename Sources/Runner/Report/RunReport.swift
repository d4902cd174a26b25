/// What came of one cell.
package struct CellReport: Sendable {
  package var cell: Cell
  package var outcome: CellOutcome
  package var verdict: CellVerdict

  package init(cell: Cell, outcome: CellOutcome) {
    self.cell = cell
    self.outcome = outcome
    verdict = Checker.verdict(cell: cell, outcome: outcome)
  }
}

/// What came of one lesson.
package struct LessonReport: Sendable {
  package var path: String
  package var slug: String
  package var title: String
  /// The file's bytes, for the lines that are quoted.
  package var bytes: [UInt8]
  /// Everything wrong with the text; nothing ran where there is any.
  package var errors: [Diagnostic] = []
  package var cells: [CellReport] = []
  /// Wall-clock time from the first cell's compilation to the last one's end.
  package var duration: Duration = .zero

  /// The first cell that did not pass, and was not kept from running by another.
  package var cause: CellReport? {
    cells.first { $0.verdict.status != .pass && $0.verdict.status != .notRun }
      ?? cells.first { $0.verdict.status != .pass }
  }

  package var status: CellStatus {
    errors.isEmpty ? cause?.verdict.status ?? .pass : .lessonError
  }

  /// The Markdown line of the cause; 1 for a lesson that passes.
  package var line: Int {
    errors.first?.position.line ?? cause?.verdict.position.line ?? 1
  }

  package var message: String {
    errors.first?.message ?? cause?.verdict.message ?? ""
  }

  package var isPassing: Bool { status == .pass }

  package init(path: String, slug: String, title: String, bytes: [UInt8]) {
    self.path = path
    self.slug = slug
    self.title = title
    self.bytes = bytes
  }
}

/// What came of a whole run.
package struct RunReport: Sendable {
  package var toolchain: String
  package var lessons: [LessonReport]
  package var duration: Duration
  /// How cells were isolated.
  package var isolation: Isolation

  package init(
    toolchain: String, lessons: [LessonReport], duration: Duration,
    isolation: Isolation = Isolation(layers: [], missing: [])
  ) {
    self.isolation = isolation
    self.toolchain = toolchain
    self.lessons = lessons
    self.duration = duration
  }

  package var isPassing: Bool { lessons.allSatisfy(\.isPassing) }

  /// True where the machine, not a lesson, is the cause of every failure.
  package var isEnvironmentFailure: Bool {
    let failures = lessons.filter { !$0.isPassing }
    return !failures.isEmpty && failures.allSatisfy { $0.status == .environmentError }
  }

  package var cellCount: Int { lessons.reduce(0) { $0 + $1.cells.count } }
}
