import Foundation
import Glibc

/// One run of the `lessons` command, and what it left.
struct LessonsCommand {
  var output = Data()
  var errors = Data()
  var exitStatus: Int32 = -1
  var seconds = 0.0
  /// The largest amount of memory that one of its processes had.
  var peakMegabytes = 0
  /// Processes that were still there when the command had ended.
  var leftovers = 0

  /// The folder of the test program, where the package's executables are too.
  static let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    .deletingLastPathComponent()

  /// Runs the command to its end, once it is its turn.
  ///
  /// - Parameter wrapper: Words put before the command, to start it in another way.
  static func run(
    _ arguments: [String], in place: Place, environment: [String: String] = [:],
    wrapper: [String] = []
  ) async throws -> LessonsCommand {
    try await Turns.shared.take {
      try LessonsCommand(arguments, in: place, environment: environment, wrapper: wrapper)
    }
  }

  private init(
    _ arguments: [String], in place: Place, environment: [String: String], wrapper: [String]
  ) throws {
    var variables = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "HOME": place.home.path, "TMPDIR": place.temporary.path,
      "LESSONS_CACHE": place.cache.path, "LESSONS_TEST_SECRET": "hunter2", "LANG": "C",
    ]
    variables.merge(environment) { $1 }
    // What the command leaves behind comes to the foster parent, which counts it.
    let count = place.root.appending(path: "left").path
    let foster = [Self.folder.appending(path: "hostile").path, "adopt", count]
    let command = Self.folder.appending(path: "lessons").path
    let start = foster + ["/usr/bin/env", "-C", place.lessons.path] + wrapper
    let words = start + [command] + arguments
    let files = (
      place.root.appending(path: "stdout").path, place.root.appending(path: "stderr").path
    )
    let clock = ContinuousClock()
    let begin = clock.now
    let process = try Self.spawn(words, variables.map { "\($0)=\($1)" }, files)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    seconds = (clock.now - begin) / .seconds(1)
    exitStatus = status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
    output = FileManager.default.contents(atPath: files.0) ?? Data()
    errors = FileManager.default.contents(atPath: files.1) ?? Data()
    let record = FileManager.default.contents(atPath: count) ?? Data()
    let numbers = String(decoding: record, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      .compactMap { Int($0) }
    leftovers = numbers.first ?? -1
    // The test's own process is large, and would count for what it starts itself.
    peakMegabytes = numbers.count == 2 ? numbers[1] >> 10 : .max
  }

  /// A cache that the lessons of the corpus share, so that the compiler's C modules are made once.
  static let sharedCache: URL = {
    let folder = URL(filePath: "/tmp/hostile-cache-\(UUID().uuidString)")
    try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    atexit { try? FileManager.default.removeItem(at: LessonsCommand.sharedCache) }
    return folder
  }()

  private static func spawn(
    _ words: [String], _ environment: [String], _ files: (String, String)
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for (number, path) in [(Int32(1), files.0), (2, files.1)] {
      posix_spawn_file_actions_addopen(&actions, number, path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    }
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    defer { for word in arguments + variables { free(word) } }
    var process: pid_t = 0
    let error = posix_spawn(&process, words[0], &actions, nil, &arguments, &variables)
    guard error == 0 else { throw POSIXError(POSIXErrorCode(rawValue: error) ?? .EIO) }
    return process
  }

  /// The JSON report, or nil where the output is no JSON.
  var report: [String: Any]? {
    (try? JSONSerialization.jsonObject(with: output)) as? [String: Any]
  }

  /// The first byte that a terminal would act on.
  static func actingByte(in data: Data) -> UInt8? {
    let text = String(data: data, encoding: .utf8)
    if text == nil { return data.first { $0 >= 0x80 } ?? 0 }
    let scalar = text?.unicodeScalars.first {
      ($0.value < 0x20 && $0 != "\n" && $0 != "\t") || (0x7F...0x9F).contains($0.value)
        || (0x202A...0x202E).contains($0.value)
    }
    return scalar.map { UInt8(truncatingIfNeeded: $0.value) }
  }
}
