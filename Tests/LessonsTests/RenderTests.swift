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

  private static let second = passing.replacingOccurrences(of: "# A", with: "# B")

  @Test func `one lesson rendered into a site takes its page's place and leaves the others`() throws
  {
    try write(Self.second, "02-b.md")
    #expect(try render().status == 0)
    let before = try contents()
    try write(Self.second.replacingOccurrences(of: "# B", with: "# Renamed"), "02-b.md")
    let run = try render("02-b")
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("✓ 2 lessons in site/index.html"))
    let after = try contents()
    #expect(before.keys.sorted() == after.keys.sorted())
    for name in ["index.html", "01-a.html", "02-b.html", "assets/search-en.js"] {
      #expect(String(decoding: try #require(after[name]), as: UTF8.self).contains("Renamed"))
    }
    let kept = try page()
    #expect(kept.contains("✓</span> Verified"))
    #expect(!kept.contains("Shown from an earlier run"))
  }

  @Test func `a new lesson joins the site in its order`() throws {
    try write(Self.second, "03-c.md")
    #expect(try render().status == 0)
    try write(Self.second, "02-b.md")
    #expect(try render("02-b").status == 0)
    let contents = try String(contentsOf: site.appending(path: "index.html"), encoding: .utf8)
    let places = try ["01-a.html", "02-b.html", "03-c.html"].map {
      try #require(contents.range(of: $0)).lowerBound
    }
    #expect(places == places.sorted())
  }

  @Test func `a kept lesson that changed is run again and fails the command where it fails`() throws
  {
    try write(Self.second, "02-b.md")
    #expect(try render().status == 0)
    try write(Self.failing)
    let run = try render("02-b")
    #expect(run.status == 1)
    #expect(run.output.contains("01-a.md:8:1: output-mismatch"))
    #expect(try page().contains("<del>- 2</del>"))
  }

  @Test func `without running, one lesson of a site is shown anew and the others stay`() throws {
    try write(Self.second, "02-b.md")
    #expect(try render().status == 0)
    #expect(try render("--no-run", "02-b").status == 0)
    #expect(FileManager.default.fileExists(atPath: site.appending(path: "01-a.html").path()))
  }

  @Test func `a site whose lesson is gone is left as it was, until all is rendered`() throws {
    try write(Self.second, "02-b.md")
    #expect(try render().status == 0)
    let before = try contents()
    try FileManager.default.removeItem(at: folder.appending(path: "01-a.md"))
    let run = try render("02-b")
    #expect(run.status == 64)
    #expect(
      run.errors.contains("the site in 'site' shows '../01-a.md', which isn't there any more"))
    #expect(try contents() == before)
    #expect(try render("all").status == 0)
    #expect(!FileManager.default.fileExists(atPath: site.appending(path: "01-a.html").path()))
  }

  @Test func `a site says nothing of where it was made`() throws {
    #expect(try render().status == 0)
    let list = try String(contentsOf: site.appending(path: ".lessons-site"), encoding: .utf8)
    #expect(list.hasSuffix("\n\n../01-a.md\n"))
    #expect(!list.contains(folder.lastPathComponent))
  }

  @Test func `verify finds what a page would lack, and sets no formula twice`() throws {
    let text = Self.passing + "\n[a](#nowhere) $`\\foo`$ $`x`$\n\n![](none.png)\n"
    try write(text)
    for _ in 0..<2 {
      let run = try CommandRun("verify", "01-a.md", in: folder)
      #expect(run.status == 1)
      for place in [
        "01-a.md:11:1: error: the link '#nowhere' leads nowhere",
        "01-a.md:11:17: error: the formula can't be set: Undefined control sequence: \\foo",
        "01-a.md:13:1: error: the image has no description",
      ] { #expect(run.output.contains(place)) }
    }
    try write(Self.passing + "\n$`y`$\n")
    #expect(try CommandRun("verify", "01-a.md", in: folder).status == 0)
  }

  @Test func `a lesson named by its file alone shows the image beside it`() throws {
    try write(Self.passing + "\n![a dot](dot.svg)\n")
    try Data("<svg xmlns=\"http://www.w3.org/2000/svg\"/>".utf8).write(
      to: folder.appending(path: "dot.svg"))
    let run = try CommandRun("render", "01-a.md", "--output", "site", in: folder)
    #expect(run.status == 0)
    #expect(try contents()["images/dot.svg"] != nil)
  }
}
