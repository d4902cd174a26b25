/// What a site is made of: the lessons with what came of them, in order.
package struct SitePlan: Sendable {
  package var lessons: [PageLesson]
  /// When the cells ran and on what.
  package var stamp: RunStamp
  /// The files of the course's other lessons, such as `zh/02-loss.md`: links to them are no mistakes.
  package var absentLessons: Set<String> = []
  /// Every formula of the lessons, set.
  package var formulas = FormulaBook()

  package init(lessons: [PageLesson], stamp: RunStamp) {
    self.lessons = lessons
    self.stamp = stamp
  }

  /// The lessons of one language, in order.
  func lessons(in language: PageLanguage) -> [PageLesson] {
    lessons.filter { $0.language == language }
  }

  /// The same lesson in another language, where there is one.
  func twin(of lesson: PageLesson, in language: PageLanguage) -> PageLesson? {
    lessons.first { $0.slug == lesson.slug && $0.language == language }
  }
}

/// When and on what the cells of a site ran.
package struct RunStamp: Sendable, Equatable, Codable {
  /// Such as `2026-03-01 12:00 UTC`.
  package var date: String
  /// The first line of the compiler's version.
  package var toolchain: String
  /// Such as `Linux x86_64`.
  package var platform: String

  package init(date: String, toolchain: String, platform: String) {
    self.date = date
    self.toolchain = toolchain
    self.platform = platform
  }
}

/// One lesson as its page shows it.
package struct PageLesson: Sendable {
  package var report: LessonReport
  /// Nil where the text has errors, which `report` holds.
  package var lesson: Lesson?
  package var language: PageLanguage
  /// Set where the outcomes are those of an earlier run.
  package var earlier: RunStamp?
  /// True where the lesson is to the byte what that run verified, so that the page needs no word of it.
  package var isUnchanged = false
  /// What the cells did under each other value of the lesson's parameter.
  package var variants: [PageVariant] = []

  package init(report: LessonReport, earlier: RunStamp? = nil) {
    self.report = report
    self.earlier = earlier
    language = PageLanguage(path: report.path)
    lesson = try? LessonParser.parse(path: report.path, bytes: report.bytes)
  }

  package var slug: String { report.slug }
  package var title: String { lesson?.title ?? report.title }

  /// The page's path below the site's folder.
  package var page: String { "\(language.folder)\(slug).html" }

  /// The number that the file name begins with, such as `3` of `03-similarity`; empty without one.
  package var number: String {
    let digits = slug.prefix { $0.isASCII && $0.isNumber }
    return Int(digits).map(String.init) ?? ""
  }
}

extension PageLesson {
  /// The values that readers may choose between: those that were run, the lesson's own among them.
  func parameterValues(of parameter: LessonParameter) -> [String] {
    parameter.values.filter { value in
      value == parameter.value || variants.contains { $0.value == value }
    }
  }
}

/// The reports of a lesson's cells under another value of its parameter.
package struct PageVariant: Sendable {
  package var value: String
  package var cells: [CellReport]

  package init(value: String, cells: [CellReport]) {
    self.value = value
    self.cells = cells
  }
}

/// One file of a site.
package struct SiteFile: Sendable {
  package var path: String
  package var bytes: [UInt8]

  package init(_ path: String, _ text: String) {
    self.path = path
    bytes = Array(text.utf8)
  }

  package init(_ path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}
