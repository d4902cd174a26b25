/// Code and output, line by line, as they are: never wrapped, only indented and coloured.
struct CodeText {
  let style: Style

  /// Returns the lines of Swift code.
  func swift(_ code: String) -> [String] {
    var lines: [[TextRun]] = [[]]
    for piece in SwiftClassifier.pieces(of: code) {
      let parts = piece.text.split(separator: "\n", omittingEmptySubsequences: false)
      for (index, part) in parts.enumerated() {
        if index > 0 { lines.append([]) }
        if !part.isEmpty {
          lines[lines.count - 1].append(TextRun(String(part), TextStyle(piece.kind)))
        }
      }
    }
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { style.line(Self.withoutTabs($0)) }
  }

  /// Returns the lines of another text.
  func plain(_ text: String, _ textStyle: TextStyle = .plain) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { line in
      style.line(Self.withoutTabs([TextRun(String(line), textStyle)]))
    }
  }

  /// A tab goes on to the next of the columns that lie four apart.
  private static func withoutTabs(_ runs: [TextRun]) -> [TextRun] {
    guard runs.contains(where: { $0.text.contains("\t") }) else { return runs }
    var column = 0
    return runs.map { run in
      var text = ""
      for character in run.text {
        let width = character == "\t" ? 4 - column % 4 : TerminalText.width(of: character)
        if character == "\t" {
          text += String(repeating: " ", count: width)
        } else {
          text.append(character)
        }
        column += width
      }
      return TextRun(text, run.style, link: run.link, isUnbroken: run.isUnbroken)
    }
  }
}
