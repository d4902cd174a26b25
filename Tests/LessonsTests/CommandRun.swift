import Foundation
import Glibc

/// One run of the `lessons` executable, as a user starts it.
struct CommandRun {
  var status: Int32
  var output: String
  var errors: String

  /// The folder of the test program, where the package's executables are too.
  static let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()
  static let executable = folder.appending(path: "lessons").path()

  /// A cache that the tests of one run share, so that a cell common to several compiles once.
  static let cache = TemporaryFolder.make(named: "lessons-tests-cache")

  /// Runs the command to its end.
  ///
  /// - Parameter environment: Variables set, or unset where the value is nil, on top of the tests' own.
  init(
    _ arguments: String..., in directory: URL? = nil, environment: [String: String?] = [:]
  ) throws {
    try self.init(arguments: arguments, in: directory, environment: environment)
  }

  init(
    program: String = Self.executable, arguments: [String], in directory: URL? = nil,
    environment: [String: String?] = [:]
  ) throws {
    let run = try Started(
      program: program, arguments: arguments, in: directory, environment: environment)
    self = try run.finish()
  }

  /// A run under way.
  final class Started {
    let process = Process()
    private let output: URL
    private let errors: URL
    private let folder = TemporaryFolder.make(named: "lessons-tests-run")

    init(
      program: String = CommandRun.executable, arguments: [String], in directory: URL? = nil,
      environment: [String: String?] = [:]
    ) throws {
      // Files and not pipes: nothing has to be read while the command runs.
      output = folder.appending(path: "output")
      errors = folder.appending(path: "errors")
      for file in [output, errors] { try Data().write(to: file) }
      process.executableURL = URL(filePath: program)
      process.arguments = arguments
      process.currentDirectoryURL = directory
      var variables = ProcessInfo.processInfo.environment
      variables["LESSONS_CACHE"] = CommandRun.cache.path()
      variables["NO_COLOR"] = "1"
      for (name, value) in environment { variables[name] = value }
      process.environment = variables
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = try FileHandle(forWritingTo: output)
      process.standardError = try FileHandle(forWritingTo: errors)
      try process.run()
    }

    func finish() throws -> CommandRun {
      process.waitUntilExit()
      defer { try? FileManager.default.removeItem(at: folder) }
      let code = process.terminationStatus
      return CommandRun(
        status: process.terminationReason == .exit ? code : 128 + code,
        output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
        errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
    }
  }

  private init(status: Int32, output: String, errors: String) {
    (self.status, self.output, self.errors) = (status, output, errors)
  }

  /// The JSON report that was printed.
  func report() throws -> Report {
    try JSONDecoder().decode(Report.self, from: Data(output.utf8))
  }
}

/// What the tests read of the JSON report.
struct Report: Decodable {
  struct Cell: Decodable {
    var id: String
    var line: Int
    var status: String
    var stdout: String
    var stderr: String
    var message: String
    var seconds: Double
    var cached: Bool
  }
  struct Lesson: Decodable {
    var path: String
    var slug: String
    var status: String
    var line: Int
    var message: String
    var cells: [Cell]
  }
  var version: Int
  var toolchain: String
  var lessons: [Lesson]
}

/// Folders for one test each.
enum TemporaryFolder {
  static func make(named name: String) -> URL {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "\(name)-\(UUID().uuidString)")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  /// A folder that holds one lesson.
  static func withLesson(_ text: String, named name: String = "lesson.md") throws -> URL {
    let folder = make(named: "lessons-tests")
    try Data(text.utf8).write(to: folder.appending(path: name))
    return folder
  }
}
