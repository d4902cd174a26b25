import Foundation
import Testing

/// What `lessons render` leaves on disk and tells, as a user meets it.
@Suite struct RenderTests {
  private let folder: URL
  private var site: URL { folder.appending(path: "site") }

  private static let passing = "# A\n\n```swift id=one\nprint(1)\n```\n\n```output\n1\n```\n"
  private static let failing = passing.replacingOccurrences(of: "output\n1", with: "output\n2")
  private static let waiting = "# B\n\n```swift timeout=60s\nimport Glibc\nsleep(50)\n```\n"

  init() throws {
    folder = try TemporaryFolder.withLesson(Self.passing, named: "01-a.md")
  }

  private func write(_ text: String, _ name: String = "01-a.md") throws {
    try Data(text.utf8).write(to: folder.appending(path: name))
  }

  private func render(_ arguments: String...) throws -> CommandRun {
    try CommandRun(
      arguments: ["render", "--lessons", ".", "--output", "site"] + arguments, in: folder)
  }

  private func page() throws -> String {
    try String(contentsOf: site.appending(path: "01-a.html"), encoding: .utf8)
  }

  /// Every file below the site with its bytes.
  private func contents() throws -> [String: Data] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: site.path())
    return try Dictionary(
      uniqueKeysWithValues: names.compactMap { name in
        var isFolder: ObjCBool = false
        let path = site.appending(path: name)
        guard FileManager.default.fileExists(atPath: path.path(), isDirectory: &isFolder),
          !isFolder.boolValue
        else { return nil }
        return (name, try Data(contentsOf: path))
      })
  }

  @Test func `a lesson that fails is on its page, and the status says so`() throws {
    #expect(try render().status == 0)
    #expect(try page().contains("✓</span> Verified"))
    try write(Self.failing)
    let run = try render()
    #expect(run.status == 1)
    #expect(run.output.contains("01-a.md:8:1: output-mismatch"))
    #expect(try page().contains("<del>- 2</del>\n<ins>+ 1</ins>"))
  }

  @Test func `a folder with foreign files is left alone before anything runs`() throws {
    try FileManager.default.createDirectory(at: site, withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: site.appending(path: "thesis.tex"))
    try write(Self.waiting)
    let run = try render()
    #expect(run.status == 64)
    #expect(run.errors.contains("'site' holds a file that is no part of a site: thesis.tex"))
    #expect(try contents() == ["thesis.tex": Data("mine".utf8)])
  }

  @Test func `without running, pages show what ran before, and what changed since as not run`()
    throws
  {
    #expect(try render().status == 0)
    #expect(try render("--no-run").status == 0)
    #expect(try page().contains("Shown from an earlier run"))
    #expect(try page().contains("<samp>1</samp>"))
    try write(Self.passing.replacingOccurrences(of: "print(1)", with: "print(3 - 2)"))
    #expect(try render("--no-run").status == 1)
    #expect(try page().contains("not run"))
    #expect(try !page().contains("<samp>1</samp>"))
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `an interrupted render leaves the old site whole and nothing beside it`(signal: Int32) throws
  {
    #expect(try render().status == 0)
    let before = try contents()
    try write(Self.waiting, "02-b.md")
    let started = try CommandRun.Started(
      arguments: ["render", "--lessons", ".", "--output", "site"], in: folder)
    Thread.sleep(forTimeInterval: 2)
    kill(started.process.processIdentifier, signal)
    let run = try started.finish()
    #expect(run.status == 130)
    #expect(run.errors.contains("interrupted: 'site' is as it was"))
    #expect(try contents() == before)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted()
    #expect(names == ["01-a.md", "02-b.md", "site"])
  }

  @Test func `what would be broken on a page is told with its place`() throws {
    try write("# A\n\n[a](#nowhere) $`\\foo`$\n\n![](none.png)\n")
    let run = try render()
    #expect(run.status == 1)
    for place in [
      "01-a.md:3:1: error: the link '#nowhere' leads nowhere",
      "01-a.md:3:17: error: the formula can't be set: Undefined control sequence: \\foo",
      "01-a.md:5:1: error: the image has no description",
    ] { #expect(run.output.contains(place)) }
  }
}
