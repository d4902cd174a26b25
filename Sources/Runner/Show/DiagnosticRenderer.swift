/// Turns diagnostics into the text that a terminal or an editor shows.
package enum DiagnosticRenderer {
  /// Returns every diagnostic of a lesson, a blank line between them.
  ///
  /// - Parameter bytes: The lesson's file, for the lines that are quoted; empty where it can't be read.
  package static func text(_ error: LessonError, bytes: [UInt8]) -> String {
    let source = SourceText(bytes)
    return error.diagnostics.map { text($0, path: error.path, source: source) }
      .joined(separator: "\n")
  }

  /// Returns a diagnostic with the line that it is about and a caret under the cause.
  package static func text(_ diagnostic: Diagnostic, path: String, source: SourceText) -> String {
    let position = diagnostic.position
    var result = "\(escapedLine(path)):\(position.line):\(position.column): "
    result += "\(diagnostic.severity.rawValue): \(TerminalText.escaped(diagnostic.message))\n"
    if position.line <= source.lineCount, !source.bytes.isEmpty {
      result += excerpt(diagnostic, source: source)
    }
    if let help = diagnostic.help { result += "help: \(TerminalText.escaped(help))\n" }
    return result
  }

  /// The most columns that stay before and after the caret of a long line.
  private static let columnsBefore = 60
  private static let columnsAfter = 80

  private static func excerpt(_ diagnostic: Diagnostic, source: SourceText) -> String {
    let line = source.line(diagnostic.position.line)
    let mark = diagnostic.position.line == 1 ? source.markLength : 0
    let begin = min(line.lowerBound + mark, line.upperBound)
    let caret = min(begin + diagnostic.position.column - 1, line.upperBound)
    let end = min(caret + max(diagnostic.length, 1), line.upperBound)
    // Bytes bound the work on a line of a megabyte; columns bound what is shown.
    var before = shown(source.bytes[max(begin, caret - 1000)..<caret], column: 0)
    let marked = shown(source.bytes[caret..<min(end, caret + 1000)], column: before.count)
    var after = shown(
      source.bytes[end..<min(line.upperBound, end + 1000)], column: before.count + marked.count)
    if before.count > columnsBefore || caret - begin > 1000 {
      before = ["…"] + before.suffix(columnsBefore - 1)
    }
    let room = max(columnsAfter - marked.count, 0)
    if after.count > room { after = after.prefix(room) + ["…"] }

    let number = String(diagnostic.position.line)
    let gutter = String(repeating: " ", count: number.utf8.count)
    let columns = before.reduce(0) { $0 + TerminalText.width(of: $1) }
    let length = max(marked.reduce(0) { $0 + TerminalText.width(of: $1) }, 1)
    let underline = "^" + String(repeating: "~", count: min(length, columnsAfter) - 1)
    let cut = marked.count > columnsAfter ? marked.prefix(columnsAfter - 1) + ["…"] : marked
    let quoted = String(before) + String(cut) + String(after)
    let label = diagnostic.label.map { " " + TerminalText.escaped($0) } ?? ""
    return "\(number) | \(quoted)\n"
      + "\(gutter) | \(String(repeating: " ", count: columns))\(underline)\(label)\n"
  }

  /// Returns a part of a line as a terminal shows it: controls visible, tabs as the blanks that they are.
  private static func shown(_ bytes: ArraySlice<UInt8>, column: Int) -> [Character] {
    var characters: [Character] = []
    for character in escapedLine(TerminalText.escaped(bytes)) {
      guard character == "\t" else {
        characters.append(character)
        continue
      }
      repeat { characters.append(" ") } while (column + characters.count) % 4 != 0
    }
    return characters
  }

  private static func escapedLine(_ text: String) -> String {
    TerminalText.escaped(
      text.split(separator: "\n", omittingEmptySubsequences: false)
        .joined(separator: "\\n"))
  }
}
