internal import FoundationEssentials

/// The JSON report, version 1; `docs/reports.md` describes every field.
package enum JSONReport {
  package static let version = 1

  /// Returns the report as one line of JSON, ended by a newline.
  package static func text(_ report: RunReport) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(Document(report)), as: UTF8.self)
    return Self.harmless(text) + "\n"
  }

  /// Escapes what JSON allows as it is but terminals act on.
  ///
  /// Such characters stand in strings alone.
  private static func harmless(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: TerminalText.acts) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      guard TerminalText.acts(scalar) else {
        result.unicodeScalars.append(scalar)
        continue
      }
      for unit in String(scalar).utf16 {
        let digits = String(unit, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      }
    }
    return result
  }

  private struct Document: Encodable {
    var version = JSONReport.version
    var toolchain: String
    var status: String
    var seconds: Double
    var isolation: [String]
    var missingIsolation: [String]
    var lessons: [LessonItem]

    init(_ report: RunReport) {
      toolchain = report.toolchain
      status = report.isPassing ? "pass" : "fail"
      seconds = report.duration.seconds
      isolation = report.isolation.layers
      missingIsolation = report.isolation.missing
      lessons = report.lessons.map(LessonItem.init)
    }
  }

  private struct LessonItem: Encodable {
    var path: String
    var slug: String
    var title: String
    var status: CellStatus
    var line: Int
    var message: String
    var seconds: Double
    var diagnostics: [DiagnosticItem]
    var cells: [CellItem]

    init(_ lesson: LessonReport) {
      path = lesson.path
      slug = lesson.slug
      title = lesson.title
      status = lesson.status
      line = lesson.line
      message = lesson.message
      seconds = lesson.duration.seconds
      diagnostics = lesson.errors.map(DiagnosticItem.init)
      cells = lesson.cells.map(CellItem.init)
    }
  }

  private struct CellItem: Encodable {
    var id: String
    var line: Int
    var status: CellStatus
    var stdout: String
    var stderr: String
    var message: String
    var diagnostics: [DiagnosticItem]
    var difference: DifferenceItem?
    var seconds: Double
    var compileSeconds: Double
    var cached: Bool

    init(_ report: CellReport) {
      id = report.cell.id
      line = report.verdict.position.line
      status = report.verdict.status
      stdout = String(decoding: report.outcome.stdout, as: UTF8.self)
      stderr = String(decoding: report.outcome.stderr, as: UTF8.self)
      message = report.verdict.message
      diagnostics = report.outcome.diagnostics.map(DiagnosticItem.init)
      difference = report.verdict.difference.map(DifferenceItem.init)
      seconds = report.outcome.duration.seconds
      compileSeconds = report.outcome.compileDuration.seconds
      cached = report.outcome.isCached
    }
  }

  private struct DiagnosticItem: Encodable {
    var line: Int
    var column: Int
    var severity: Diagnostic.Severity
    var message: String
    var help: String?

    init(_ diagnostic: Diagnostic) {
      line = diagnostic.position.line
      column = diagnostic.position.column
      severity = diagnostic.severity
      message = diagnostic.message
      help = diagnostic.help
    }
  }

  private struct DifferenceItem: Encodable {
    var kind: String
    var line: Int
    var expected: String?
    var actual: String?

    init(_ difference: OutputDifference) {
      kind = difference.kind.rawValue
      line = difference.position.line
      expected = difference.expected
      actual = difference.actual
    }
  }
}
