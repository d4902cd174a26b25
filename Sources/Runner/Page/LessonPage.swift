/// A lesson as a page.
struct LessonPage {
  private let plan: SitePlan
  private let page: PageLesson
  private let outline: PageOutline
  private let language: PageLanguage
  private var words: PageWords { language.words }
  var images: [String: String] = [:]

  init(_ page: PageLesson, in plan: SitePlan) {
    self.plan = plan
    self.page = page
    language = page.language
    if let lesson = page.lesson {
      outline = PageOutline(of: lesson, report: page.report, number: page.number)
    } else {
      outline = PageOutline()
    }
  }

  var html: HTML {
    let all = plan.lessons(in: language)
    let index = all.firstIndex { $0.slug == page.slug } ?? 0
    var frame = PageFrame(
      plan: plan, language: language, path: page.page, title: page.title,
      description: LessonSummary(page).description, slug: page.slug)
    frame.previous = index > 0 ? all[index - 1] : nil
    frame.next = index + 1 < all.count ? all[index + 1] : nil
    frame.headings = outline.headings
    frame.twins = PageLanguage.allCases.filter { $0 != language }.compactMap { other in
      plan.twin(of: page, in: other).map { (other, $0.page) }
    }
    frame.data = " data-lesson=\"\(page.slug)\""
    let hasFormulas = page.lesson.map { !FormulaList($0).items.isEmpty } ?? false
    return frame.html(main: head + body, hasFormulas: hasFormulas)
  }

  private var head: HTML {
    let title: HTML =
      page.number.isEmpty
      ? "\(page.title)" : "<span class=\"lesson-number\">\(page.number)</span> \(page.title)"
    let id: HTML = outline.headings.first.map { " id=\"\($0.id)\"" } ?? ""
    return "<h1\(id)>\(title)</h1>\n\(stamp)"
  }

  /// The lesson's own verdict and what it rests on.
  private var stamp: HTML {
    let report = page.report
    let passed = report.cells.count { $0.verdict.status == .pass }
    let stamp = page.earlier ?? plan.stamp
    var facts: [(String, String)] = [
      (words.date, stamp.date), (words.swift, stamp.toolchain), (words.platform, stamp.platform),
      (words.runTime, RunText.seconds(report.cells.reduce(.zero) { $0 + $1.outcome.duration })),
    ]
    let seeds = report.cells.compactMap { $0.cell.options.seed }.map(String.init)
    if !seeds.isEmpty { facts.append((words.seed, seeds.joined(separator: ", "))) }
    let list = facts.map { name, value -> HTML in "<div><dt>\(name)</dt><dd>\(value)</dd></div>" }
    let earlier: HTML =
      page.earlier == nil || page.isUnchanged
      ? "" : "<span class=\"badge is-skipped\">\(words.cached)</span>"
    let files = ["swift", "ipynb"].map { kind -> HTML in
      let path = language.href(to: "\(language.folder)downloads/\(page.slug).\(kind)")
      return "<a download href=\"\(path)\">.\(kind)</a>"
    }.joined(separator: " ")
    let downloads: HTML =
      page.lesson == nil ? "" : "<div><dt>\(words.download)</dt><dd>\(files)</dd></div>"
    return """
      <div class="stamp">\(CellBadge(report, words).html)\(earlier)<span class="cell-count">\(passed) / \(report.cells.count) \
      \(words.cellsAsExpected)</span><span class="reading-time">\
      \(LessonSummary(page).minutes) \(words.minutes)</span>
      <dl>\(list.joined())\(downloads)</dl></div>

      """
  }

  private var body: HTML {
    guard let lesson = page.lesson else { return errors }
    let links = PageLinks(plan: plan, page: page, anchors: outline.anchors)
    let text = PageText(links: links, formulas: plan.formulas, images: images)
    let cells = PageCells(page: page, outline: outline)
    let blocks = PageBlocks(page: page, outline: outline, text: text, cells: cells)
    return (page.report.errors.isEmpty ? "" : errors) + blocks.html(lesson.document)
      + blocks.footnotes(lesson.footnotes)
  }

  /// What is wrong with the lesson's text, as the terminal says it.
  private var errors: HTML {
    let error = LessonError(path: page.report.path, diagnostics: page.report.errors)
    let text = DiagnosticRenderer.text(error, bytes: page.report.bytes)
    return """
      <div class="verdict lesson-errors"><h2 id="errors">\(words.errors)</h2>
      <pre tabindex="0">\(text)</pre></div>

      """
  }
}
