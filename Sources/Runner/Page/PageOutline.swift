/// What a page can be linked to at, found before the page is written.
///
/// Headings get ids with `h-`, cells with `c-`, so that no heading can take a name that the page itself
/// uses. Equations and figures keep the names that their authors gave: `eq-…`, `fig-…`.
package struct PageOutline: Sendable {
  package struct Heading: Sendable {
    package var level: Int
    package var id: String
    package var text: String
    var inlines: [MarkdownInline]
  }

  /// Where a name leads, and what stands for `#` in a link's text.
  package struct Anchor: Sendable {
    package var id: String
    package var label: String
  }

  package private(set) var headings: [Heading] = []
  /// By the name that a lesson's links use.
  package private(set) var anchors: [String: Anchor] = [:]
  /// The numbers of equations and figures, by their place in the file or their id.
  private(set) var equationNumbers: [Int: String] = [:]
  private(set) var figureNumbers: [String: String] = [:]
  package private(set) var diagnostics: [Diagnostic] = []
  private var headingIDs: [Int: String] = [:]
  private var taken: Set<String> = []
  private let prefix: String

  /// The outline of a page without a lesson.
  init() { prefix = "" }

  /// - Parameter report: What the cells did; their figures are numbered in order.
  package init(of lesson: Lesson, report: LessonReport, number: String) {
    prefix = number.isEmpty ? "" : "\(number)."
    for cell in lesson.cells { add(cell.id, Anchor(id: "c-\(cell.id)", label: cell.id)) }
    visit(lesson.document, cells: report.cells)
    for footnote in lesson.footnotes { visit(footnote.blocks, cells: []) }
  }

  /// The id of the heading that begins at a byte of the file.
  func headingID(at offset: Int) -> String { headingIDs[offset] ?? "" }

  /// The id of a cell's figure: the cell's name, with a number from the second on.
  static func figureID(cell: String, index: Int) -> String {
    index == 0 ? "fig-\(cell)" : "fig-\(cell)-\(index + 1)"
  }

  private mutating func visit(_ blocks: [MarkdownBlock], cells: [CellReport]) {
    for block in blocks {
      switch block.kind {
      case .heading(let level, let inlines):
        addHeading(level: level, inlines, at: block.span.bytes.lowerBound)
      case .codeBlock(let code):
        if case .cell(let index) = code.role, index < cells.count {
          addFigures(of: cells[index])
        }
      case .math(let code): addEquation(EquationLabel(info: code.info), at: block.span)
      case .quote(let children), .alert(_, let children): visit(children, cells: cells)
      case .list(let list):
        for item in list.items { visit(item, cells: cells) }
      case .paragraph, .table, .html, .thematicBreak: break
      }
    }
  }

  private mutating func addHeading(level: Int, _ inlines: [MarkdownInline], at offset: Int) {
    let text = inlines.plainText
    let base = Self.slug(text)
    var id = "h-\(base)"
    var count = 1
    while taken.contains(id) {
      count += 1
      id = "h-\(base)-\(count)"
    }
    taken.insert(id)
    headingIDs[offset] = id
    headings.append(Heading(level: level, id: id, text: text, inlines: inlines))
    let name = String(id.dropFirst(2))
    if anchors[name] == nil { anchors[name] = Anchor(id: id, label: text) }
  }

  private mutating func addEquation(_ label: EquationLabel, at span: SourceSpan) {
    guard let id = label.id else { return }
    guard anchors[id] == nil else {
      diagnostics.append(PageRule.duplicateLabel(id, at: span.start))
      return
    }
    let number = "\(prefix)\(equationNumbers.count + 1)"
    equationNumbers[span.bytes.lowerBound] = number
    add(id, Anchor(id: id, label: number))
  }

  private mutating func addFigures(of report: CellReport) {
    for index in report.outcome.figures.indices {
      let id = Self.figureID(cell: report.cell.id, index: index)
      let number = "\(prefix)\(figureNumbers.count + 1)"
      figureNumbers[id] = number
      add(id, Anchor(id: id, label: number))
    }
  }

  private mutating func add(_ name: String, _ anchor: Anchor) {
    anchors[name] = anchor
    taken.insert(anchor.id)
  }

  /// Returns a heading's text as GitHub makes anchors of it: lower case, words joined by hyphens.
  static func slug(_ text: String) -> String {
    var slug = ""
    for character in text.lowercased() {
      if character.isLetter || character.isNumber || character == "_" {
        slug.append(character)
      } else if character == " " || character == "-" {
        slug.append("-")
      }
    }
    return slug.isEmpty ? "section" : slug
  }
}

/// The words of a ` ```math ` fence: `math` alone, or with the name that links use, `math eq-loss`.
struct EquationLabel {
  var id: String?

  init(info: String) {
    id = info.split(separator: " ").dropFirst().first.map(String.init)
  }
}
