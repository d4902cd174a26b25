import Foundation
import Testing

@testable import Runner

@Suite struct LessonLimitsTests {
  private func messages(_ bytes: [UInt8]) -> [String] {
    do {
      _ = try LessonParser.parse(path: "a.md", bytes: bytes)
      return []
    } catch {
      return error.diagnostics.map {
        "\($0.position.line):\($0.position.column): \($0.message); \($0.help ?? "")"
      }
    }
  }

  @Test func `an empty file is a lesson without cells`() throws {
    let lesson = try LessonParser.parse(path: "Lessons/01-cosine.md", bytes: [])
    #expect(lesson.cells.isEmpty)
    #expect(lesson.slug == "01-cosine")
    #expect(lesson.title == "01-cosine")
  }

  @Test(arguments: [
    ([0x61, 0x0A, 0x62, 0xFF], "2:2: the byte 0xFF is not valid UTF-8 here"),
    ([0xC3], "1:1: the byte 0xC3 is not valid UTF-8 here"),
    ([0x61, 0xC0, 0x80], "1:2: the byte 0xC0 is not valid UTF-8 here"),
    ([0xE0, 0x80, 0x80], "1:1: the byte 0xE0 is not valid UTF-8 here"),
    ([0xED, 0xA0, 0x80], "1:1: the byte 0xED is not valid UTF-8 here"),
    ([0xF4, 0x90, 0x80, 0x80], "1:1: the byte 0xF4 is not valid UTF-8 here"),
    ([0xC3, 0xA9, 0x80], "1:3: the byte 0x80 is not valid UTF-8 here"),
  ])
  func `the first byte that isn't UTF-8 is named`(bytes: [UInt8], message: String) {
    #expect(messages(bytes) == [message + "; save the file as UTF-8"])
  }

  @Test(arguments: ["é", "字", "🦉", "\u{10FFFF}", "\u{D7FF}", "\u{E000}"])
  func `valid text of every length is let through`(text: String) {
    #expect(LessonLimits.firstInvalidByte(Array(text.utf8)) == nil)
  }

  @Test func `a NUL byte is named`() {
    #expect(
      messages(Array("a\nb\0".utf8))
        == ["2:2: the file contains a NUL byte; remove the byte; a lesson is text"])
  }

  @Test func `a line of more than a megabyte is refused and one of a megabyte is not`() {
    let long = [UInt8](repeating: 0x61, count: 1 << 20)
    #expect(messages(long) == [])
    #expect(
      messages([0x0A] + long + [0x61]) == ["2:1: the line is longer than 1 MB; break the line"])
  }

  @Test func `more than 4 MB are refused`() {
    let line = [UInt8](repeating: 0x61, count: 1 << 16) + [0x0A]
    let bytes = Array(repeatElement(line, count: 65).joined())
    #expect(
      messages(bytes)
        == ["1:1: the file is larger than 4 MB; split the lesson into several files"])
  }

  @Test func `more than 1,000 cells are refused`() {
    let cell = "```swift\n```\n"
    #expect(messages(Array(String(repeating: cell, count: 1000).utf8)) == [])
    #expect(
      messages(Array(String(repeating: cell, count: 1001).utf8))
        == ["2001:1: the lesson has 1001 cells, more than 1000; split it into several lessons"])
  }
}

@Suite struct LessonFileTests {
  private func message(_ path: String) -> String? {
    do {
      _ = try LessonFile.read(path: path)
      return nil
    } catch {
      return error.diagnostics.map(\.message).joined()
    }
  }

  private func temporary() -> URL {
    FileManager.default.temporaryDirectory.appending(path: "lessons-\(UUID().uuidString)")
  }

  @Test func `a file is read byte for byte`() throws {
    let file = temporary()
    defer { try? FileManager.default.removeItem(at: file) }
    try Data([0xEF, 0xBB, 0xBF, 0x61, 0x0D, 0x0A, 0xFF]).write(to: file)
    #expect(try LessonFile.read(path: file.path()) == [0xEF, 0xBB, 0xBF, 0x61, 0x0D, 0x0A, 0xFF])
  }

  @Test func `a missing file, a folder and a device are named as such`() {
    #expect(message("/no/such/file.md") == "the file can't be read: no such file or directory")
    #expect(message(FileManager.default.temporaryDirectory.path()) == "this is no regular file")
    #expect(message("/dev/zero") == "this is no regular file")
  }

  @Test func `a pipe without a writer doesn't keep the reader waiting`() throws {
    let file = temporary()
    try #require(mkfifo(file.path(), 0o600) == 0)
    defer { try? FileManager.default.removeItem(at: file) }
    #expect(message(file.path()) == "this is no regular file")
  }

  @Test func `a file of more than 4 MB is refused unread`() throws {
    let file = temporary()
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(count: (4 << 20) + 1).write(to: file)
    #expect(message(file.path()) == "the file is larger than 4 MB")
  }
}
