/// One thing wrong, as data: where, which rule with the offending value, and one way out.
///
/// `DiagnosticRenderer` alone turns it into text.
package struct Diagnostic: Sendable, Equatable, Codable {
  package enum Severity: String, Sendable, Codable {
    case error, warning, note
  }

  package var severity: Severity
  package var position: SourcePosition
  /// How many bytes the caret line underlines.
  package var length: Int
  /// The rule with the offending value, as a sentence without a full stop.
  package var message: String
  /// What stands under the caret, such as "did you mean 'hidden'?".
  package var label: String?
  /// One way out.
  package var help: String?

  package init(
    _ severity: Severity = .error, at position: SourcePosition, length: Int = 1, _ message: String,
    label: String? = nil, help: String? = nil
  ) {
    self.severity = severity
    self.position = position
    self.length = length
    self.message = message
    self.label = label
    self.help = help
  }
}

extension Diagnostic {
  /// Returns a text as a message quotes it, cut where it is longer than anyone reads.
  package static func excerpt(_ text: String) -> String {
    text.utf8.count <= 80 ? text : text.prefix(40) + "…"
  }
}

/// Everything wrong with one lesson's text; nothing of such a lesson runs.
package struct LessonError: Error, Sendable, Equatable {
  package var path: String
  package var diagnostics: [Diagnostic]

  package init(path: String, diagnostics: [Diagnostic]) {
    self.path = path
    self.diagnostics = diagnostics
  }
}
