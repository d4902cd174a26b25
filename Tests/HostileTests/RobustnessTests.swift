import Foundation
import Glibc
import Testing

/// What machines and other runs do to a run: odd paths, caches, disks, environments, kills.
@Suite struct RobustnessTests {
  private static let lesson = """
    # Two cells

    ```swift
    import LessonKit
    let half = 0.5
    ```

    ```swift
    print(half + 1)
    ```

    ```output
    1.5
    ```

    """

  /// A place with the lesson `good.md`.
  private func place() throws -> Place {
    let place = try Place()
    try Data(Self.lesson.utf8).write(to: place.lessons.appending(path: "good.md"))
    return place
  }

  private func expectPass(_ run: LessonsCommand, _ comment: Comment) {
    #expect(run.exitStatus == 0, comment)
    #expect(run.leftovers == 0, comment)
  }

  @Test func `a path that is no lesson is a lesson error at once`() async throws {
    let place = try place()
    defer { place.remove() }
    let fifo = place.lessons.appending(path: "fifo.md").path
    mkfifo(fifo, 0o644)
    symlink("/dev/zero", place.lessons.appending(path: "zero.md").path)
    for name in ["fifo.md", "zero.md", "missing.md"] {
      let run = try await LessonsCommand.run(["verify", "--format", "json", name], in: place)
      let result = (run.report?["lessons"] as? [[String: Any]])?.first
      #expect(result?["status"] as? String == "lesson-error", "\(name)")
      #expect(run.exitStatus == 1 && run.seconds < 10, "\(name)")
    }
  }

  @Test func `a file name can't act on the terminal`() async throws {
    let place = try place()
    defer { place.remove() }
    let name = "\u{1B}[2J\u{7}evil\n.md"
    try Data("# T\n\n```swift\nfatalError()\n```\n".utf8)
      .write(to: place.lessons.appending(path: name))
    for format in ["text", "json", "junit", "github"] {
      let run = try await LessonsCommand.run(
        ["verify", "--format", format, "./\(name)"], in: place)
      #expect(LessonsCommand.actingByte(in: run.output + run.errors) == nil, "\(format)")
      #expect(run.exitStatus == 1, "\(format)")
    }
  }

  @Test func `every hostile output is harmless in every format`() async throws {
    let place = try Place()
    defer { place.remove() }
    for name in ["attack-terminal", "attack-terminal-diagnostics", "attack-terminal-heading"] {
      let lesson = HostileLesson(name: name, status: "", lines: [], seconds: 0, megabytes: 0)
      try lesson.bytes(in: place).write(to: place.lessons.appending(path: "\(name).md"))
      for words in [
        ["run"], ["verify"], ["verify", "--format", "junit"], ["verify", "--format", "github"],
      ] {
        let run = try await LessonsCommand.run(words + ["\(name).md"], in: place)
        #expect(LessonsCommand.actingByte(in: run.output + run.errors) == nil, "\(name) \(words)")
      }
    }
  }

  @Test func `damaged and foreign cache entries are made again`() async throws {
    let place = try place()
    defer { place.remove() }
    let verify = ["verify", "good.md"]
    expectPass(try await LessonsCommand.run(verify, in: place), "first")
    let units = place.cache.appending(path: "units-1")
    let entries = try FileManager.default.contentsOfDirectory(atPath: units.path)
    for damage in ["cut", "changed", "foreign"] {
      for entry in entries {
        let folder = units.appending(path: entry)
        for name in ["unit.so", "unit.swiftmodule", "record"] {
          let file = folder.appending(path: name)
          guard let data = FileManager.default.contents(atPath: file.path) else { continue }
          switch damage {
          case "cut": try data.prefix(data.count / 2).write(to: file)
          case "changed":
            var changed = data
            changed[data.count / 2] ^= 0xFF
            try changed.write(to: file)
          default: try Data("not a unit".utf8).write(to: file)
          }
        }
      }
      expectPass(try await LessonsCommand.run(verify, in: place), "\(damage)")
    }
  }

  @Test func `a cache that can't be written costs time, not the verdict`() async throws {
    let place = try place()
    defer { place.remove() }
    let run = try await LessonsCommand.run(
      ["verify", "good.md"], in: place, environment: ["LESSONS_CACHE": "/proc/nowhere"])
    expectPass(run, "no cache")
    #expect(String(decoding: run.errors, as: UTF8.self).contains("warning: no cache"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.temporary.path) == [])
  }

  @Test func `no home, no locale and a checkout that can't be written are fine`() async throws {
    let place = try place()
    defer { place.remove() }
    chmod(place.lessons.path, 0o555)
    defer { chmod(place.lessons.path, 0o755) }
    let environment = ["HOME": "", "LANG": "C", "LC_ALL": "C", "LESSONS_CACHE": ""]
    expectPass(
      try await LessonsCommand.run(["verify", "good.md"], in: place, environment: environment),
      "bare")
  }

  @Test func `a full disk is the machine's fault, and is survived`() async throws {
    guard getuid() == 0 else { return }
    let place = try place()
    defer { place.remove() }
    // A disk of 64 kB, which holds no unit, in a mount namespace of the run's own.
    let script = "mount -t tmpfs -o size=64k full '\(place.cache.path)' && exec \"$@\""
    let run = try await LessonsCommand.run(
      ["verify", "--format", "json", "good.md"], in: place,
      wrapper: ["/usr/bin/unshare", "-m", "/bin/sh", "-c", script, "sh"])
    let result = (run.report?["lessons"] as? [[String: Any]])?.first
    #expect(["environment-error", "pass"].contains(result?["status"] as? String))
    #expect(run.exitStatus == 2 || run.exitStatus == 0)
    #expect(run.leftovers == 0)
  }

  @Test func `two runs at once share a cache`() async throws {
    let place = try place()
    defer { place.remove() }
    let other = try self.place()
    defer { other.remove() }
    let shared = ["LESSONS_CACHE": place.cache.path]
    // One process starts both, so that neither test counts the other's children.
    let command = LessonsCommand.folder.appending(path: "lessons").path
    let run = try await LessonsCommand.run(
      [], in: place, environment: shared,
      wrapper: [
        "/bin/sh", "-c",
        "'\(command)' verify good.md & a=$!; '\(command)' verify good.md; b=$?; wait $a && exit $b",
      ])
    expectPass(run, "two at once: \(String(decoding: run.errors, as: UTF8.self))")
  }

  @Test(arguments: [SIGKILL, SIGTERM, SIGINT])
  func `a run that is killed leaves no process and nothing to repair`(signal: Int32) async throws {
    let place = try place()
    defer { place.remove() }
    try Data("# Busy\n\n```swift\nwhile true {}\n```\n".utf8)
      .write(to: place.lessons.appending(path: "busy.md"))
    let run = try await LessonsCommand.run(
      ["verify", "busy.md"], in: place,
      wrapper: ["/usr/bin/timeout", "--foreground", "-s", "\(signal)", "3"])
    #expect(run.leftovers == 0)
    #expect(run.seconds < 9)
    expectPass(try await LessonsCommand.run(["verify", "good.md"], in: place), "afterwards")
  }

  @Test func `closed and full outputs end quietly`() async throws {
    let place = try place()
    defer { place.remove() }
    let command = LessonsCommand.folder.appending(path: "lessons").path
    for redirection in [">&-", ">/dev/full", "| head -c 1 >/dev/null"] {
      let run = try await LessonsCommand.run(
        [], in: place,
        wrapper: ["/bin/sh", "-c", "'\(command)' verify good.md \(redirection)"])
      #expect(run.exitStatus >= 0 && run.exitStatus < 128, "\(redirection)")
      #expect(run.leftovers == 0, "\(redirection)")
    }
  }

  /// Options that set a limit, a cell that exceeds it, and what it comes to.
  static let limits = [
    ("--cell-time", "300ms", "while true {}", "timeout"),
    ("--cell-memory", "1GB", "let a = [UInt8](repeating: 1, count: 1 << 30)", "memory-limit"),
    ("--cell-output", "4kB", "print(String(repeating: \"x\", count: 5000))", "output-limit"),
    (
      "--cell-file-size", "4kB",
      "import Glibc\nlet file = open(\"x\", O_CREAT | O_RDWR, 0o600)\nprint(ftruncate(file, 5000))",
      "file-limit"
    ),
    ("--compile-time", "1s", tupleBomb, "compile-timeout"),
    (
      "--compile-memory", "1GB",
      "var a = InlineArray<1_000_000_000, UInt8>(repeating: 0)\nprint(a[5])", "compile-memory"
    ),
  ]

  /// A type that doubles with each line.
  private static let tupleBomb =
    "typealias T0 = (Int, Int)\n"
    + (1...26).map { "typealias T\($0) = (T\($0 - 1), T\($0 - 1))\n" }.joined()
    + "func f(_ t: T26) {}"

  @Test(arguments: limits)
  func `a limit can be set`(option: String, value: String, code: String, status: String)
    async throws
  {
    let place = try Place(cache: LessonsCommand.sharedCache)
    defer { place.remove() }
    try Data("# T\n\n```swift\n\(code)\n```\n".utf8)
      .write(to: place.lessons.appending(path: "limit.md"))
    let run = try await LessonsCommand.run(
      ["verify", "--format", "json", option, value, "limit.md"], in: place)
    let result = (run.report?["lessons"] as? [[String: Any]])?.first
    #expect(result?["status"] as? String == status)
    let wrong = try await LessonsCommand.run(["verify", option, "lots", "limit.md"], in: place)
    #expect(wrong.exitStatus == 64)
  }
}
