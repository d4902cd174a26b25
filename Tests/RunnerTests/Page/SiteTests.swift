import LessonKit
import Testing

@testable import Runner

@Suite struct SiteTests {
  private let folder: String

  init() throws {
    folder = try FileSystem.makeTemporaryDirectory(in: environmentVariable("TMPDIR") ?? "/tmp")
  }

  @Test func `a site is replaced as a whole`() throws {
    defer { FileSystem.remove(folder) }
    let site = SiteFolder("\(folder)/site")
    try site.replace(
      with: [SiteFile("index.html", "one"), SiteFile("a/b.html", "two")], lessons: [])
    try site.replace(with: [SiteFile("index.html", "three")], lessons: [])
    #expect(FileSystem.names(in: site.path) == [".lessons-site", "index.html"])
    #expect(try FileSystem.read("\(site.path)/index.html") == Array("three".utf8))
    #expect(FileSystem.names(in: folder) == ["site"])
  }

  @Test func `a folder with anything else in it is left alone`() throws {
    defer { FileSystem.remove(folder) }
    let site = SiteFolder("\(folder)/site")
    try site.replace(with: [SiteFile("index.html", "one")], lessons: [])
    try FileSystem.write([1], to: "\(site.path)/thesis.tex")
    #expect(throws: SiteFolder.Refusal.self) {
      try site.replace(with: [SiteFile("index.html", "two")], lessons: [])
    }
    #expect(try FileSystem.read("\(site.path)/index.html") == Array("one".utf8))
  }

  @Test(arguments: ["", "/proc/site", "/dev/null/site"])
  func `a folder that can't be made is refused before anything runs`(path: String) {
    #expect(throws: SiteFolder.Refusal.self) { try SiteFolder(path).prepare() }
  }

  @Test func `preparing leaves nothing behind`() throws {
    defer { FileSystem.remove(folder) }
    try SiteFolder("\(folder)/a/b/site").prepare()
    #expect(FileSystem.names(in: folder).isEmpty)
  }

  @Test func `an empty folder becomes a site`() throws {
    defer { FileSystem.remove(folder) }
    try SiteFolder(folder + "/").replace(with: [SiteFile("index.html", "one")], lessons: [])
    #expect(FileSystem.isFile("\(folder)/index.html"))
  }

  @Test func `each lesson has a page and both downloads, and every page is linked`() async throws {
    let page = try PageCase("# A\n\n```swift\nlet a = 1\n```\n")
    let paths = Set(await Site(page.plan).files().map(\.path))
    #expect(
      paths.isSuperset(of: [
        "index.html", "01-case.html", "downloads/01-case.swift", "downloads/01-case.ipynb",
        "assets/style.css", "assets/search-en.js",
      ]))
  }

  @Test func `a download holds the code that runs, and the rest as comments`() throws {
    let page = try PageCase(
      "# A\n\nText.\n\n```math\n\\frac ab\n```\n\n| x |\n|---|\n| y |\n\n"
        + "```swift\nlet a = 1\n```\n\n```swift traps\ntrap()\n```\n")
    let text = SwiftDownload(try #require(page.page.lesson)).text
    let prose = ["Text.", "", "     a", "    ───", "     b", "", "x", "─", "y"]
    #expect(text.contains(prose.map { $0.isEmpty ? "//\n" : "// \($0)\n" }.joined()))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    #expect(text.contains("\nlet a = 1\n"))
    #expect(text.contains("\n// trap()\n"))
  }

  @Test func `a notebook holds what the cells printed, drew and how they failed`() throws {
    var drawn = PageCase.printing("1\n")
    drawn.displays = [
      .figure(SampleFigures.all[0]), .table(Table("t", columns: ["a"], rows: [["<b>"]])),
    ]
    var trapped = CellOutcome(.trapped(message: "out of range"))
    trapped.stdout = Array("before\n".utf8)
    let page = try PageCase(
      "# A\n\n```swift\ndraw()\n```\n\n```swift traps\ntrap()\n```\n", outcomes: [drawn, trapped])
    let text = NotebookDownload(page.page, try #require(page.page.lesson)).text
    #expect(text.contains("\"image/svg+xml\" : \"<svg"))
    #expect(text.contains("<td>&lt;b&gt;</td>"))
    #expect(text.contains("\"text\" : \"out of range\""))
  }

  @Test func `both downloads are read as lessons that promise the same`() throws {
    let text =
      "# A\n\nText $`x_1`$.\n\n```swift id=one\nprint(1)\n```\n\n```output\n1\n```\n\n"
      + "```swift traps\ntrap()\n```\n"
    let page = try PageCase(text)
    let lesson = try #require(page.page.lesson)
    let notebook = try DownloadedLesson.markdown(
      path: "a.ipynb", bytes: Array(NotebookDownload(page.page, lesson).text.utf8))
    let again = try LessonParser.parse(path: "a.ipynb", bytes: notebook)
    #expect(again.cells.map(\.source) == lesson.cells.map(\.source))
    #expect(again.cells.map(\.options) == lesson.cells.map(\.options))
    #expect(again.cells.map(\.expectedOutput?.text) == ["1\n", nil])
    let swift = try DownloadedLesson.markdown(
      path: "a.swift", bytes: Array(SwiftDownload(lesson).text.utf8))
    let cells = try LessonParser.parse(path: "a.swift", bytes: swift).cells
    #expect(cells.contains { $0.source == "// MARK: one\nprint(1)\n\n" })
  }

  @Test func `the search index is a script that holds every section, and nothing that ends it`()
    throws
  {
    let page = try PageCase(
      "# A\n\nfirst </script>\n\n## 损失函数\n\n衡量方向 $`\\hat v`$\n\n```swift\nlet a = 1\n```\n")
    let script = SearchIndex(page.plan, language: .english).script
    #expect(
      script.contains(
        "\"h-损失函数\",\"A\",\"损失函数\",\"衡量方向 v\u{302}\",\"let a = 1\""))
    #expect(!script.contains("</script>"))
  }

  @Test func `what ran earlier holds as far as the code is the same`() throws {
    defer { FileSystem.remove(folder) }
    let path = "\(folder)/01-a.md"
    let text = "# A\n\n```swift\nprint(1)\n```\n\n```swift\nprint(2)\n```\n"
    try FileSystem.write(Array(text.utf8), to: path)
    let stamp = RunStamp(date: "d", toolchain: "t", platform: "p")
    let before = try PageCase(
      text, path: path, outcomes: ["1\n", "2\n"].map(PageCase.printing))
    let store = OutcomeStore(directory: folder)
    store.keep(OutcomeStore.Record(before.page, stamp: stamp), for: path)
    let same = PageLesson(path: path, record: store.record(for: path))
    #expect(same.report.cells.map(\.verdict.status) == [.pass, .pass])
    #expect(same.earlier == stamp)
    try FileSystem.write(Array(text.replacing("print(2)", with: "print(3)").utf8), to: path)
    let changed = PageLesson(path: path, record: store.record(for: path))
    #expect(changed.report.cells.map(\.verdict.status) == [.pass, .notRun])
  }

  @Test func `results under other values of a parameter are recalled without promises`() throws {
    defer { FileSystem.remove(folder) }
    let path = "\(folder)/01-a.md"
    let text =
      "# A\n\n```swift values=1|2\nlet rate = 1\n```\n\n```swift\nprint(rate)\n```\n\n"
      + "```output\n1\n```\n"
    try FileSystem.write(Array(text.utf8), to: path)
    var before = try PageCase(text, path: path, outcomes: ["", "1\n"].map(PageCase.printing))
    let cells = zip(before.page.report.cells, ["", "2\n"]).map {
      CellReport(cell: $0.cell, outcome: PageCase.printing($1))
    }
    before.page.variants = [PageVariant(value: "2", cells: cells)]
    let store = OutcomeStore(directory: folder)
    let stamp = RunStamp(date: "d", toolchain: "t", platform: "p")
    store.keep(OutcomeStore.Record(before.page, stamp: stamp), for: path)
    let recalled = PageLesson(path: path, record: store.record(for: path))
    let variant = try #require(recalled.variants.first)
    #expect(variant.cells.map(\.verdict.status) == [.pass, .pass])
    #expect(Site.diagnostics(of: recalled, in: before.plan).isEmpty)
  }

  @Test func `a site of one lesson leaves the formulas of the others set`() async throws {
    defer { FileSystem.remove(folder) }
    let pages = try ["01-a", "02-b"].map { slug in
      let text = "# A\n\n$`\(slug == "01-a" ? "x" : "y")`$\n"
      return try PageCase(text, path: "\(folder)/\(slug).md").page
    }
    let store = OutcomeStore(directory: folder)
    let stamp = RunStamp(date: "d", toolchain: "t", platform: "p")
    for shown in [pages, [pages[0]]] {
      var maker = SiteMaker(pages: shown, stamp: stamp, store: store)
      _ = try await maker.files()
    }
    #expect(Set(store.formulas(for: pages[0].report.path).entries.keys) == [Formula("x")])
    #expect(Set(store.formulas(for: pages[1].report.path).entries.keys) == [Formula("y")])
  }
}
