import Foundation
import FoundationXML
import Testing

/// What the verbs print and how they end.
@Suite struct VerbTests {
  private let lesson = """
    # A lesson

    ```swift id=start
    var count = 1
    print("count", count)
    ```

    ```output
    count 1
    ```

    ## Later

    ```swift id=wrong
    count += 1
    print("count", count, 0.5)
    ```

    ```output
    count 2 0.25
    ```

    ```swift id=after
    print(count)
    ```

    """

  @Test func `list names the lessons and nothing else`() throws {
    let folder = try TemporaryFolder.withLesson(lesson, named: "01-first.md")
    try Data("# Contents\n".utf8).write(to: folder.appending(path: "README.md"))
    let run = try CommandRun("list", "--lessons", folder.path())
    #expect(run.status == 0)
    #expect(run.output == "01-first  A lesson  3 cells\n")
  }

  @Test func `run shows code, output and verdicts, and stops at the first failure`() throws {
    let folder = try TemporaryFolder.withLesson(lesson, named: "01-first.md")
    let run = try CommandRun("run", "first", "--lessons", folder.path())
    #expect(run.status == 1)
    #expect(run.output.contains("   print(\"count\", count)\ncount 1\n✓ "))
    #expect(run.output.contains("## Later"))
    #expect(run.output.contains("  - count 2 0.25\n  + count 2 0.5\n"))
    #expect(!run.output.contains("── after"))
  }

  @Test func `run can show one cell alone, with the cells before it behind it`() throws {
    let folder = try TemporaryFolder.withLesson(
      lesson.replacingOccurrences(of: "0.25", with: "0.5"))
    let path = folder.appending(path: "lesson.md").path()
    let run = try CommandRun("run", path, "--cell", "after")
    #expect(run.status == 0)
    #expect(run.output.contains("── after"))
    #expect(!run.output.contains("── start"))
    #expect(try CommandRun("run", path, "--cell", "none").status == 64)
  }

  @Test func `verify goes on after a failure, unless told to stop`() throws {
    let folder = try TemporaryFolder.withLesson(lesson)
    let all = try CommandRun("verify", folder.path(), "--format", "json").report()
    #expect(all.lessons[0].cells.map(\.status) == ["pass", "output-mismatch", "pass"])
    #expect(all.lessons[0].cells[2].stdout == "2\n")
    let stopped = try CommandRun("verify", folder.path(), "--format", "json", "--stop").report()
    #expect(stopped.lessons[0].cells.map(\.status) == ["pass", "output-mismatch", "not-run"])
  }

  @Test func `the JSON report gives the Markdown line of the cause`() throws {
    let folder = try TemporaryFolder.withLesson(lesson)
    let run = try CommandRun("verify", folder.path(), "--format", "json")
    let report = try run.report()
    #expect(run.status == 1)
    #expect(report.version == 1)
    #expect(report.toolchain.contains("Swift version"))
    #expect(report.lessons[0].status == "output-mismatch")
    #expect(report.lessons[0].line == 20)
    #expect(report.lessons[0].cells[1].line == 20)
    #expect(report.lessons[0].cells[0].line == 3)
  }

  @Test func `the JUnit report is XML with a case a cell`() throws {
    let folder = try TemporaryFolder.withLesson(lesson)
    let run = try CommandRun("verify", folder.path(), "--format", "junit")
    let document = try XMLDocument(data: Data(run.output.utf8))
    #expect(try document.nodes(forXPath: "//testcase").count == 3)
    #expect(try document.nodes(forXPath: "//testcase[@name='wrong']/failure").count == 1)
    #expect(document.rootElement()?.attribute(forName: "failures")?.stringValue == "1")
  }

  @Test func `the GitHub report annotates the line`() throws {
    let folder = try TemporaryFolder.withLesson(lesson)
    let run = try CommandRun("verify", "lesson.md", "--format", "github", in: folder)
    let first = run.output.split(separator: "\n").first ?? ""
    #expect(
      first.hasPrefix("::error file=lesson.md,line=20,col=1,title=wrong%3A output-mismatch::"))
  }

  @Test func `an unchanged lesson compiles nothing, an edit only what follows`() throws {
    let folder = try TemporaryFolder.withLesson(lesson)
    let environment = ["LESSONS_CACHE": TemporaryFolder.make(named: "lessons-tests-cache").path()]
    func cached() throws -> [Bool] {
      try CommandRun("verify", folder.path(), "--format", "json", environment: environment)
        .report().lessons[0].cells.map(\.cached)
    }
    #expect(try cached() == [false, false, false])
    #expect(try cached() == [true, true, true])
    let moved = lesson.replacingOccurrences(of: "# A lesson", with: "# A lesson\n\nMore prose.")
    try Data(moved.utf8).write(to: folder.appending(path: "lesson.md"))
    #expect(try cached() == [true, true, true])
    let edited = moved.replacingOccurrences(of: "count += 1", with: "count += 2")
    try Data(edited.utf8).write(to: folder.appending(path: "lesson.md"))
    #expect(try cached() == [true, false, false])
  }

  @Test func `accept rewrites what differs and no other byte`() throws {
    let folder = try TemporaryFolder.withLesson(lesson)
    let file = folder.appending(path: "lesson.md")
    let run = try CommandRun("verify", file.path(), "--accept")
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    #expect(
      try String(contentsOf: file, encoding: .utf8)
        == lesson.replacingOccurrences(of: "2 0.25", with: "2 0.5"))
    #expect(try CommandRun("verify", file.path()).status == 0)
  }

  @Test func `accept of one cell leaves the others`() throws {
    let folder = try TemporaryFolder.withLesson(
      lesson.replacingOccurrences(of: "count 1\n```", with: "count 7\n```"))
    let file = folder.appending(path: "lesson.md")
    let run = try CommandRun("verify", file.path(), "--accept=lesson#start")
    #expect(run.status == 1)
    #expect(try String(contentsOf: file, encoding: .utf8) == lesson)
    #expect(try CommandRun("verify", file.path(), "--accept=lesson#none").status == 64)
  }

  @Test func `the cell to accept names its lesson`() throws {
    let folder = try TemporaryFolder.withLesson(lesson)
    let file = folder.appending(path: "lesson.md")
    let run = try CommandRun("verify", "--accept=\(file.path())#wrong")
    #expect(run.status == 0, "\(run.output)\(run.errors)")
    #expect(
      try String(contentsOf: file, encoding: .utf8)
        == lesson.replacingOccurrences(of: "2 0.25", with: "2 0.5"))
  }

  @Test func `shards are disjoint and complete`() throws {
    let folder = TemporaryFolder.make(named: "lessons-tests")
    for index in 1...5 {
      try Data("# Lesson \(index)\n".utf8).write(to: folder.appending(path: "0\(index)-lesson.md"))
    }
    var slugs: [String] = []
    for shard in ["1/2", "2/2"] {
      slugs += try CommandRun(
        "verify", "all", "--lessons", folder.path(), "--shard", shard, "--format", "json"
      ).report().lessons.map(\.slug)
    }
    #expect(slugs.sorted() == (1...5).map { "0\($0)-lesson" })
  }

  @Test func `doctor finds a working machine`() throws {
    let run = try CommandRun("doctor")
    #expect(run.status == 0, "\(run.output)")
    #expect(run.output.contains("ok     engine: compiled, ran and checked a lesson of two cells"))
  }

  @Test func `colour is for terminals and for those who ask`() throws {
    let folder = try TemporaryFolder.withLesson(lesson)
    let plain = try CommandRun("verify", folder.path())
    #expect(!plain.output.contains("\u{1B}"))
    let asked = try CommandRun("verify", folder.path(), "--color", "always")
    #expect(asked.output.contains("\u{1B}[31m"))
  }

  @Test func `control characters of a cell can't act on the terminal`() throws {
    let folder = try TemporaryFolder.withLesson(
      """
      ```swift
      print("\\u{1B}[2J\\u{7}")
      ```

      ```output
      other
      ```
      """)
    let path = folder.appending(path: "lesson.md").path()
    for verb in ["run", "verify"] {
      let run = try CommandRun(verb, path)
      #expect(run.output.contains("\\u{1B}[2J\\u{7}"))
      #expect(!run.output.unicodeScalars.contains("\u{1B}"))
    }
  }
}
