/// The report as workflow commands, which GitHub shows as annotations on the changed lines.
package enum GitHubReport {
  package static func text(_ report: RunReport) -> String {
    var text = ""
    for lesson in report.lessons {
      for error in lesson.errors {
        text += annotation(
          lesson.path, error.position, title: CellStatus.lessonError.rawValue, error.message)
      }
      for cell in lesson.cells where cell.verdict.status != .pass {
        text += annotation(
          lesson.path, cell.verdict.position,
          title: "\(cell.cell.id): \(cell.verdict.status.rawValue)", cell.verdict.message)
      }
    }
    let failed = report.lessons.count { !$0.isPassing }
    return text + "\(report.lessons.count - failed) lessons passed, \(failed) failed\n"
  }

  private static func annotation(
    _ path: String, _ position: SourcePosition, title: String, _ message: String
  ) -> String {
    "::error file=\(property(path)),line=\(position.line),col=\(position.column),"
      + "title=\(property(title))::\(data(message))\n"
  }

  /// Escapes the text of a command: a line end in it would end the command.
  private static func data(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return TerminalText.escaped(result)
  }

  private static func property(_ text: String) -> String {
    var result = ""
    for scalar in data(text).unicodeScalars {
      switch scalar {
      case ":": result += "%3A"
      case ",": result += "%2C"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
