/// The report in the XML that JUnit made common: a suite a lesson, a case a cell.
package enum JUnitReport {
  package static func text(_ report: RunReport) -> String {
    var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    let failures = report.lessons.reduce(0) { $0 + failureCount($1) }
    let tests = report.lessons.reduce(0) { $0 + caseCount($1) }
    text +=
      "<testsuites name=\"lessons\" tests=\"\(tests)\" failures=\"\(failures)\" errors=\"0\" "
      + "time=\"\(seconds(report.duration))\">\n"
    for lesson in report.lessons { text += suite(lesson) }
    return text + "</testsuites>\n"
  }

  private static func suite(_ lesson: LessonReport) -> String {
    var text =
      "  <testsuite name=\"\(escaped(lesson.slug))\" tests=\"\(caseCount(lesson))\" "
      + "failures=\"\(failureCount(lesson))\" errors=\"0\" skipped=\"\(skipCount(lesson))\" "
      + "time=\"\(seconds(lesson.duration))\">\n"
    for error in lesson.errors {
      text += "    <testcase classname=\"\(escaped(lesson.slug))\" name=\"lesson\" "
      text += "file=\"\(escaped(lesson.path))\" line=\"\(error.position.line)\">\n"
      text += failure(.lessonError, error.message, at: "\(lesson.path):\(error.position.line)")
      text += "    </testcase>\n"
    }
    for cell in lesson.cells { text += testCase(cell, of: lesson) }
    return text + "  </testsuite>\n"
  }

  private static func testCase(_ report: CellReport, of lesson: LessonReport) -> String {
    let verdict = report.verdict
    var text =
      "    <testcase classname=\"\(escaped(lesson.slug))\" name=\"\(escaped(report.cell.id))\" "
      + "file=\"\(escaped(lesson.path))\" line=\"\(report.cell.span.start.line)\" "
      + "time=\"\(seconds(report.outcome.duration))\">\n"
    switch verdict.status {
    case .pass: break
    case .notRun: text += "      <skipped message=\"\(escaped(verdict.message))\"/>\n"
    default:
      text += failure(
        verdict.status, verdict.message, at: "\(lesson.path):\(verdict.position.line)")
    }
    if !report.outcome.stdout.isEmpty {
      let output = String(decoding: report.outcome.stdout, as: UTF8.self)
      text += "      <system-out>\(escaped(output))</system-out>\n"
    }
    return text + "    </testcase>\n"
  }

  private static func failure(_ status: CellStatus, _ message: String, at place: String) -> String {
    "      <failure type=\"\(status.rawValue)\" message=\"\(escaped(message))\">"
      + "\(escaped(place)): \(escaped(message))</failure>\n"
  }

  private static func caseCount(_ lesson: LessonReport) -> Int {
    lesson.errors.count + lesson.cells.count
  }

  private static func failureCount(_ lesson: LessonReport) -> Int {
    lesson.errors.count + lesson.cells.count { ![.pass, .notRun].contains($0.verdict.status) }
  }

  private static func skipCount(_ lesson: LessonReport) -> Int {
    lesson.cells.count { $0.verdict.status == .notRun }
  }

  private static func seconds(_ duration: Duration) -> String {
    let milliseconds = Int(duration.milliseconds.rounded())
    let rest = String(milliseconds % 1000)
    return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - rest.utf8.count) + rest
  }

  /// XML text: markup escaped; characters that XML 1.0 has no place for become U+FFFD.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\n": result += "&#10;"
      case "\t": result += "&#9;"
      case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
      case _ where TerminalText.acts(scalar):
        result += "&#x\(String(scalar.value, radix: 16));"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
