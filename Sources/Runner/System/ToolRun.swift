internal import Glibc

/// What a finished helper program left.
package struct ToolRun: Sendable {
  package enum End: Sendable, Equatable {
    case status(ExitStatus)
    case timedOut
    case interrupted
  }

  package var end: End
  /// What it printed, stdout and stderr in the order of arrival, up to the limit.
  package var output: [UInt8]
  package var isOutputCut = false
  /// What the launcher wrote about it, where it ran confined.
  package var record: ConfinementRecord?

  /// Starts a program, collects what it prints and waits for its end.
  ///
  /// Blocks.
  ///
  /// - Parameter confinement: How the program is held, if it works on foreign text.
  package static func run(
    _ command: Command, within limit: Duration, outputLimit: Int = 1 << 20,
    interruption: Interruption?, confinement: Confinement? = nil
  ) throws(SystemError) -> ToolRun {
    let (process, read, status) = try start(command, confinement)
    // The launcher keeps the limit itself; ours is for a launcher that is stuck.
    let deadline = ContinuousClock.now + limit + (confinement == nil ? .zero : .seconds(5))
    var run = ToolRun(end: .timedOut, output: [])
    var isOpen = true
    while true {
      var sources = [process.endNumber]
      if let interruption { sources.append(interruption.number) }
      if isOpen { sources.append(read.number) }
      let ready = waitForInput(sources, until: deadline).map { sources[$0] }
      if ready.isEmpty { return run }
      if let interruption, ready.contains(interruption.number) {
        run.end = .interrupted
        return run
      }
      if ready.contains(process.endNumber) {
        run.end = .status(process.wait())
        // What the process wrote is in the pipe by now: at most the pipe's capacity.
        for _ in 0..<16 where run.take(from: read, limit: outputLimit) == .bytes {}
        if confinement != nil { try run.take(status: status, of: command) }
        return run
      }
      if run.take(from: read, limit: outputLimit) == .end { isOpen = false }
    }
  }

  /// Starts the program.
  ///
  /// The writing ends are the program's alone once this returns, so that the readers see the end.
  private static func start(
    _ command: Command, _ confinement: Confinement?
  ) throws(SystemError) -> (ChildProcess, output: Descriptor, status: Descriptor) {
    let (read, write) = try Descriptor.pipe()
    let (statusRead, statusWrite) = try Descriptor.pipe()
    let descriptors = [try .null(), write, write]
    guard let confinement else {
      return (try ChildProcess(command, descriptors: descriptors), read, statusRead)
    }
    let process = try ChildProcess(
      confinement.wrap(command, kept: descriptors.count), descriptors: descriptors + [statusWrite],
      patience: Confinement.patience)
    return (process, read, statusRead)
  }

  /// Takes the end from the launcher's record, which alone tells a signal from an exit status.
  private mutating func take(status: Descriptor, of command: Command) throws(SystemError) {
    guard case .bytes(let bytes) = status.read(),
      let record = ConfinementRecord(String(decoding: bytes, as: UTF8.self))
    else { throw SystemError("confining \(command.program)", code: ECHILD) }
    self.record = record
    if record.kind == .timeout { end = .timedOut }
    if let status = record.exitStatus { end = .status(status) }
    if record.kind == .failed { throw SystemError(command.program, code: record.code) }
    if record.kind == .lost { throw SystemError(command.program, code: ECHILD) }
  }

  private enum Taken { case bytes, nothing, end }

  private mutating func take(from source: Descriptor, limit: Int) -> Taken {
    switch source.read() {
    case .bytes(let bytes):
      let room = limit - output.count
      output += bytes.prefix(room)
      if bytes.count > room { isOutputCut = true }
      return .bytes
    case .nothingYet: return .nothing
    case .end: return .end
    }
  }
}
