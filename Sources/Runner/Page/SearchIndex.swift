/// What readers can search, as a classic script: `fetch` is closed to pages opened from files.
///
/// Each entry is a section: its page, its heading's id, its title and its text. The script that reads it
/// looks for words, and in Chinese for pairs of characters.
struct SearchIndex {
  private struct Entry {
    var page: String
    var id: String
    var lesson: String
    var title: String
    var text: String
  }

  private var entries: [Entry] = []
  /// The most that one section brings along; the bound of the whole file is a megabyte.
  private static let sectionLimit = 4_000

  init(_ plan: SitePlan, language: PageLanguage) {
    for lesson in plan.lessons(in: language) {
      guard let parsed = lesson.lesson else { continue }
      let outline = PageOutline(of: parsed, report: lesson.report, number: lesson.number)
      var entry = Entry(
        page: "\(lesson.slug).html", id: "", lesson: lesson.title, title: lesson.title, text: "")
      for block in parsed.document {
        if case .heading(_, let inlines) = block.kind {
          append(entry)
          entry.id = outline.headingID(at: block.span.bytes.lowerBound)
          entry.title = inlines.plainText
          entry.text = ""
        } else {
          entry.text += PlainText.text(of: [block]) + " "
        }
      }
      append(entry)
    }
  }

  private mutating func append(_ entry: Entry) {
    let words = entry.text.split(whereSeparator: \.isWhitespace)
    guard !words.isEmpty || !entry.id.isEmpty else { return }
    var entry = entry
    entry.text = String(words.joined(separator: " ").prefix(Self.sectionLimit))
    entries.append(entry)
  }

  /// The script that sets the index.
  var script: String {
    let rows = entries.map { entry in
      "["
        + [entry.page, entry.id, entry.lesson, entry.title, entry.text].map(Self.quoted)
        .joined(separator: ",") + "]"
    }
    return "window.lessonsIndex = [\n\(rows.joined(separator: ",\n"))\n];\n"
  }

  /// Returns a text as a JavaScript string.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\u{0}"..."\u{1F}", "\u{2028}", "\u{2029}", "<":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// True for the characters of Chinese and Japanese text, which stand without blanks.
  static func isIdeograph(_ character: Character) -> Bool {
    guard let value = character.unicodeScalars.first?.value else { return false }
    return (0x3040...0x30FF).contains(value) || (0x3400...0x9FFF).contains(value)
      || (0x20000...0x3FFFD).contains(value)
  }
}

/// The words of blocks without their markup.
enum PlainText {
  static func text(of blocks: [MarkdownBlock]) -> String {
    blocks.map { block in
      switch block.kind {
      case .heading(_, let inlines), .paragraph(let inlines): inlines.plainText
      case .codeBlock(let code), .math(let code): code.text
      case .quote(let children), .alert(_, let children): text(of: children)
      case .table(let table):
        (table.header + table.rows.joined()).map(\.inlines.plainText).joined(separator: " ")
      case .list(let list): list.items.map { text(of: $0) }.joined(separator: " ")
      case .html, .thematicBreak: ""
      }
    }.joined(separator: " ")
  }
}
