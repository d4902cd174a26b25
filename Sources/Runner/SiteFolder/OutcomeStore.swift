internal import FoundationEssentials

/// What the cells of lessons did when they last ran, kept for pages that are made without running them.
package struct OutcomeStore: Sendable {
  /// One lesson's cells as they ran.
  package struct Record: Sendable, Codable {
    package var stamp: RunStamp
    /// The code of each cell, to tell which outcomes still hold.
    package var sources: [String]
    package var outcomes: [CellOutcome]
    /// The outcomes under other values of the lesson's parameter.
    package var variants: [Variant]

    package struct Variant: Sendable, Codable {
      package var value: String
      package var outcomes: [CellOutcome]
    }

    package init(_ lesson: PageLesson, stamp: RunStamp) {
      self.stamp = stamp
      sources = lesson.report.cells.map(\.cell.source)
      outcomes = lesson.report.cells.map(\.outcome)
      variants = lesson.variants.map { Variant(value: $0.value, outcomes: $0.cells.map(\.outcome)) }
    }
  }

  private let directory: String

  /// - Parameter directory: The user's cache.
  package init(directory: String = UnitCache.userDirectory()) {
    self.directory = "\(directory)/outcomes-1"
  }

  /// Keeps what came of a lesson; without a writable cache nothing is kept, which harms no page.
  package func keep(_ record: Record, for path: String) {
    guard let bytes = try? JSONEncoder().encode(record) else { return }
    try? FileSystem.makeDirectory(directory, mode: 0o700)
    try? FileSystem.replace(file(for: path), with: Array(bytes))
  }

  /// Returns what a lesson's cells did, or nil where they never ran.
  package func record(for path: String) -> Record? {
    guard let bytes = try? FileSystem.read(file(for: path)) else { return nil }
    return try? JSONDecoder().decode(Record.self, from: Data(bytes))
  }

  private func file(for path: String) -> String {
    var digest = Digest()
    digest.add(FileSystem.canonical(path) ?? path)
    return "\(directory)/\(digest.hexadecimal()).json"
  }

  /// The formulas that were set before.
  package var formulas: FormulaBook {
    guard let bytes = try? FileSystem.read(formulaFile) else { return FormulaBook() }
    return (try? JSONDecoder().decode(FormulaBook.self, from: Data(bytes))) ?? FormulaBook()
  }

  package func keep(_ formulas: FormulaBook) {
    guard let bytes = try? JSONEncoder().encode(formulas) else { return }
    try? FileSystem.makeDirectory(directory, mode: 0o700)
    try? FileSystem.replace(formulaFile, with: Array(bytes))
  }

  /// Another KaTeX may set a formula otherwise.
  private var formulaFile: String {
    var digest = Digest()
    digest.add(FileSystem.stamp("\(KaTeX.directory)/katex.js") ?? "")
    return "\(directory)/formulas-\(digest.hexadecimal().prefix(16)).json"
  }
}

extension PageLesson {
  /// Makes the page of a lesson from what its cells did earlier.
  ///
  /// A cell whose code, or the code of a cell before it, is no longer the same counts as not run.
  package init(path: String, record: OutcomeStore.Record?) {
    let slug = LessonParser.slug(of: path)
    do throws(LessonError) {
      let bytes = try LessonFile.read(path: path)
      let lesson = try LessonParser.parse(path: path, bytes: bytes)
      var report = LessonReport(path: path, slug: slug, title: lesson.title, bytes: bytes)
      let same = zip(lesson.cells, record?.sources ?? []).prefix { $0.source == $1 }.count
      func reports(_ outcomes: [CellOutcome]) -> [CellReport] {
        lesson.cells.map { cell in
          let isKnown = cell.index < same && cell.index < outcomes.count
          return CellReport(
            cell: cell,
            outcome: isKnown
              ? outcomes[cell.index] : CellOutcome(.notRun("it changed since it was last run")))
        }
      }
      report.cells = reports(record?.outcomes ?? [])
      self.init(report: report, earlier: record?.stamp)
      variants = (record?.variants ?? []).map {
        PageVariant(value: $0.value, cells: reports($0.outcomes))
      }
    } catch {
      var report = LessonReport(
        path: path, slug: slug, title: slug, bytes: (try? LessonFile.read(path: path)) ?? [])
      report.errors = error.diagnostics
      self.init(report: report, earlier: record?.stamp)
    }
  }
}
