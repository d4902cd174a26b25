import Foundation
import Testing

/// The corpus of hostile and broken lessons, each held against its row in `Tests/Hostile/expected.txt`.
@Suite struct HostileTests {
  @Test(arguments: HostileLesson.all)
  func `a hostile lesson gets its category within its bounds and leaves nothing`(
    lesson: HostileLesson
  ) async throws {
    let place = try Place(cache: LessonsCommand.sharedCache)
    defer { place.remove() }
    try lesson.bytes(in: place).write(to: place.lessons.appending(path: "\(lesson.name).md"))
    let before = place.snapshot()
    let run = try await LessonsCommand.run(
      ["verify", "--format", "json", "\(lesson.name).md"], in: place)

    let report = try #require(run.report, "\(String(decoding: run.errors, as: UTF8.self))")
    let result = try #require((report["lessons"] as? [[String: Any]])?.first)
    #expect(result["status"] as? String == lesson.status)
    let line = try #require(result["line"] as? Int)
    #expect(lesson.lines.contains(line), "\(line)")
    #expect(run.exitStatus == (lesson.status == "pass" ? 0 : 1))
    #expect(run.seconds < lesson.seconds)
    #expect(run.peakMegabytes < lesson.megabytes)
    #expect(run.leftovers == 0)
    #expect(place.snapshot() == before)
    #expect(LessonsCommand.actingByte(in: run.output + run.errors) == nil)
    if lesson.status != "pass" { #expect(result["message"] as? String != "") }
  }

  @Test func `every lesson of the corpus has a row, and every row a lesson`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: HostileLesson.folder.path)
      .filter { $0.hasSuffix(".md") }.map { String($0.dropLast(3)) }
    #expect(names.sorted() == HostileLesson.all.map(\.name).sorted())
    #expect(names.count >= 100)
  }
}
