import Foundation
import Testing

@testable import Runner

/// One folder of `Fixtures`: a lesson and what it should become.
struct FixtureCase: CustomTestStringConvertible {
  let folder: URL

  var testDescription: String { folder.lastPathComponent }

  static func all(in kind: String) -> [FixtureCase] {
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Fixtures").appending(path: kind)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: fixtures.path())) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted()
      .map { FixtureCase(folder: fixtures.appending(path: $0)) }
  }

  func lessonBytes() throws -> [UInt8] {
    try LessonFile.read(path: folder.appending(path: "lesson.md").path())
  }

  /// Expects a text to be the recorded one.
  ///
  /// With `RECORD=1` it becomes the recorded one, and the run fails: only a run that compares may pass.
  func expectSnapshot(
    _ text: String, named name: String = "expected.txt",
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let file = folder.appending(path: name)
    if ProcessInfo.processInfo.environment["RECORD"] == "1" {
      try Data(text.utf8).write(to: file)
      Issue.record("recorded \(testDescription)", sourceLocation: sourceLocation)
      return
    }
    let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    // Bytes, for strings equate what only looks alike.
    let isSame = text.utf8.elementsEqual(expected.utf8)
    #expect(isSame, "got:\n\(text)", sourceLocation: sourceLocation)
  }
}
