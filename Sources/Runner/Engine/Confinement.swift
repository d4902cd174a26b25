/// How a process of foreign code is held: the launcher in front of it, what it may use and see.
///
/// `docs/security.md` says what that promises; `Sources/confine` does it.
package struct Confinement: Sendable, Equatable {
  /// The `confine` executable.
  package var launcher: String
  package var limits: Limits
  /// Files and folders that the process may read, may start programs from, and may write in.
  package var readable: [String] = []
  package var executable: [String] = []
  package var writable: [String] = []
  /// A folder of limited size that is empty at the start and gone at the end.
  package var scratch: String?
  /// True for programs that share files with others like them: root then keeps its user id, whose
  /// private folders another one could not look into.
  package var keepsUser = false

  /// Bounds on one process; all but `processes` hold for each of its children by itself.
  package struct Limits: Sendable, Equatable {
    package var wall: Duration?
    package var processorSeconds: Int?
    package var memory: Int
    package var fileSize: Int
    package var openFiles: Int
    /// Processes and threads together.
    package var processes: Int

    /// For the process that runs cells; the runner measures each cell's time itself.
    package static let cells = Limits(
      memory: 2 << 30, fileSize: 32 << 20, openFiles: 256, processes: 256)
    /// For a compiler.
    package static let compiler = Limits(
      wall: .seconds(30), processorSeconds: 25, memory: 4 << 30, fileSize: 256 << 20,
      openFiles: 256, processes: 64)
  }

  /// How long the launcher may take, once told to end, to kill, count and report.
  package static let patience: Duration = .seconds(3)

  package init(launcher: String, limits: Limits) {
    self.launcher = launcher
    self.limits = limits
  }

  /// Returns the command that starts another one so held.
  ///
  /// - Parameter kept: How many descriptors the program gets, numbered from 0. The one after those is
  ///   where the launcher writes its record.
  package func wrap(_ command: Command, kept: Int) -> Command {
    var words = ["--status-fd", "\(kept)"]
    func add(_ option: String, _ values: [String]) {
      for value in values { words += [option, value] }
    }
    add("--keep-fd", (3..<max(kept, 3)).map(String.init))
    add("--wall-ms", limits.wall.map { ["\(Int($0.milliseconds))"] } ?? [])
    add("--cpu-s", limits.processorSeconds.map { ["\($0)"] } ?? [])
    add("--memory", ["\(limits.memory)"])
    add("--file-size", ["\(limits.fileSize)"])
    add("--open-files", ["\(limits.openFiles)"])
    add("--processes", ["\(limits.processes)"])
    add("--read", readable)
    add("--execute", executable)
    add("--write", writable)
    add("--without", keepsUser ? ["uid"] : [])
    add("--scratch", scratch.map { [$0] } ?? [])
    add("--cwd", command.directory.map { [$0] } ?? [])
    add("--env", command.environment)
    return Command(launcher, words + ["--", command.program] + command.arguments)
  }
}

/// What the launcher wrote about the end of the process that it held.
package struct ConfinementRecord: Sendable, Equatable {
  package enum Kind: String, Sendable {
    case exit, signal, timeout, cancelled
    /// The program could not be started; the code is an errno.
    case failed
    /// The launcher's inner process was killed from outside.
    case lost
  }

  package var kind: Kind
  package var code: Int32
  package var leftover: Int
  package var peakKilobytes: Int
  package var layers: [String]

  /// Reads `kind=exit code=0 leftover=0 maxrss_kb=… layers=a,b`; nil where a field is missing.
  package init?(_ text: String) {
    var fields: [Substring: Substring] = [:]
    for field in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      guard let equals = field.firstIndex(of: "=") else { continue }
      fields[field[..<equals]] = field[field.index(after: equals)...]
    }
    guard let kind = fields["kind"].flatMap({ Kind(rawValue: String($0)) }),
      let code = fields["code"].flatMap({ Int32($0) }),
      let leftover = fields["leftover"].flatMap({ Int($0) }),
      let peak = fields["maxrss_kb"].flatMap({ Int($0) }), let layers = fields["layers"]
    else { return nil }
    self.kind = kind
    self.code = code
    self.leftover = leftover
    peakKilobytes = peak
    self.layers = layers.split(separator: ",").map(String.init)
  }

  /// How the program itself ended, where it got to start.
  package var exitStatus: ExitStatus? {
    switch kind {
    case .exit: .exited(code)
    case .signal: .signalled(code)
    case .timeout, .cancelled, .failed, .lost: nil
    }
  }
}
