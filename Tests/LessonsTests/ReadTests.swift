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
