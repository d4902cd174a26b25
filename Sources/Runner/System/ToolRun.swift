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

  /// Starts a program, collects what it prints and waits for its end. Blocks.
  package static func run(
    _ command: Command, within limit: Duration, outputLimit: Int = 1 << 20,
    interruption: Interruption?
  ) throws(SystemError) -> ToolRun {
    let (process, read) = try start(command)
    let deadline = ContinuousClock.now + limit
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
        return run
      }
      if run.take(from: read, limit: outputLimit) == .end { isOpen = false }
    }
  }

  /// Starts the program. The writing end is the program's alone once this returns, so that the reader
  /// sees the end.
  private static func start(_ command: Command) throws(SystemError) -> (ChildProcess, Descriptor) {
    let (read, write) = try Descriptor.pipe()
    return (try ChildProcess(command, descriptors: [try .null(), write, write]), read)
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
