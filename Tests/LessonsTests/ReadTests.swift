import Foundation
import Testing

/// What `lessons read` and `lessons run --prose` print.
@Suite struct ReadTests {
  private let lesson = """
    # A lesson

    See [it](https://example.org), where $`a_1 \\le b`$.

    ```swift
    print(1 + 1)
    ```

    ```output
    2
    ```

    <details>
    <summary>Hint</summary>

    Add.

    </details>

    """

  @Test func `read shows text, code and promised outputs without running anything`() throws {
    let folder = try TemporaryFolder.withLesson(
      lesson.replacingOccurrences(of: "1 + 1", with: "fatalError()"))
    let run = try CommandRun("read", folder.appending(path: "lesson.md").path())
    #expect(run.status == 0)
    #expect(
      run.output == """
        A lesson
        ════════

        See it (https://example.org), where a₁ ≤ b.

            print(fatalError())

            │ 2

        ▸ Hint  (folded; --unfold opens it)

        """)
  }

  @Test func `read colours and unfolds when asked to, and links on terminals alone`() throws {
    let folder = try TemporaryFolder.withLesson(lesson)
    let path = folder.appending(path: "lesson.md").path()
    let run = try CommandRun("read", path, "--color", "always", "--unfold", "--links")
    #expect(run.output.contains("\u{1B}[34m1\u{1B}[0m + "))
    #expect(run.output.contains("Add."))
    #expect(run.output.contains("https://example.org"))
    #expect(!run.output.contains("\u{1B}]8"))
  }

  @Test(arguments: [(nil, "72", 72), ("40", "72", 40), ("100", nil, 80), (nil, nil, 80)])
  func `read keeps to the width asked for, else to COLUMNS, else to 80`(
    option: String?, columns: String?, width: Int
  ) throws {
    let prose = String(repeating: "word ", count: 60)
    let folder = try TemporaryFolder.withLesson("# A\n\n\(prose)\n")
    let path = folder.appending(path: "lesson.md").path()
    let run = try CommandRun(
      arguments: ["read", path] + (option.map { ["--width", $0] } ?? []),
      environment: ["COLUMNS": columns])
    #expect(run.output.split(separator: "\n").map(\.count).max() == width / 5 * 5 - 1)
  }

  @Test func `a width below 40 is refused`() throws {
    let run = try CommandRun("read", "x.md", "--width", "39")
    #expect(run.status == 64)
    #expect(run.errors.contains("--width takes a number from 40, got 39"))
  }

  @Test func `read shows the figures of the last run with their numbers`() throws {
    let folder = try TemporaryFolder.withLesson(
      """
      # A

      See [figure #](#fig-curve).

      ```swift id=curve
      import LessonKit
      let rise = Series("a", y: [1, 2])
      display(Figure.lines("A rise", description: "It rises.", x: "x", y: "y", rise))
      ```

      """)
    let path = folder.appending(path: "lesson.md").path()
    let before = try CommandRun("read", path)
    #expect(before.output.contains("See figure curve."))
    #expect(!before.output.contains("A rise\n"))
    #expect(try CommandRun("run", path, "--prose").output.contains("See figure curve."))
    let after = try CommandRun("read", path)
    #expect(after.output.contains("See figure 1."))
    #expect(after.output.contains("    Figure 1: A rise\n"))
    #expect(after.output.contains("    It rises.\n"))
    try Data("# A\n\n```swift id=curve\n1\n```\n".utf8).write(to: URL(filePath: path))
    #expect(try !CommandRun("read", path).output.contains("A rise"))
  }

  @Test func `read says where a lesson is wrong`() throws {
    let folder = try TemporaryFolder.withLesson(lesson + "\nA note[^x].\n")
    let run = try CommandRun("read", folder.appending(path: "lesson.md").path())
    #expect(run.status == 1)
    #expect(run.output.isEmpty)
  }

  @Test func `run shows the text between the cells with --prose`() throws {
    let folder = try TemporaryFolder.withLesson(lesson)
    let path = folder.appending(path: "lesson.md").path()
    let run = try CommandRun("run", path, "--prose")
    #expect(run.status == 0)
    let order = ["════", "See it", "── cell-1", "print(1 + 1)\n2\n", "✓", "▾ Hint", "┊ Add."]
    var rest = run.output[...]
    for text in order {
      let range = try #require(rest.range(of: text), "\(text) in \(run.output)")
      rest = rest[range.upperBound...]
    }
    #expect(!run.output.contains("│ 2"))
  }
}
