/// What readers can search, as a classic script: `fetch` is closed to pages opened from files.
///
/// Each entry is a section: its page, its heading's id, its lesson, its title, its prose and its code. The
/// script that reads it looks for words, and in Chinese for pairs of characters.
struct SearchIndex {
  private struct Entry {
    var page: String
    var id: String
    var lesson: String
    var title: String
    var prose = ""
    var code = ""
  }

  private var entries: [Entry] = []
  /// The most that one section brings along; the bound of the whole file is a megabyte.
  private static let sectionLimit = 4_000

  init(_ plan: SitePlan, language: PageLanguage) {
    for lesson in plan.lessons(in: language) {
      guard let parsed = lesson.lesson else { continue }
      let outline = PageOutline(of: parsed, report: lesson.report, number: lesson.number)
      var entry = Entry(
        page: "\(lesson.slug).html", id: "", lesson: lesson.title, title: lesson.title)
      for block in parsed.document {
        if case .heading(_, let inlines) = block.kind {
          append(entry)
          entry.id = outline.headingID(at: block.span.bytes.lowerBound)
          entry.title = inlines.plainText
          (entry.prose, entry.code) = ("", "")
        } else {
          let text = PlainText(anchors: outline.anchors)
          entry.prose += text.prose(of: [block]) + " "
          entry.code += text.code(of: [block]) + " "
        }
      }
      append(entry)
    }
  }

  private mutating func append(_ entry: Entry) {
    var entry = entry
    entry.prose = Self.cut(entry.prose)
    entry.code = Self.cut(entry.code)
    guard !entry.prose.isEmpty || !entry.id.isEmpty else { return }
    entries.append(entry)
  }

  private static func cut(_ text: String) -> String {
    String(
      text.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(sectionLimit))
  }

  /// The script that sets the index.
  var script: String {
    let rows = entries.map { entry in
      "["
        + [entry.page, entry.id, entry.lesson, entry.title, entry.prose, entry.code]
        .map(Self.quoted).joined(separator: ",") + "]"
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
    character.unicodeScalars.first.map(isIdeograph) ?? false
  }

  /// True for those of one scalar.
  static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    return (0x3040...0x30FF).contains(value) || (0x3400...0x9FFF).contains(value)
      || (0x20000...0x3FFFD).contains(value)
  }
}

/// The words of blocks without their markup.
struct PlainText {
  /// What stands for `#` in the text of a link.
  let anchors: [String: PageOutline.Anchor]

  /// What a reader reads: formulas as text where one line can show them, no code.
  func prose(of blocks: [MarkdownBlock]) -> String {
    blocks.map { block in
      switch block.kind {
      case .heading(_, let inlines), .paragraph(let inlines): words(of: inlines)
      case .math(let formula): TeXText.line(formula.text) ?? ""
      case .quote(let children), .alert(_, let children): prose(of: children)
      case .table(let table):
        (table.header + table.rows.joined()).map { words(of: $0.inlines) }.joined(separator: " ")
      case .list(let list): list.items.map { prose(of: $0) }.joined(separator: " ")
      case .codeBlock, .html, .thematicBreak: ""
      }
    }.joined(separator: " ")
  }

  private func words(of inlines: [MarkdownInline]) -> String {
    inlines.map { inline in
      switch inline.kind {
      case .math(let tex): TeXText.line(tex) ?? tex
      case .link(let destination, _, let children):
        if let label = anchors[String(destination.dropFirst())]?.label, destination.hasPrefix("#") {
          words(of: children).replacing("#", with: label)
        } else {
          words(of: children)
        }
      case .emphasis(let children), .strong(let children), .image(_, _, let children):
        words(of: children)
      default: inline.plainText
      }
    }.joined()
  }

  func code(of blocks: [MarkdownBlock]) -> String {
    blocks.map { block in
      switch block.kind {
      case .codeBlock(let code): code.text
      case .quote(let children), .alert(_, let children): code(of: children)
      case .list(let list): list.items.map { code(of: $0) }.joined(separator: " ")
      case .heading, .paragraph, .math, .table, .html, .thematicBreak: ""
      }
    }.joined(separator: " ")
  }
}
