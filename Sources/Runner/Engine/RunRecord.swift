/// Limits on the run of one cell.
package struct RunLimits: Sendable, Equatable {
  package var time: Duration = .seconds(10)
  /// Bytes printed, on both streams together.
  package var output: Int = 1 << 20
  /// What figures and tables may take, as text.
  package var displays: Int = 8 << 20
  /// Bytes of address space of one process.
  package var memory = Confinement.Limits.cells.memory
  /// Bytes of one file.
  package var fileSize = Confinement.Limits.cells.fileSize

  package init() {}
}

/// Which of a cell's streams some output came from.
package enum OutputStream: Sendable {
  case stdout, stderr
  /// Figures, tables and progress: whole lines of JSON, of which no text reader shows anything.
  case display
}

/// Everything observed while one unit ran.
package struct RunRecord: Sendable {
  package var stdout: [UInt8] = []
  package var stderr: [UInt8] = []
  /// What the cell displayed, as it came: one line of JSON a display.
  package var displays: [UInt8] = []
  package var duration: Duration = .zero
  package var leftovers = 0
  package var peakKilobytes = 0
  /// What the cell used of the processor, where it died.
  package var processorTime: Duration?
  /// True where the cell ran in the process of the state before it, which is gone if the cell failed.
  package var wasInPlace = false
  /// True where the worker's processes are all gone, the states of earlier cells among them.
  package var isWorkerLost = false
  var end: End = .workerLost
  var threwFrames: [UInt64]?
  var exitFrames: [UInt64]?
  var crash: WorkerReport.Crash?
  /// Where the units of the chain are loaded, the cell's own included.
  var loaded: [LoadedUnit] = []

  enum End: Sendable, Equatable {
    case reachedEnd
    case died(ExitStatus)
    case timedOut
    case outputLimit
    case unloadable(String)
    case workerLost
    case interrupted
  }
}
