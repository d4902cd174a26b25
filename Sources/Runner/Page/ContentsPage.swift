/// The first page: every lesson with what it teaches, asks for and takes.
struct ContentsPage {
  let plan: SitePlan
  let language: PageLanguage

  private var words: PageWords { language.words }

  var html: HTML {
    var frame = PageFrame(
      plan: plan, language: language, path: "\(language.folder)index.html",
      title: language == .english ? words.course : "\(words.course) · \(language.ownName)",
      description: "\(words.course): "
        + plan.lessons(in: language).map(\.title).joined(separator: " · "))
    frame.twins = PageLanguage.allCases
      .filter { $0 != language && !plan.lessons(in: $0).isEmpty }
      .map { ($0, "\($0.folder)index.html") }
    let items = plan.lessons(in: language).map(entry).joined()
    let main: HTML = """
      <h1>\(words.contents)</h1>
      <ol class="contents">\(items)</ol>

      """
    let hasFormulas = !plan.formulas.entries.isEmpty
    return frame.html(main: main, hasFormulas: hasFormulas)
  }

  private func entry(_ lesson: PageLesson) -> HTML {
    let summary = LessonSummary(lesson)
    let passed = lesson.report.cells.count { $0.verdict.status == .pass }
    return """
      <li class="contents-entry"><h2><span class="chapter-number">\(lesson.number)</span> \
      <a href="\(language.href(to: lesson.page))">\(lesson.title)</a></h2>
      <p class="stamp">\(CellBadge(lesson.report, words).html)<span>\(passed) / \(lesson.report.cells.count) \
      \(words.cellsAsExpected)</span><span>\(summary.minutes) \(words.minutes)</span></p>
      <p>\(summary.description)</p>
      \(list(words.objectives, summary.objectives, lesson))\
      \(prerequisites(summary, lesson))</li>

      """
  }

  private func prerequisites(_ summary: LessonSummary, _ lesson: PageLesson) -> HTML {
    guard !summary.prerequisites.isEmpty else { return "" }
    let text = PageText(
      links: PageLinks(plan: plan, page: lesson, anchors: [:]), formulas: plan.formulas)
    return "<h3>\(words.prerequisites)</h3><p>\(text.html(summary.prerequisites))</p>\n"
  }

  private func list(_ name: String, _ items: [[MarkdownInline]], _ lesson: PageLesson) -> HTML {
    guard !items.isEmpty else { return "" }
    let text = PageText(
      links: PageLinks(plan: plan, page: lesson, anchors: [:]), formulas: plan.formulas)
    let lines = items.map { "<li>\(text.html($0))</li>" as HTML }.joined()
    return "<h3>\(name)</h3><ul>\(lines)</ul>\n"
  }
}
