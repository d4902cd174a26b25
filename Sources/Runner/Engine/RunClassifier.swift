internal import Glibc

/// Says how a cell ended, from what was observed while it ran.
struct RunClassifier {
  /// The ending, and the place in a cell where it happened where that is known.
  typealias Verdict = (ending: CellOutcome.Ending, place: CrashLocator.Place?)

  var locator: CrashLocator
  var limits: RunLimits
  var cells: Set<String>

  /// The ending of a cell that had no worker to run in.
  static let workerIsGone = CellOutcome.Ending.environment("the worker process is gone")

  func classify(_ record: RunRecord) -> Verdict {
    switch record.end {
    case .reachedEnd: return (.completed, nil)
    case .timedOut:
      return (.timedOut(limit: limits.time, isWaiting: isWaiting(record)), placeOfEnd(record))
    case .outputLimit: return (.outputLimit(bytes: limits.output), placeOfEnd(record))
    case .interrupted: return (.notRun("interrupted"), nil)
    case .unloadable(let reason): return (unloadable(reason, record), nil)
    case .workerLost: return (Self.workerIsGone, nil)
    case .died(.exited(let status)):
      let place = record.exitFrames.flatMap {
        locator.place(of: $0, areReturnAddresses: true, cells: cells)
      }
      return (.exited(status: status), place)
    case .died(.signalled(let signal)): return death(by: signal, record)
    }
  }

  /// Where the cell was when it was told to end.
  private func placeOfEnd(_ record: RunRecord) -> CrashLocator.Place? {
    record.crash.flatMap {
      locator.place(of: $0.frames, areReturnAddresses: false, cells: cells)
    }
  }

  /// A unit that is there and can't be loaded: what it names or what ran before it is at fault.
  private func unloadable(_ reason: String, _ record: RunRecord) -> CellOutcome.Ending {
    if let name = Self.undefinedSymbol(in: reason) { return .undefinedSymbol(name) }
    if reason.contains("annot allocate memory") { return memoryLimit }
    guard record.loaded.count > 1, !reason.contains("No such file") else {
      return .environment("the cell can't be loaded: \(reason)")
    }
    return .notRun("what the cells before it left of their process can't start it (\(reason))")
  }

  /// The name that the loader looked for in vain, in its words "undefined symbol: name".
  private static func undefinedSymbol(in reason: String) -> String? {
    reason.firstRange(of: "undefined symbol: ").map {
      String(reason[$0.upperBound...].prefix { $0 != " " && $0 != "," })
    }
  }

  /// True where the cell used hardly any processor time, and started nothing that may have.
  ///
  /// On a busy machine an endless loop gets a part of the time only, but a part it gets.
  private func isWaiting(_ record: RunRecord) -> Bool {
    record.leftovers == 0 && (record.processorTime.map { $0 < limits.time / 20 } ?? false)
  }

  private func death(by signal: Int32, _ record: RunRecord) -> Verdict {
    let message = RuntimeMessage(lastOf: record.stderr)
    if let frames = record.threwFrames {
      let place = locator.place(of: frames, areReturnAddresses: true, cells: cells)
      return (.uncaughtError(message?.thrownError ?? "an error"), place)
    }
    guard let crash = record.crash else {
      // Where memory runs out for the whole machine, the kernel kills without a word.
      return (isNearMemoryLimit(record) ? memoryLimit : .signal(signal), nil)
    }
    let place =
      locator.place(of: crash.frames, areReturnAddresses: false, cells: cells)
      ?? message.flatMap { message in
        cells.contains(message.file)
          ? .init(cell: message.file, line: message.line, column: 1) : nil
      }
    if isRefusedMemory(record) { return (memoryLimit, place) }
    switch crash.signal {
    case SIGSEGV where Self.isStackOverflow(crash): return (.stackOverflow, place)
    case SIGXFSZ: return (.fileLimit(bytes: limits.fileSize), place)
    case SIGILL where !crash.wasSent, SIGTRAP where !crash.wasSent:
      return (
        .trapped(message: message?.text ?? place?.runtimeFailure ?? "a run-time check failed"),
        place
      )
    case SIGABRT where message != nil || Self.isRuntimeAbort(record.stderr):
      return (.trapped(message: message?.text ?? Self.lastLine(record.stderr)), place)
    default: return (.signal(crash.signal), place)
    }
  }

  private var memoryLimit: CellOutcome.Ending { .memoryLimit(bytes: limits.memory) }

  private func isNearMemoryLimit(_ record: RunRecord) -> Bool {
    record.peakKilobytes << 10 > limits.memory / 10 * 7
  }

  /// An allocation failed, by what the runtimes of Swift and C++ say, or by how much there was.
  private func isRefusedMemory(_ record: RunRecord) -> Bool {
    let text = String(decoding: record.stderr.suffix(4096), as: UTF8.self)
    return text.contains("failed to allocate") || text.contains("std::bad_alloc")
      || isNearMemoryLimit(record)
  }

  /// A fault next to the stack pointer: the guard page below the stack was touched.
  private static func isStackOverflow(_ crash: WorkerReport.Crash) -> Bool {
    let (fault, stack) = (crash.faultAddress, crash.stackPointer)
    guard !crash.wasSent, crash.stackUsed == 0 || crash.stackUsed > 32 << 10 else { return false }
    return max(fault, stack) - min(fault, stack) < 64 << 10
  }

  private static func isRuntimeAbort(_ stderr: [UInt8]) -> Bool {
    let text = String(decoding: stderr, as: UTF8.self)
    return text.contains("Could not cast value of type") || text.contains("Fatal access conflict")
      || text.contains("Fatal error")
  }

  private static func lastLine(_ bytes: [UInt8]) -> String {
    var line = bytes.split(separator: 10).last ?? []
    if line.last == UInt8(ascii: ".") { line.removeLast() }
    return String(decoding: line, as: UTF8.self)
  }
}

/// The runtime's last words: `file:line: Fatal error: text`, or `Precondition failed` and its like.
struct RuntimeMessage: Equatable {
  var file: String
  var line: Int
  var text: String

  private static let marks = [": Fatal error", ": Precondition failed", ": Assertion failed"]
  private static let thrown = "Error raised at top level: "

  init?(lastOf stderr: [UInt8]) {
    let text = String(decoding: stderr, as: UTF8.self)
    let found = Self.marks.compactMap { text.ranges(of: $0).last }
    guard let mark = found.max(by: { $0.lowerBound < $1.lowerBound }) else { return nil }
    let lineStart =
      text[..<mark.lowerBound].lastIndex(of: "\n").map(text.index(after:)) ?? text.startIndex
    let place = text[lineStart..<mark.lowerBound].split(separator: ":")
    file = place.dropLast().joined(separator: ":")
    line = place.last.flatMap { Int($0) } ?? 0
    var rest = text[mark.upperBound...]
    if rest.hasPrefix(": ") { rest = rest.dropFirst(2) }
    // A check's own words are all there is where the author gave none.
    let kind = text[mark].dropFirst(2)
    if kind != "Fatal error" { rest = kind + (rest.isEmpty ? "" : ": ") + rest }
    while rest.last == "\n" { rest = rest.dropLast() }
    // The modules of cells are generated: their names mean nothing to a reader.
    self.text =
      rest.isEmpty
      ? "a run-time check failed"
      : String(rest.replacing(/\bcell_[0-9]+\./, with: ""))
  }

  /// The description of the error that left the top level, where this message tells of one.
  var thrownError: String? {
    text.hasPrefix(Self.thrown) ? String(text.dropFirst(Self.thrown.count)) : nil
  }
}
