internal import FoundationEssentials
internal import Glibc

/// Brings together what a site needs besides its lessons: formulas, images, what is wrong.
package struct SiteMaker {
  /// The lessons, each with what is wrong with its page among its errors.
  package private(set) var plan: SitePlan
  private var images: [String: [UInt8]] = [:]
  private let store: OutcomeStore

  package init(pages: [PageLesson], stamp: RunStamp, store: OutcomeStore) {
    plan = SitePlan(lessons: pages, stamp: stamp)
    self.store = store
    plan.absentLessons = Self.absentLessons(beside: pages)
  }

  /// Returns every file of the site.
  package mutating func files() async throws(EnvironmentFailure) -> [SiteFile] {
    try check()
    let assets = plan.formulas.entries.isEmpty ? [] : try FormulaAssets.files()
    return await Site(plan, images: images).files() + assets
  }

  /// Adds what is wrong with each lesson's page to its errors.
  private mutating func check() throws(EnvironmentFailure) {
    try setFormulas()
    for page in plan.lessons { readImages(of: page) }
    let found = plan.lessons.map {
      Site.diagnostics(of: $0, in: plan, images: Set(images.keys))
    }
    for (index, diagnostics) in found.enumerated() {
      plan.lessons[index].report.errors += diagnostics
    }
  }

  /// Returns what would be broken on a lesson's page.
  ///
  /// Formulas are set only where none like them was before: to set one takes 5 ms, to begin 0.2 s.
  package static func diagnostics(of report: LessonReport, store: OutcomeStore) -> [Diagnostic] {
    // What was downloaded from a page is none: its links are those of the site.
    guard report.path.hasSuffix(".md") else { return [] }
    let page = PageLesson(report: report)
    var maker = SiteMaker(
      pages: [page], stamp: RunStamp(date: "", toolchain: "", platform: ""), store: store)
    do throws(EnvironmentFailure) { try maker.check() } catch {
      let formulas = page.lesson.map { FormulaList($0).items } ?? []
      let place = formulas.first?.position(at: 0) ?? SourcePosition(line: 1)
      return [
        Diagnostic(at: place, "formulas can't be checked: \(error.message)", help: error.help)
      ]
    }
    return maker.plan.lessons.flatMap(\.report.errors)
  }

  /// Sets the formulas that no earlier site of the same lesson has set.
  private mutating func setFormulas() throws(EnvironmentFailure) {
    let wanted = plan.lessons.map { page in
      page.lesson.map { FormulaList($0).items.map(\.formula) } ?? []
    }
    let known = plan.lessons.map { store.formulas(for: $0.report.path) }
    for book in known { plan.formulas.merge(book) }
    try plan.formulas.complete(with: wanted.joined()) { () throws(EnvironmentFailure) in
      try KaTeX()
    }
    for (index, page) in plan.lessons.enumerated() {
      let own = plan.formulas.restricted(to: wanted[index])
      if own != known[index] { store.keep(own, for: page.report.path) }
    }
  }

  private mutating func readImages(of page: PageLesson) {
    guard let lesson = page.lesson else { return }
    let folder = FileSystem.parent(of: page.report.path) ?? "."
    for source in ImageList(lesson).sources {
      let path = PageLinks.normalised(page.language.folder + source)
      let isImage = [".svg", ".png", ".jpg", ".jpeg", ".webp", ".gif"].contains {
        source.lowercased().hasSuffix($0)
      }
      guard isImage, images[path] == nil, FileSystem.isFile("\(folder)/\(source)"),
        let bytes = try? FileSystem.read("\(folder)/\(source)")
      else { continue }
      images[path] = bytes
    }
  }

  /// The lessons that lie beside those of the site and are no part of it.
  private static func absentLessons(beside pages: [PageLesson]) -> Set<String> {
    var found: Set<String> = []
    for page in pages {
      let folder = FileSystem.parent(of: page.report.path) ?? "."
      for name in FileSystem.names(in: folder) where name.hasSuffix(".md") {
        found.insert(page.language.folder + name)
      }
      for other in PageLanguage.allCases where other != page.language {
        let way = page.language.folder.isEmpty ? "\(folder)/\(other.folder)" : "\(folder)/../"
        for name in FileSystem.names(in: way) where name.hasSuffix(".md") {
          found.insert(other.folder + name)
        }
      }
    }
    return found.subtracting(pages.map { "\($0.language.folder)\($0.slug).md" })
  }
}

/// The images that a lesson names.
struct ImageList {
  private(set) var sources: [String] = []

  init(_ lesson: Lesson) {
    lesson.document.forEach { visit($0) }
    lesson.footnotes.flatMap(\.blocks).forEach { visit($0) }
  }

  private mutating func visit(_ block: MarkdownBlock) {
    switch block.kind {
    case .heading(_, let inlines), .paragraph(let inlines): visit(inlines)
    case .quote(let children), .alert(_, let children): children.forEach { visit($0) }
    case .table(let table): (table.header + table.rows.joined()).forEach { visit($0.inlines) }
    case .list(let list): list.items.joined().forEach { visit($0) }
    case .codeBlock, .math, .html, .thematicBreak: break
    }
  }

  private mutating func visit(_ inlines: [MarkdownInline]) {
    for inline in inlines {
      switch inline.kind {
      case .image(let source, _, _): sources.append(source)
      case .link(_, _, let children), .emphasis(let children), .strong(let children):
        visit(children)
      default: break
      }
    }
  }
}

extension RunStamp {
  /// Returns the stamp of a run that begins now, or at `SOURCE_DATE_EPOCH` where that is set.
  package static func now(
    toolchain: Toolchain, store: OutcomeStore
  ) throws(EnvironmentFailure) -> RunStamp {
    let chosen = environmentVariable("SOURCE_DATE_EPOCH").flatMap(Double.init)
    let date = chosen.map { Date(timeIntervalSince1970: $0) } ?? Date()
    var text = date.formatted(.iso8601)
    text.replace("T", with: " ")
    var name = utsname()
    unsafe uname(&name)
    let machine = unsafe withUnsafeBytes(of: &name.machine) {
      unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    let version = try store.version(of: toolchain)
    return RunStamp(
      date: "\(text.prefix(16)) UTC",
      toolchain: version.split(separator: " ").first { $0.first?.isNumber == true }.map(String.init)
        ?? version,
      platform: "Linux \(machine)")
  }
}

extension Verification {
  /// Runs a lesson once more for each other value of its parameter.
  package func variants(of page: PageLesson) async -> [PageVariant] {
    guard let lesson = page.lesson, let parameter = lesson.parameter else { return [] }
    var variants: [PageVariant] = []
    for value in parameter.values where value != parameter.value {
      let changed = lesson.withParameter(parameter, at: value)
      let report = await run(changed) { _ in }
      variants.append(PageVariant(value: value, cells: report.cells))
    }
    return variants
  }
}
