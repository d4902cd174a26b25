import Foundation
import Glibc

/// One run of `confine`, started as the engine starts it.
struct Confined {
  /// The status record's fields; empty when none was written.
  var status: [String: String] = [:]
  var output = ""
  var milliseconds = 0

  var kind: String { status["kind"] ?? "none" }
  var code: Int32 { status["code"].flatMap { Int32($0) } ?? -1 }
  var leftover: Int { status["leftover"].flatMap { Int($0) } ?? -1 }
  var layers: [String] { status["layers"]?.split(separator: ",").map(String.init) ?? [] }

  /// The folder of the test program, where the package's other executables are too.
  static let folder: String = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let path = buffer.prefix(max(length, 0)).map { UInt8(bitPattern: $0) }
    return String(decoding: path, as: UTF8.self).split(separator: "/").dropLast()
      .reduce("") { $0 + "/" + $1 }
  }()
  static let hostile = folder + "/hostile"

  /// Starts `confine` and returns its process id with the reading ends of output and status.
  static func start(_ arguments: [String]) throws -> (process: pid_t, output: Int32, status: Int32)
  {
    var output: [Int32] = [0, 0]
    var status: [Int32] = [0, 0]
    guard pipe(&output) == 0, pipe(&status) == 0 else { throw Failure() }
    for end in output + status { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output[1], 1)
    posix_spawn_file_actions_adddup2(&actions, output[1], 2)
    posix_spawn_file_actions_adddup2(&actions, status[1], 100)
    let program = folder + "/confine"
    var words: [UnsafeMutablePointer<CChar>?] =
      ([program, "--status-fd", "100"] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var process: pid_t = 0
    let error = posix_spawn(&process, program, &actions, nil, &words, environ)
    close(output[1])
    close(status[1])
    guard error == 0 else { throw Failure() }
    return (process, output[0], status[0])
  }

  struct Failure: Error {}

  /// Reads to the end.
  static func text(of descriptor: Int32) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer.prefix(count)
    }
    close(descriptor)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Runs one of the hostile program's attempts to its end.
  init(_ attempt: String..., options: [String] = []) throws {
    try self.init(program: [Self.hostile] + attempt, options: options)
  }

  init(program: [String], options: [String]) throws {
    let clock = ContinuousClock()
    let start = clock.now
    let run = try Self.start(options + ["--"] + program)
    output = Self.text(of: run.output)
    let record = Self.text(of: run.status)
    waitpid(run.process, nil, 0)
    milliseconds = Int((clock.now - start) / .milliseconds(1))
    for field in record.split(whereSeparator: \.isWhitespace) {
      let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      status[String(parts[0])] = parts.count > 1 ? String(parts[1]) : ""
    }
  }
}

/// A folder that is removed with everything in it.
final class Scratch {
  let path: String

  init() throws {
    var template = Array("/tmp/confine-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw Confined.Failure() }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func file(_ name: String, _ text: String = "secret") -> String {
    let path = "\(path)/\(name)"
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    _ = text.withCString { write(file, $0, strlen($0)) }
    close(file)
    return path
  }
}
