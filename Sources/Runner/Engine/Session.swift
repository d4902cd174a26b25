internal import CWorker
internal import Glibc

/// A worker process and the checkpoints that descend from it: one lesson being executed.
///
/// The root checkpoint is the empty state. It runs no cell, reaps orphans, and kills on request, so
/// that no cell can keep it busy. All of it is held by the launcher, which takes every process of the
/// lesson with it when the session goes.
package final class Session: Sendable {
  /// The hidden argument that makes the executable a worker.
  package static let workerArgument = "__worker"
  /// The descriptor that the worker is controlled through.
  package static let workerControl: Int32 = 3

  package let root: Checkpoint
  let process: ChildProcess
  let interruption: Interruption?
  private let scratch: String
  private let status: Descriptor

  /// Starts a worker in a scratch directory of its own.
  package init(
    installation: Installation, toolchain: Toolchain, units: String,
    limits: Confinement.Limits = .cells, interruption: Interruption?
  ) throws(EnvironmentFailure) {
    do {
      let parent = environmentVariable("TMPDIR") ?? "/tmp"
      scratch = try FileSystem.makeTemporaryDirectory(in: parent)
      let (ours, theirs) = try Self.socketPair()
      let command = Command(
        installation.executable, [Self.workerArgument], environment: Self.environment(in: scratch),
        directory: scratch)
      let null = try Descriptor.null()
      var confinement = Confinement(launcher: installation.launcher, limits: limits)
      confinement.executable = [toolchain.root]
      confinement.readable = [units]
      confinement.scratch = scratch
      let statusWrite: Descriptor
      (status, statusWrite) = try Descriptor.pipe()
      // 0, 1 and 2 lead nowhere until a cell brings its own; 3 is the control socket.
      process = try ChildProcess(
        confinement.wrap(command, kept: 4), descriptors: [null, null, null, theirs, statusWrite],
        patience: Confinement.patience)
      root = Checkpoint(control: ours, pid: process.id, loaded: [], isInPlace: false)
    } catch {
      throw EnvironmentFailure(
        "the worker can't start: \(error)", help: "run 'lessons doctor' to see what is missing")
    }
    self.interruption = interruption
  }

  deinit {
    FileSystem.remove(scratch)
  }

  /// What a cell finds in its environment: nothing of the user's.
  private static func environment(in scratch: String) -> [String] {
    var environment = [
      "LANG=C.UTF-8", "HOME=\(scratch)", "TMPDIR=\(scratch)", "PATH=/usr/bin:/bin",
      // The worker catches crashes itself, before the runtime's reporter, which takes up to a second.
      // Enabled it must be all the same, or else the runtime prints a trace into the cell's stderr.
      "SWIFT_BACKTRACE=enable=yes",
    ]
    for name in ["LESSONS_MATH_THREADS"] {
      if let value = environmentVariable(name) { environment.append("\(name)=\(value)") }
    }
    return environment
  }

  static func socketPair() throws(SystemError) -> (Descriptor, Descriptor) {
    var ends: [Int32] = [-1, -1]
    let failure = unsafe worker_socket_pair(&ends)
    guard failure == 0 else { throw SystemError("socketpair", code: -failure) }
    return (Descriptor(owning: ends[0]), Descriptor(owning: ends[1]))
  }

  /// What the launcher wrote about the worker's end.
  ///
  /// To be asked for once the process has ended.
  var record: ConfinementRecord? {
    guard case .bytes(let bytes) = status.read() else { return nil }
    return ConfinementRecord(String(decoding: bytes, as: UTF8.self))
  }

  /// Kills a process of the lesson through the root, which sees the same process numbers as the cell.
  func kill(_ pid: Int32) {
    var request = worker_request()
    request.kind = UInt32(WORKER_KILL.rawValue)
    request.pid = pid
    _ = unsafe worker_send(root.control.number, &request, nil, 0)
  }
}
