import LessonKit
import Testing

@testable import Runner

/// A lesson's page made of its text and of what its cells are said to have done.
struct PageCase {
  var plan: SitePlan
  var page: PageLesson

  init(
    _ text: String, path: String = "Lessons/01-case.md", outcomes: [CellOutcome] = [],
    formulas: FormulaBook = FormulaBook()
  ) throws {
    let bytes = Array(text.utf8)
    let lesson = try LessonParser.parse(path: path, bytes: bytes)
    var report = LessonReport(
      path: path, slug: lesson.slug, title: lesson.title, bytes: bytes)
    report.cells = lesson.cells.map { cell in
      let outcome = cell.index < outcomes.count ? outcomes[cell.index] : CellOutcome(.completed)
      return CellReport(cell: cell, outcome: outcome)
    }
    page = PageLesson(report: report)
    plan = SitePlan(
      lessons: [page],
      stamp: RunStamp(date: "2026-03-01 12:00 UTC", toolchain: "6.3.1", platform: "Linux x86_64"))
    plan.formulas = formulas
  }

  var html: String { LessonPage(page, in: plan).html.text }

  /// The part of the page that the lesson itself makes.
  var main: String {
    let page = html
    guard let start = page.firstRange(of: "<main"), let end = page.firstRange(of: "</main>") else {
      return ""
    }
    return String(page[start.lowerBound..<end.upperBound])
  }

  var messages: [String] { Site.diagnostics(of: page, in: plan).map(\.message) }

  static func printing(_ text: String) -> CellOutcome {
    var outcome = CellOutcome(.completed)
    outcome.stdout = Array(text.utf8)
    return outcome
  }
}

/// Each way of drawing, with a title that needs escaping.
enum SampleFigures {
  static let all: [Figure] = [
    .lines(
      "a < b", description: "It rises.", x: "x", y: "y",
      Series("one", y: [1, 2, 3], low: [0, 1, 2], high: [2, 3, 4]), Series("two", y: [3, 2, 1])),
    .scatter(
      "a < b", description: "Two clouds.", x: "x", y: "y", Series("one", x: [0, 1], y: [0, 1])),
    .bars(
      "a < b", description: "One is greater.", categories: ["a", "b"], y: "y", Bars("one", [1, -2])),
    .histogram("a < b", description: "Flat.", x: "x", values: [1, 2, 3, 4], bins: 2),
    .heatmap(
      "a < b", description: "A diagonal.", rows: ["r", "s"], columns: ["c", "d"],
      values: [[1, 0], [0, 1]]),
    .images("a < b", description: "A gradient.", [Picture("p", rows: [[0, 0.5, 1]])]),
    .embedding(
      "a < b", description: "They part.", groups: ["g", "h"],
      frames: [
        Embedding.Frame("start", x: [0, 0], y: [0, 0]),
        Embedding.Frame("end", x: [0, 1], y: [0, 1]),
      ]),
  ]
}
