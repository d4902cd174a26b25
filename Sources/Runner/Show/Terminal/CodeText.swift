/// Code and output, line by line: indented, coloured, and folded where they are wider than the terminal.
struct CodeText {
  let style: Style
  /// Columns for a line; nil leaves every line whole, so that what is copied is what was written.
  var width: Int?

  /// Stands at the end of a line that goes on below.
  private static let goesOn = "↩"

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
    return lines.flatMap(shown)
  }

  /// Returns the lines of another text.
  func plain(_ text: String, _ textStyle: TextStyle = .plain) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.flatMap { shown([TextRun(String($0), textStyle)]) }
  }

  /// Returns a line in pieces that keep to the width, each but the last with a mark at its end.
  ///
  /// A piece ends after the last blank that leaves it at least half full, or where the room ends. What
  /// goes on stands under the line's first letter.
  private func shown(_ runs: [TextRun]) -> [String] {
    let runs = Self.withoutTabs(runs)
    guard let width, width > 2, runs.width > width else { return [style.line(runs)] }
    var characters = runs.flatMap { run in run.text.map { ($0, run.style) } }[...]
    let indentation = min(characters.prefix { $0.0 == " " }.count, width / 3)
    let margin = [TextRun(String(repeating: " ", count: indentation))]
    var lines: [String] = []
    while !characters.isEmpty {
      let room = lines.isEmpty ? width : width - indentation
      let end = Self.end(of: characters, width: room)
      let piece = characters[..<end].map { TextRun(String($0), $1) }
      characters = characters[end...]
      let mark = characters.isEmpty ? [] : [TextRun(Self.goesOn, .dim)]
      lines.append(style.line((lines.isEmpty ? [] : margin) + Self.joined(piece) + mark))
    }
    return lines
  }

  /// Returns where a piece of a line ends: at its own end, or where room is left for the mark.
  private static func end(of characters: ArraySlice<(Character, TextStyle)>, width: Int) -> Int {
    var used = 0
    var lastBlank: Int?
    var limit = characters.startIndex
    for index in characters.indices {
      let (character, _) = characters[index]
      used += TerminalText.width(of: character)
      if used <= width - 1 {
        limit = index + 1
        if character == " ", used > width / 2 { lastBlank = index + 1 }
      }
      if used > width { return lastBlank ?? max(limit, characters.startIndex + 1) }
    }
    return characters.endIndex
  }

  /// Joins neighbours of one style into one run.
  private static func joined(_ runs: [TextRun]) -> [TextRun] {
    runs.reduce(into: []) { joined, run in
      if let last = joined.last, last.style == run.style {
        joined[joined.count - 1] = TextRun(last.text + run.text, run.style)
      } else {
        joined.append(run)
      }
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
