internal import CWorker
internal import Glibc

/// One unit being run on a checkpoint: a loop over everything that may happen meanwhile.
struct CellRun {
  private let session: Session
  private let checkpoint: Checkpoint
  /// The checkpoint before, which is told when a cell that runs in place dies.
  private let parent: Checkpoint
  private let unit: Unit
  private let limits: RunLimits
  private let sink: @Sendable (OutputStream, ArraySlice<UInt8>) -> Void

  private var record = RunRecord()
  private var pid: Int32?
  private var isInPlace = false
  private var processorTimeBefore: Duration = .zero
  private var base: UInt64 = 0
  /// Deaths reported so far.
  ///
  /// One may overtake, on the parent's socket, what the cell said on its own.
  private var deaths: [Int32: WorkerReport.Death] = [:]
  /// Set once the cell was told to die; the reason becomes the record's end.
  private var killedFor: RunRecord.End?

  /// How long a killed process may take to be gone before the whole worker is given up.
  private static let patience: Duration = .seconds(5)
  /// How much of what a dead cell left in its socket is gone through: more than a socket holds.
  private static let lastReports = 4096

  /// Runs a unit on a checkpoint.
  ///
  /// Blocks.
  ///
  /// - Returns: What was observed, and the state after the cell where it reached its end.
  static func run(
    _ unit: Unit, on checkpoint: Checkpoint, after parent: Checkpoint, in session: Session,
    limits: RunLimits, seed: UInt64?,
    sink: @escaping @Sendable (OutputStream, ArraySlice<UInt8>) -> Void
  ) -> (record: RunRecord, next: Checkpoint?) {
    var run = CellRun(
      session: session, checkpoint: checkpoint, parent: parent, unit: unit, limits: limits,
      sink: sink)
    return run.perform(seed: seed)
  }

  private init(
    session: Session, checkpoint: Checkpoint, parent: Checkpoint, unit: Unit, limits: RunLimits,
    sink: @escaping @Sendable (OutputStream, ArraySlice<UInt8>) -> Void
  ) {
    self.session = session
    self.checkpoint = checkpoint
    self.parent = parent
    self.unit = unit
    self.limits = limits
    self.sink = sink
  }

  private mutating func perform(seed: UInt64?) -> (record: RunRecord, next: Checkpoint?) {
    let start = ContinuousClock.now
    let channels: Channels
    do {
      channels = try begin(seed: seed)
    } catch {
      // A checkpoint that can't be spoken to is gone, by the doing of a cell before.
      record.end = .workerLost
      record.isWorkerLost = true
      return (record, nil)
    }
    var deadline = start + limits.time
    var open = Set(
      [channels.control, channels.stdout, channels.stderr, channels.display].map(\.number))
    open.formUnion([checkpoint, parent, session.root].map(\.control.number))
    open.insert(session.process.endNumber)
    if let interruption = session.interruption { open.insert(interruption.number) }

    while true {
      let sources = Array(open)
      let ready = waitForInput(sources, until: deadline).map { sources[$0] }
      if ready.isEmpty {
        if let killedFor {
          record.end = killedFor
          record.isWorkerLost = true
          break
        }
        kill(for: .timedOut, deadline: &deadline)
        continue
      }
      if let interruption = session.interruption, ready.contains(interruption.number) {
        record.end = .interrupted
        break
      }
      for number in ready {
        switch number {
        case channels.stdout.number:
          if !take(from: channels.stdout, as: .stdout) { open.remove(number) }
        case channels.stderr.number:
          if !take(from: channels.stderr, as: .stderr) { open.remove(number) }
        case channels.display.number:
          if !take(from: channels.display, as: .display) { open.remove(number) }
        case session.process.endNumber:
          record.end = killedFor ?? endOfWorker
          record.isWorkerLost = true
          return (finished(since: start, channels), nil)
        case channels.control.number:
          if !receiveAll(from: channels.control) { open.remove(number) }
        case checkpoint.control.number:
          if !receiveAll(from: checkpoint.control) { open.remove(number) }
        case parent.control.number:
          if !receiveAll(from: parent.control) { open.remove(number) }
        default:
          if !receiveAll(from: session.root.control) { open.remove(number) }
        }
      }
      if let pid, let death = deaths[pid], record.end == .workerLost {
        _ = receiveAll(from: channels.control, atMost: Self.lastReports)
        if record.end == .workerLost {
          record.end = .died(death.status)
          (record.leftovers, record.peakKilobytes) = (death.leftovers, death.peakKilobytes)
          record.processorTime = death.processorTime - processorTimeBefore
        }
      }
      if record.stdout.count + record.stderr.count > limits.output
        || record.displays.count > limits.displays
      {
        kill(for: .outputLimit, deadline: &deadline)
      }
      if record.end == .reachedEnd, killedFor == nil {
        let record = finished(since: start, channels)
        let next = Checkpoint(
          control: channels.control, pid: pid ?? 0, loaded: record.loaded, isInPlace: isInPlace)
        return (record, next)
      }
      if record.end != .workerLost { break }
    }
    if let killedFor, record.end != .interrupted { record.end = killedFor }
    return (finished(since: start, channels), nil)
  }

  /// Our ends of a cell's streams.
  private struct Channels {
    var control: Descriptor
    var stdout: Descriptor
    var stderr: Descriptor
    var display: Descriptor
  }

  private func begin(seed: UInt64?) throws(SystemError) -> Channels {
    let (ours, theirs) = try Session.socketPair()
    let (outRead, outWrite) = try Descriptor.pipe()
    let (errRead, errWrite) = try Descriptor.pipe()
    let (displayRead, displayWrite) = try Descriptor.pipe()
    var request = worker_request()
    request.kind = UInt32(WORKER_RUN.rawValue)
    request.has_seed = seed == nil ? 0 : 1
    request.seed = seed ?? 0
    guard copy(unit.libraryPath, into: &request.library),
      copy(unit.entry, into: &request.entry)
    else { throw SystemError(unit.libraryPath, code: ENAMETOOLONG) }
    let descriptors = [theirs, outWrite, errWrite, displayWrite]
    let failure = withExtendedLifetime(descriptors) {
      unsafe worker_send(checkpoint.control.number, &request, descriptors.map(\.number), 4)
    }
    guard failure == 0 else { throw SystemError("the worker", code: -failure) }
    return Channels(control: ours, stdout: outRead, stderr: errRead, display: displayRead)
  }

  /// Copies a text with its closing zero into a fixed field; false where it doesn't fit.
  private func copy<Field>(_ text: String, into field: inout Field) -> Bool {
    unsafe withUnsafeMutableBytes(of: &field) { bytes in
      guard text.utf8.count < bytes.count else { return false }
      unsafe bytes.copyBytes(from: Array(text.utf8) + [0])
      return true
    }
  }

  private mutating func kill(for reason: RunRecord.End, deadline: inout ContinuousClock.Instant) {
    guard killedFor == nil else { return }
    killedFor = reason
    deadline = .now + Self.patience
    // A cell that has not even started has no number yet: the worker as a whole is given up.
    if let pid { session.kill(pid) } else { session.process.signal(SIGTERM) }
  }

  /// Reads what is there of a stream; false at its end.
  private mutating func take(from source: Descriptor, as stream: OutputStream) -> Bool {
    switch source.read() {
    case .bytes(let bytes):
      let room =
        stream == .display
        ? limits.displays + 1 - record.displays.count
        : limits.output + 1 - record.stdout.count - record.stderr.count
      let kept = bytes.prefix(max(room, 0))
      switch stream {
      case .stdout: record.stdout += kept
      case .stderr: record.stderr += kept
      case .display: record.displays += kept
      }
      sink(stream, kept)
      return true
    case .nothingYet: return true
    case .end: return false
    }
  }

  /// The whole worker ended although nobody asked it to: a cell may signal every process it sees.
  private var endOfWorker: RunRecord.End {
    session.record?.exitStatus.map { .died($0) } ?? .workerLost
  }

  /// Takes the reports that are there; false when the socket is closed.
  ///
  /// A cell can reach its socket and flood it; the deadline must be looked at all the same.
  private mutating func receiveAll(from control: Descriptor, atMost count: Int = 64) -> Bool {
    for _ in 0..<count {
      switch WorkerReport.receive(from: control) {
      case .nothingYet: return true
      case .noise: continue
      case .end: return false
      case .report(let report): take(report)
      }
    }
    return true
  }

  private mutating func take(_ report: WorkerReport) {
    switch report {
    case .started(let pid, let isInPlace, let time):
      (self.pid, self.isInPlace, processorTimeBefore) = (pid, isInPlace, time)
    case .loaded(let base): self.base = base
    case .unloadable(let reason): record.end = .unloadable(reason)
    case .ended(let leftovers, let peak):
      (record.leftovers, record.peakKilobytes) = (leftovers, peak)
      record.end = .reachedEnd
    case .threw(let frames): record.threwFrames = frames
    case .crashed(let crash): record.crash = crash
    case .exiting(let frames): record.exitFrames = frames
    case .died(let pid, let death): deaths[pid] = death
    }
  }

  /// The record, completed with what the cell wrote before it ended.
  private mutating func finished(
    since start: ContinuousClock.Instant, _ channels: Channels
  ) -> RunRecord {
    record.duration = ContinuousClock.now - start
    record.wasInPlace = isInPlace
    // A pipe holds 64 KiB; a process left behind may still be writing.
    for _ in 0..<4 where take(from: channels.stdout, as: .stdout) {}
    for _ in 0..<4 where take(from: channels.stderr, as: .stderr) {}
    for _ in 0..<4 where take(from: channels.display, as: .display) {}
    record.loaded = checkpoint.loaded + [LoadedUnit(unit: unit, base: base)]
    return record
  }
}
