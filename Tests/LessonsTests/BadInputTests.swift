import Foundation
import Glibc
import Testing

/// What goes wrong around a lesson: each has a message, the right status, and leaves nothing behind.
@Suite struct BadInputTests {
  private let passing = """
    # Two cells

    ```swift
    let one = 1
    ```

    ```swift
    print(one + 1)
    ```

    ```output
    2
    ```

    """

  @Test func `a missing file is a lesson error`() throws {
    let run = try CommandRun("verify", "nowhere.md", "--format", "json")
    #expect(run.status == 1)
    let lesson = try #require(try run.report().lessons.first)
    #expect(lesson.status == "lesson-error")
    #expect(lesson.message.contains("no such file"))
  }

  @Test func `an unknown slug is wrong usage and names the nearest`() throws {
    let folder = try TemporaryFolder.withLesson(passing, named: "01-cosine.md")
    let run = try CommandRun("run", "01-cosnie", "--lessons", folder.path())
    #expect(run.status == 64)
    #expect(run.errors.contains("did you mean '01-cosine'?"))
  }

  @Test func `nothing selected is an error`() throws {
    let folder = TemporaryFolder.make(named: "lessons-tests-empty")
    #expect(try CommandRun("verify", "all", "--lessons", folder.path()).status == 64)
    #expect(try CommandRun("verify", folder.path()).status == 64)
    #expect(try CommandRun("verify").status == 64)
    let lesson = try TemporaryFolder.withLesson(passing)
    #expect(try CommandRun("verify", lesson.path(), "--shard", "2/2").status == 64)
    #expect(try CommandRun("verify", lesson.path(), "--shard", "3/2").status == 64)
  }

  @Test func `without a toolchain the environment is at fault`() throws {
    let folder = try TemporaryFolder.withLesson(passing)
    let run = try CommandRun(
      "verify", folder.path(), environment: ["PATH": "/nowhere"])
    #expect(run.status == 2)
    #expect(run.errors.contains("no Swift toolchain"))
    #expect(run.errors.contains("help: install Swift"))
  }

  @Test func `output without a final newline is output all the same`() throws {
    let folder = try TemporaryFolder.withLesson(
      """
      ```swift
      print("no newline", terminator: "")
      ```

      ```output
      no newline
      ```
      """)
    #expect(try CommandRun("verify", folder.path()).status == 0)
  }

  @Test(.enabled(if: Self.canMount, "mounting a small file system is not allowed here"))
  func `a full disk is the environment's fault and leaves the lesson as it was`() throws {
    let folder = try TemporaryFolder.withLesson(passing)
    let small = TemporaryFolder.make(named: "lessons-tests-full")
    let script = """
      mount -t tmpfs -o size=16k tmpfs "$1" && LESSONS_CACHE="$1" TMPDIR="$1" exec "$2" verify "$3"
      """
    let run = try CommandRun(
      program: "/usr/bin/unshare",
      arguments: [
        "-rm", "sh", "-c", script, "sh", small.path(), CommandRun.executable,
        folder.appending(path: "lesson.md").path(),
      ])
    #expect(run.status == 2, "\(run.output)\(run.errors)")
    #expect((run.output + run.errors).contains("No space left on device"))
    #expect((run.output + run.errors).contains("LESSONS_CACHE"))
    #expect(try String(contentsOf: folder.appending(path: "lesson.md"), encoding: .utf8) == passing)
  }

  static let canMount =
    (try? CommandRun(program: "/usr/bin/unshare", arguments: ["-rm", "true"]).status) == 0

  @Test func `two runs at once share an empty cache`() throws {
    let folder = try TemporaryFolder.withLesson(passing)
    let cache = TemporaryFolder.make(named: "lessons-tests-cache")
    let environment = ["LESSONS_CACHE": cache.path()]
    let runs = try (0..<3).map { _ in
      try CommandRun.Started(arguments: ["verify", folder.path()], environment: environment)
    }
    for run in runs { #expect(try run.finish().status == 0) }
    // What is left is whole: a further run compiles nothing.
    let report = try CommandRun(
      "verify", folder.path(), "--format", "json", environment: environment
    ).report()
    #expect(report.lessons[0].cells.map(\.cached) == [true, true])
  }

  @Test func `a cache named by two paths is one cache`() throws {
    let folder = TemporaryFolder.make(named: "lessons-tests")
    let (cache, link) = (folder.appending(path: "cache"), folder.appending(path: "link"))
    try FileManager.default.createDirectory(at: cache, withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(at: link, withDestinationURL: cache)
    let file = folder.appending(path: "lesson.md")
    // Foundation brings modules of C, which the compiler keeps in the cache.
    for (path, line) in [(cache, "print(1)"), (link, "print(getpid() > 0)")] {
      let text = "# L\n\n```swift\nimport Foundation\n```\n\n```swift\n\(line)\n```\n"
      try Data(text.utf8).write(to: file)
      let run = try CommandRun("verify", file.path(), environment: ["LESSONS_CACHE": path.path()])
      #expect(run.status == 0, "\(run.output)\(run.errors)")
    }
  }

  @Test func `an interrupt ends the run and every process of it`() throws {
    let folder = try TemporaryFolder.withLesson(
      """
      ```swift timeout=100s
      while true {}
      ```
      """)
    // The cache's path stands in the command line of every process that belongs to the run.
    let cache = TemporaryFolder.make(named: "lessons-tests-interrupt")
    let run = try CommandRun.Started(
      arguments: ["verify", folder.path()], environment: ["LESSONS_CACHE": cache.path()])
    let deadline = ContinuousClock.now + .seconds(30)
    while Self.processes(mentioning: "__worker", cache.path()).isEmpty,
      ContinuousClock.now < deadline
    {
      usleep(50_000)
    }
    usleep(300_000)
    kill(run.process.processIdentifier, SIGINT)
    let ended = try run.finish()
    #expect(ended.status == 130)
    #expect(ended.errors.contains("interrupted"))
    // What has been killed may take a moment to go.
    let patience = ContinuousClock.now + .seconds(20)
    while !Self.processes(mentioning: cache.path()).isEmpty, ContinuousClock.now < patience {
      usleep(50_000)
    }
    #expect(Self.processes(mentioning: cache.path()).isEmpty)
  }

  /// The numbers of the processes whose command line holds every one of some texts.
  static func processes(mentioning texts: String...) -> [String] {
    let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return numbers.filter { number in
      guard number.allSatisfy(\.isNumber), number != "\(getpid())",
        let line = try? Data(contentsOf: URL(filePath: "/proc/\(number)/cmdline"))
      else { return false }
      let command = String(decoding: line, as: UTF8.self)
      return texts.allSatisfy(command.contains)
    }
  }
}
