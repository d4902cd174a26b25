import Foundation
import Testing

@testable import Runner

@Suite struct LessonFormatDocumentTests {
  private func document() throws -> Lesson {
    let file = URL(filePath: #filePath).appending(path: "../../../../docs/lesson-format.md")
    let bytes = try LessonFile.read(path: file.standardized.path())
    return try LessonParser.parse(path: "docs/lesson-format.md", bytes: bytes)
  }

  private func examples(_ word: String) throws -> [String] {
    try document().document.compactMap { block in
      if case .codeBlock(let code) = block.kind, code.info == word { code.text } else { nil }
    }
  }

  @Test func `the format's description is a lesson that runs nothing`() throws {
    let lesson = try document()
    #expect(lesson.title == "The lesson format")
    #expect(lesson.cells.isEmpty)
  }

  @Test func `every example is a valid lesson`() throws {
    let examples = try examples("markdown")
    #expect(examples.count == 2)
    for example in examples {
      let lesson = try LessonParser.parse(path: "example.md", bytes: Array(example.utf8))
      #expect(lesson.cells.allSatisfy { $0.expectedOutput != nil })
    }
  }

  @Test func `the example of claims holds those that it shows`() throws {
    let text = try #require(try examples("").first)
    let lesson = try LessonParser.parse(
      path: "example.md", bytes: Array("```swift\n\(text)```\n".utf8))
    #expect(
      lesson.cells.first?.printsClaims.map(\.text)
        == ["The sum is 5.", "0.333", "first line\nsecond line"])
  }

  @Test func `every word of a fence is described`() throws {
    let text = String(decoding: try document().bytes, as: UTF8.self)
    for word in CellOptionsParser.words { #expect(text.contains("`\(word)"), "\(word)") }
  }
}
