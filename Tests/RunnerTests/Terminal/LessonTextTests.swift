import Foundation
import Testing

@testable import Runner

@Suite struct LessonTextTests {
  private func lesson(_ fixture: FixtureCase) throws -> Lesson {
    try LessonParser.parse(path: "01-lesson.md", bytes: fixture.lessonBytes())
  }

  @Test(arguments: FixtureCase.all(in: "terminal"), [40, 80])
  func `a lesson reads as recorded`(fixture: FixtureCase, width: Int) throws {
    let text = LessonText(style: Style(isColored: false), width: width)
    try fixture.expectSnapshot(text.text(of: lesson(fixture)), named: "expected-\(width).txt")
  }

  @Test(arguments: FixtureCase.all(in: "terminal"))
  func `a lesson reads in colours as recorded`(fixture: FixtureCase) throws {
    let text = LessonText(
      style: Style(isColored: true), width: 80, isLinking: true, unfolds: true)
    let shown = text.text(of: try lesson(fixture))
    // Visible, so that the record can be looked at anywhere.
    let visible = shown.split(separator: "\u{1B}", omittingEmptySubsequences: false)
      .joined(separator: "␛")
    try fixture.expectSnapshot(visible, named: "expected-color.txt")
  }

  @Test(arguments: FixtureCase.all(in: "terminal"), [20, 40, 60, 80, 120])
  func `prose, tables and formulas keep to the width`(fixture: FixtureCase, width: Int) throws {
    let lesson = try lesson(fixture)
    let text = LessonText(style: Style(isColored: false), width: width, unfolds: true)
    for line in text.text(of: lesson).split(separator: "\n") where !line.hasPrefix("    ") {
      #expect(TerminalText.width(of: String(line)) <= width, "\(line)")
    }
  }

  @Test(arguments: LessonFormulaTests.lessons, [40, 80, 120])
  func `every lesson keeps to the width, code apart`(file: URL, width: Int) throws {
    let bytes = Array(try Data(contentsOf: file))
    let lesson = try LessonParser.parse(path: file.lastPathComponent, bytes: bytes)
    let text = LessonText(style: Style(isColored: false), width: width, unfolds: true)
    for line in text.text(of: lesson).split(separator: "\n") {
      if line.hasPrefix("    ") || line.contains("┊     ") || line.contains("│     ") { continue }
      #expect(TerminalText.width(of: String(line)) <= width, "\(line)")
    }
  }

  @Test(arguments: LessonFormulaTests.lessons, [20, 40, 80])
  func `on a terminal every line keeps to the width, code too`(
    file: URL, width: Int
  ) throws {
    let bytes = Array(try Data(contentsOf: file))
    let lesson = try LessonParser.parse(path: file.lastPathComponent, bytes: bytes)
    var text = LessonText(style: Style(isColored: false), width: width, unfolds: true)
    text.foldsCode = true
    let shown = text.text(of: lesson).split(separator: "\n")
    for line in shown { #expect(TerminalText.width(of: String(line)) <= width, "\(line)") }
  }

  @Test func `a long line of code goes on below after a mark, wide characters counted`() {
    var code = CodeText(style: Style(isColored: false), width: 20)
    #expect(
      code.plain("let value = alpha + beta * gamma") == ["let value = alpha ↩", "+ beta * gamma"])
    #expect(
      code.plain("  let value = alpha + beta") == ["  let value = ↩", "  alpha + beta"])
    #expect(code.plain("余弦相似度衡量两个向量方向") == ["余弦相似度衡量两个↩", "向量方向"])
    #expect(code.plain("exactly twenty chars") == ["exactly twenty chars"])
    #expect(code.plain(String(repeating: "x", count: 41)).map(\.count) == [20, 20, 3])
    #expect(
      code.swift("let name = \"a long string of words\"")
        .map { $0.replacing("↩", with: "") }.joined()
        == "let name = \"a long string of words\"")
    code.width = nil
    #expect(code.plain("let value = alpha + beta * gamma") == ["let value = alpha + beta * gamma"])
  }

  @Test(arguments: FixtureCase.all(in: "terminal"), [false, true])
  func `no lesson can act on the terminal`(fixture: FixtureCase, isColored: Bool) throws {
    let lesson = try lesson(fixture)
    let renderer = LessonText(
      style: Style(isColored: isColored), width: 80, isLinking: isColored, unfolds: true)
    // Our own sequences set styles and links; without them nothing is left that acts.
    var text = renderer.text(of: lesson)
    text.replace(/\u{1B}\[[0-9;]*m/, with: "")
    text.replace(/\u{1B}\]8;;[!-~]*\u{1B}\\/, with: "")
    #expect(TerminalText.escaped(text) == text)
  }

  @Test func `the text between cells comes in order, each cell once`() throws {
    let source = """
      # Title

      Before.

      ```swift
      print(1)
      ```

      ```output
      1
      ```

      - item

        ```swift
        print(2)
        ```

      After.
      """
    let lesson = try LessonParser.parse(path: "a.md", bytes: Array(source.utf8))
    let parts = LessonText(style: Style(isColored: false), width: 80).parts(of: lesson)
    #expect(
      parts == [
        .prose("Title\n═════\n\nBefore.\n"), .cell(0), .prose("• item\n"), .cell(1),
        .prose("After.\n"),
      ])
  }
}
