import Foundation
import Testing

/// Where namespaces are refused, as in Docker's default profile.
///
/// `confine` itself stands in for it: its filter refuses them to `lessons`, which runs inside.
@Suite struct FallbackTests {
  private func wrapper(_ place: Place) -> [String] {
    let variables = [
      "PATH=\(ProcessInfo.processInfo.environment["PATH"] ?? "")", "HOME=\(place.home.path)",
      "TMPDIR=\(place.temporary.path)", "LESSONS_TEST_SECRET=hunter2",
      "LESSONS_CACHE=\(place.temporary.path)/cache",
    ]
    return [LessonsCommand.folder.appending(path: "confine").path, "--execute", "/"]
      + ["--write", place.root.path, "--cwd", place.lessons.path]
      + variables.flatMap { ["--env", $0] } + ["--"]
  }

  /// Lessons that need no process namespace to be told right.
  static let lessons = HostileLesson.all.filter { lesson in
    let needsNamespaces = ["attack-other-processes", "attack-fill-disk", "attack-many-files"]
    return ["attack", "left", "memory", "end"].contains { lesson.name.hasPrefix($0) }
      && !needsNamespaces.contains(lesson.name) && !lesson.name.contains("bomb")
  }

  @Test(arguments: lessons)
  func `a hostile lesson gets its category without namespaces too`(lesson: HostileLesson)
    async throws
  {
    let place = try Place()
    defer { place.remove() }
    try lesson.bytes(in: place).write(to: place.lessons.appending(path: "\(lesson.name).md"))
    let run = try await LessonsCommand.run(
      ["verify", "--format", "json", "\(lesson.name).md"], in: place, wrapper: wrapper(place))
    let report = try #require(run.report, "\(String(decoding: run.errors, as: UTF8.self))")
    let result = try #require((report["lessons"] as? [[String: Any]])?.first)
    #expect(result["status"] as? String == lesson.status)
    #expect(run.leftovers == 0)
    #expect((report["missingIsolation"] as? [String])?.contains("pidns") == true)
    #expect(String(decoding: run.errors, as: UTF8.self).contains("can't isolate cells by"))
    #expect(FileManager.default.contents(atPath: place.canary.path + "/secret") != nil)
  }

  @Test func `isolation can be demanded`() async throws {
    let place = try Place()
    defer { place.remove() }
    try Data("# T\n\n```swift\nprint(1)\n```\n".utf8)
      .write(to: place.lessons.appending(path: "good.md"))
    let refused = try await LessonsCommand.run(
      ["verify", "--require-isolation", "good.md"], in: place, wrapper: wrapper(place))
    #expect(refused.exitStatus == 2)
    #expect(String(decoding: refused.errors, as: UTF8.self).contains("can't isolate cells by"))
    let given = try await LessonsCommand.run(
      ["verify", "--require-isolation", "good.md"], in: place)
    #expect(given.exitStatus == 0)
  }
}
