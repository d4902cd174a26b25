/// Turns the lessons of a course into the files of a site.
package struct Site: Sendable {
  private let plan: SitePlan
  /// The images that lessons show, by the path below the course's folder.
  private let images: [String: [UInt8]]

  package init(_ plan: SitePlan, images: [String: [UInt8]] = [:]) {
    self.plan = plan
    self.images = images
  }

  /// Makes every file of the site but the fonts and styles of formulas, which are the system's.
  package func files() async -> [SiteFile] {
    async let ofLessons = filesOfLessons()
    var files = [
      SiteFile("assets/style.css", PageStyle.text), SiteFile("assets/theme.js", PageScript.theme),
      SiteFile("assets/lessons.js", PageScript.text), SiteFile("assets/icon.svg", PageScript.icon),
    ]
    for language in PageLanguage.allCases {
      let lessons = plan.lessons(in: language)
      // The main language has contents even where every lesson is in another.
      if lessons.isEmpty, language != .english { continue }
      files.append(
        SiteFile(
          "\(language.folder)index.html", ContentsPage(plan: plan, language: language).html.text))
      files.append(
        SiteFile(
          "assets/search-\(language.rawValue).js",
          SearchIndex(plan, language: language).script))
    }
    files += await ofLessons
    return files + images.map { SiteFile("images/\($0.key)", bytes: $0.value) }
  }

  /// Makes the lessons' pages and downloads side by side.
  private func filesOfLessons() async -> [SiteFile] {
    await withTaskGroup(of: [SiteFile].self) { group in
      for lesson in plan.lessons { group.addTask { files(of: lesson) } }
      return await group.reduce(into: []) { $0 += $1 }
    }
  }

  /// The page and the downloads of one lesson.
  package func files(of lesson: PageLesson) -> [SiteFile] {
    var page = LessonPage(lesson, in: plan)
    page.images = Dictionary(
      uniqueKeysWithValues: images.keys.map {
        (lesson.language.href(to: $0), lesson.language.href(to: "images/\($0)"))
      })
    var files = [SiteFile(lesson.page, page.html.text)]
    if let parsed = lesson.lesson {
      let folder = "\(lesson.language.folder)downloads/"
      files.append(SiteFile("\(folder)\(lesson.slug).swift", SwiftDownload(parsed).text))
      files.append(
        SiteFile("\(folder)\(lesson.slug).ipynb", NotebookDownload(lesson, parsed).text))
    }
    return files
  }

  /// Returns what keeps a lesson from being shown as a whole: links, images and labels without a target,
  /// formulas that can't be set, tags left open.
  package static func diagnostics(
    of lesson: PageLesson, in plan: SitePlan, images: Set<String> = []
  )
    -> [Diagnostic]
  {
    guard let parsed = lesson.lesson else { return [] }
    return PageCheck(parsed, page: lesson, plan: plan, images: images).diagnostics
      .sorted { $0.position < $1.position }
  }
}
