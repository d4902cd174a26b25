internal import FoundationEssentials
package import LessonKit

/// What the cells of lessons did when they last ran, kept for pages that are made without running them.
package struct OutcomeStore: Sendable {
  /// One lesson's cells as they ran.
  package struct Record: Sendable, Codable {
    package var stamp: RunStamp
    /// The digest of the lesson's text as it ran.
    package var lesson: String?
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
      self.init(lesson.report, stamp: stamp)
      variants = lesson.variants.map { Variant(value: $0.value, outcomes: $0.cells.map(\.outcome)) }
    }

    fileprivate init(_ report: LessonReport, stamp: RunStamp) {
      self.stamp = stamp
      lesson = OutcomeStore.digest(of: report.bytes)
      sources = report.cells.map(\.cell.source)
      outcomes = report.cells.map(\.outcome)
      variants = []
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

  /// Keeps what came of a lesson at its own value of its parameter; what other values gave stays as long
  /// as the code is the same.
  package func keep(_ report: LessonReport, stamp: RunStamp) {
    var record = Record(report, stamp: stamp)
    if let old = self.record(for: report.path), old.sources == record.sources {
      record.variants = old.variants
    }
    keep(record, for: report.path)
  }

  /// Returns the version of a toolchain, which is asked for it once.
  package func version(of toolchain: Toolchain) throws(EnvironmentFailure) -> String {
    var digest = Digest()
    digest.add(toolchain.identity)
    let file = "\(directory)/toolchain-\(digest.hexadecimal().prefix(16)).txt"
    if let bytes = try? FileSystem.read(file) { return String(decoding: bytes, as: UTF8.self) }
    let version = try toolchain.version()
    try? FileSystem.makeDirectory(directory, mode: 0o700)
    try? FileSystem.replace(file, with: Array(version.utf8))
    return version
  }

  /// Returns what a lesson's cells did, or nil where they never ran.
  package func record(for path: String) -> Record? {
    guard let bytes = try? FileSystem.read(file(for: path)) else { return nil }
    return try? JSONDecoder().decode(Record.self, from: Data(bytes))
  }

  /// Returns what each cell of a lesson displayed, as far as its code is still the same.
  package func displays(of path: String) -> [[Display]] {
    guard let record = record(for: path) else { return [] }
    return PageLesson(path: path, record: record).report.cells.map(\.outcome.displays)
  }

  /// Tells one text of a lesson from every other.
  static func digest(of bytes: [UInt8]) -> String {
    var digest = Digest()
    digest.add(bytes)
    return digest.hexadecimal()
  }

  private func file(for path: String) -> String {
    var digest = Digest()
    digest.add(FileSystem.canonical(path) ?? path)
    return "\(directory)/\(digest.hexadecimal()).json"
  }

  /// The formulas of a lesson that were set before.
  package func formulas(for path: String) -> FormulaBook {
    guard let bytes = try? FileSystem.read(formulaFile(for: path)) else { return FormulaBook() }
    return (try? JSONDecoder().decode(FormulaBook.self, from: Data(bytes))) ?? FormulaBook()
  }

  package func keep(_ formulas: FormulaBook, for path: String) {
    guard let bytes = try? JSONEncoder().encode(formulas) else { return }
    try? FileSystem.makeDirectory(directory, mode: 0o700)
    try? FileSystem.replace(formulaFile(for: path), with: Array(bytes))
  }

  /// Another KaTeX may set a formula otherwise.
  private func formulaFile(for path: String) -> String {
    var digest = Digest()
    digest.add(FileSystem.stamp("\(KaTeX.directory)/katex.js") ?? "")
    digest.add(FileSystem.canonical(path) ?? path)
    return "\(directory)/formulas-\(digest.hexadecimal()).json"
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
      func reports(_ outcomes: [CellOutcome], of lesson: Lesson) -> [CellReport] {
        lesson.cells.map { cell in
          let isKnown = cell.index < same && cell.index < outcomes.count
          return CellReport(
            cell: cell,
            outcome: isKnown
              ? outcomes[cell.index] : CellOutcome(.notRun("it changed since it was last run")))
        }
      }
      report.cells = reports(record?.outcomes ?? [], of: lesson)
      self.init(report: report, earlier: record?.stamp)
      guard let parameter = lesson.parameter, parameter.cell < same else { return }
      variants = (record?.variants ?? []).filter { parameter.values.contains($0.value) }.map {
        PageVariant(
          value: $0.value,
          cells: reports($0.outcomes, of: lesson.withParameter(parameter, at: $0.value)))
      }
    } catch {
      var report = LessonReport(
        path: path, slug: slug, title: slug, bytes: (try? LessonFile.read(path: path)) ?? [])
      report.errors = error.diagnostics
      self.init(report: report, earlier: record?.stamp)
    }
  }
}
