@testable import Runner

/// Shorthands for what checks are made of.
enum CheckSupport {
  /// Returns a lesson's cells; the text has to be a valid lesson.
  static func lesson(_ text: String) throws -> Lesson {
    try LessonParser.parse(path: "lesson.md", bytes: Array(text.utf8))
  }

  static func outcome(
    _ ending: CellOutcome.Ending = .completed, _ stdout: String = ""
  ) -> CellOutcome {
    var outcome = CellOutcome(ending)
    outcome.stdout = Array(stdout.utf8)
    return outcome
  }

  /// Returns the difference between the content of an output fence on lines 2 and following, and a text.
  static func difference(
    _ expected: String, _ actual: String, tolerance: NumberTolerance = NumberTolerance()
  ) -> OutputDifference? {
    difference(expected, Array(actual.utf8), tolerance: tolerance)
  }

  static func difference(
    _ expected: String, _ actual: [UInt8], tolerance: NumberTolerance = NumberTolerance()
  ) -> OutputDifference? {
    let span = SourceSpan(start: SourcePosition(line: 1), bytes: 0..<0)
    let text = ExpectedText(
      text: expected.isEmpty ? "" : expected + "\n", span: span, content: 0..<0, linePrefix: "",
      firstLine: 2)
    return OutputComparison.difference(text, actual, tolerance: tolerance)
  }
}
