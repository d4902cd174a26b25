internal import LessonKit

/// The numbers of a lesson's named equations and of its figures, as on its page.
struct LessonNumbers {
  /// By where the equation begins in the file.
  private(set) var equations: [Int: String] = [:]
  /// What stands for `#` in a link, by the name that the link uses.
  ///
  /// A figure that nobody has seen drawn has the name of its cell.
  private(set) var labels: [String: String] = [:]
  private let prefix: String
  private let lesson: Lesson
  private let displays: [[Display]]
  private var figureCount = 0

  /// - Parameter displays: What each cell displayed, as far as that is known.
  init(of lesson: Lesson, displays: [[Display]]) {
    let digits = lesson.slug.prefix { $0.isASCII && $0.isNumber }
    prefix = Int(digits).map { "\($0)." } ?? ""
    (self.lesson, self.displays) = (lesson, displays)
    for cell in lesson.cells {
      labels[cell.id] = cell.id
      labels[PageOutline.figureID(cell: cell.id, index: 0)] = cell.id
    }
    visit(lesson.document)
  }

  /// Returns the number of a cell's figure, which is known where the cell displayed it.
  func figure(cell: String, index: Int) -> String {
    labels[PageOutline.figureID(cell: cell, index: index)] ?? ""
  }

  private mutating func visit(_ blocks: [MarkdownBlock]) {
    for block in blocks {
      switch block.kind {
      case .math(let code):
        guard let id = EquationLabel(info: code.info).id, labels[id] == nil else { continue }
        let number = "\(prefix)\(equations.count + 1)"
        equations[block.span.bytes.lowerBound] = number
        labels[id] = number
      case .codeBlock(let code):
        if case .cell(let index) = code.role { visit(cell: index) }
      case .quote(let children), .alert(_, let children): visit(children)
      case .list(let list): for item in list.items { visit(item) }
      default: break
      }
    }
  }

  private mutating func visit(cell index: Int) {
    guard displays.indices.contains(index) else { return }
    var count = 0
    for case .figure in displays[index] {
      figureCount += 1
      labels[PageOutline.figureID(cell: lesson.cells[index].id, index: count)] =
        "\(prefix)\(figureCount)"
      count += 1
    }
  }
}
