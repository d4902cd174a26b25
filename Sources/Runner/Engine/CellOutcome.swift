package import LessonKit

/// What came of compiling and running one cell, before anyone compares it with what was promised.
package struct CellOutcome: Sendable, Codable {
  /// How a cell ended.
  package enum Ending: Sendable, Equatable, Codable {
    case completed
    /// The frontend refused the cell; `diagnostics` say why.
    case compileError
    /// It compiled, but nothing defines a symbol that it names.
    case undefinedSymbol(String)
    case compileTooComplex
    case compileTimeout
    case compileMemory
    /// The compiler itself crashed; the text is what it printed.
    case compileCrash(String)
    /// A Swift run-time check failed; the message as printed, without its prefix.
    case trapped(message: String)
    /// An error left the top level; its description.
    case uncaughtError(String)
    case stackOverflow
    case signal(Int32)
    /// The cell called `exit` before its end.
    case exited(status: Int32)
    /// The time was up; `isWaiting` says that hardly any of it was spent computing.
    case timedOut(limit: Duration, isWaiting: Bool)
    case memoryLimit(bytes: Int)
    case outputLimit(bytes: Int)
    case fileLimit(bytes: Int)
    /// The cell never started; why.
    case notRun(String)
    /// This machine can't run cells; why.
    case environment(String)
  }

  package var ending: Ending
  package var stdout: [UInt8] = []
  package var stderr: [UInt8] = []
  /// The figures and tables that the cell displayed, in order.
  package var displays: [Display] = []
  /// Compiler messages at positions in the Markdown file.
  package var diagnostics: [Diagnostic] = []
  /// Where in the Markdown file the cell failed, when something knows.
  package var position: SourcePosition?
  /// Wall-clock time from the cell's start to its end, without compiling.
  package var duration: Duration = .zero
  /// Wall-clock time spent compiling; zero when the unit came from the cache.
  package var compileDuration: Duration = .zero
  /// True when no compiler process ran for this cell.
  package var isCached = false
  /// Processes the cell left behind, which were killed.
  package var leftoverProcesses = 0

  package init(_ ending: Ending) {
    self.ending = ending
  }

  /// The figures among the displays.
  package var figures: [Figure] {
    displays.compactMap { if case .figure(let figure) = $0 { figure } else { nil } }
  }
}
