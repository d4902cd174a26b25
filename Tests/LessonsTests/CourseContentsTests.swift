import Foundation
import Testing

@testable import Runner

/// `Lessons/README.md` is the course's table of contents.
@Suite struct CourseContentsTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Lessons")

  /// A row of the contents: number and title of a lesson, its file, what it teaches, what it needs.
  private struct Row {
    var title: String
    var file: String
    var objectives: String
    var needs: [String]
    var minutes: Int

    init?(_ line: String) {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 4, let link = cells[0].firstMatch(of: /\[(\d\d) (.+)\]\((.+)\)/),
        let minutes = Int(cells[3])
      else { return nil }
      (title, file) = (String(link.2), String(link.3))
      objectives = cells[1]
      needs = cells[2] == "–" ? [] : cells[2].components(separatedBy: ", ")
      self.minutes = minutes
    }
  }

  private static func rows() throws -> [Row] {
    try String(contentsOf: folder.appending(path: "README.md"), encoding: .utf8)
      .components(separatedBy: "\n").compactMap(Row.init)
  }

  @Test func `the contents list exactly the lessons that exist, in order`() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
      .filter { $0.hasSuffix(".md") && $0 != "README.md" }.sorted()
    #expect(try Self.rows().map(\.file) == files)
  }

  @Test func `the contents say what the lessons say: title, minutes, and what comes before`() throws
  {
    for row in try Self.rows() {
      let text = try String(contentsOf: Self.folder.appending(path: row.file), encoding: .utf8)
      let place: Comment = "\(row.file)"
      #expect(text.hasPrefix("# \(row.title)\n"), place)
      #expect(!row.objectives.isEmpty, place)
      #expect(text.contains("About \(row.minutes) minutes."), place)
      let before = try #require(text.firstMatch(of: /\*\*Before you start:\*\*.*\n/), place)
      let named = before.0.matches(of: /\]\((\d\d)-/).map { String($0.1) }
      #expect(named == row.needs, place)
    }
  }
}
