/// The one word that says what came of a cell.
///
/// Reports print the raw value.
package enum CellStatus: String, Sendable, Codable, CaseIterable {
  case pass
  case outputMismatch = "output-mismatch"
  case outputEncoding = "output-encoding"
  case lessonError = "lesson-error"
  case compileError = "compile-error"
  case compileTooComplex = "compile-too-complex"
  case compileTimeout = "compile-timeout"
  case compileMemory = "compile-memory"
  case compileCrash = "compile-crash"
  case runtimeTrap = "runtime-trap"
  case uncaughtError = "uncaught-error"
  case stackOverflow = "stack-overflow"
  case signal
  case nonzeroExit = "nonzero-exit"
  case earlyExit = "early-exit"
  case timeout
  case memoryLimit = "memory-limit"
  case outputLimit = "output-limit"
  case fileLimit = "file-limit"
  case leftoverProcess = "leftover-process"
  case environmentError = "environment-error"
  case notRun = "not-run"
}

/// A cell's outcome held against its promise.
package struct CellVerdict: Sendable {
  package var status: CellStatus
  /// The Markdown position of the cause, or of the cell when it passed.
  package var position: SourcePosition
  /// What happened and what to try next, in a learner's words; empty when the cell passed.
  package var message: String
  /// The first difference between promised and printed output, where that is the cause.
  package var difference: OutputDifference?

  package init(
    status: CellStatus, position: SourcePosition, message: String = "",
    difference: OutputDifference? = nil
  ) {
    self.status = status
    self.position = position
    self.message = message
    self.difference = difference
  }
}
