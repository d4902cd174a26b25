/// The lessons of a site after some of them are rendered anew: those it has, in their order, and new ones.
package struct SiteUpdate {
  /// Every lesson of the site, in order.
  package private(set) var paths: [String]
  /// The lessons that the site keeps.
  package let kept: [String]

  /// - Parameters:
  ///   - chosen: The files to render.
  ///   - site: The files that the site shows so far.
  package init(rendering chosen: [String], into site: [String]) {
    let pages = Set(chosen.map(Self.page))
    kept = site.filter { !pages.contains(Self.page($0)) }
    paths = site.map { old in chosen.first { Self.page($0) == Self.page(old) } ?? old }
    for path in chosen where !paths.contains(path) {
      let language = PageLanguage(path: path)
      let next = paths.firstIndex {
        PageLanguage(path: $0) == language
          && LessonParser.slug(of: $0) > LessonParser.slug(of: path)
      }
      // Among lessons of one language a new one stands by its name; else it comes last.
      paths.insert(path, at: site.isEmpty ? paths.endIndex : next ?? paths.endIndex)
    }
  }

  /// Where a lesson's page stands below the site's folder: two files can't share it.
  private static func page(_ path: String) -> String {
    "\(PageLanguage(path: path).folder)\(LessonParser.slug(of: path))"
  }
}

extension OutcomeStore {
  /// Returns the page of a lesson that passed when it last ran and is the same since, to the byte.
  package func unchanged(_ path: String) -> PageLesson? {
    guard let record = record(for: path), let bytes = try? LessonFile.read(path: path),
      record.lesson == Self.digest(of: bytes)
    else { return nil }
    var page = PageLesson(path: path, record: record)
    guard page.report.isPassing else { return nil }
    if let parameter = page.lesson?.parameter,
      page.parameterValues(of: parameter).count < parameter.values.count
    {
      return nil
    }
    page.isUnchanged = true
    return page
  }

  /// Returns which of some lessons are the same as when they last ran.
  package func unchanged(_ paths: [String]) async -> [String: PageLesson] {
    await withTaskGroup(of: (String, PageLesson?).self) { group in
      for path in paths { group.addTask { (path, unchanged(path)) } }
      var pages: [String: PageLesson] = [:]
      for await (path, page) in group { pages[path] = page }
      return pages
    }
  }
}
