import Foundation
import Testing

/// Lessons in `Fixtures/`, verified as a user would; each says in its prose what it guards.
@Suite struct FixtureTests {
  static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")

  static func cases(_ kind: String) -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: fixtures.appending(path: kind).path())
    return (names ?? []).filter { !$0.hasPrefix(".") }.sorted()
  }

  @Test(arguments: cases("pass"))
  func `a lesson that keeps its promises passes`(name: String) throws {
    let lesson = Self.fixtures.appending(path: "pass/\(name)/lesson.md")
    let run = try CommandRun("verify", lesson.path())
    #expect(run.status == 0, "\(run.output)\(run.errors)")
  }

  @Test(arguments: cases("fail"))
  func `a lesson that fails says where, why and what to do`(name: String) throws {
    let folder = Self.fixtures.appending(path: "fail/\(name)")
    let before = try Data(contentsOf: folder.appending(path: "lesson.md"))
    let run = try CommandRun("verify", "lesson.md", in: folder)
    #expect(run.status == 1)
    try expectSnapshot(Self.normalized(run.output + run.errors), in: folder)
    #expect(try Data(contentsOf: folder.appending(path: "lesson.md")) == before)
  }

  /// With `RECORD=1` the text becomes the recorded one, and the test fails: only what compares may pass.
  private func expectSnapshot(_ text: String, in folder: URL) throws {
    let file = folder.appending(path: "expected.txt")
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
      try Data(text.utf8).write(to: file)
      Issue.record("recorded \(file.path())")
      return
    }
    let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    #expect(text == expected)
  }

  /// Times and addresses differ between runs, lines of Math's own files between versions.
  static func normalized(_ text: String) -> String {
    text.replacing(/[0-9]+(\.[0-9]+)? (ms|s)\b(?=[),\n])/, with: "TIME")
      .replacing(/0x[0-9a-f]{6,}/, with: "0xADDRESS")
      .replacing(/Math\/(\w+\.swift):[0-9]+/) { "Math/\($0.1):LINE" }
  }
}
