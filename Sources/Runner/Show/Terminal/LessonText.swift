package import LessonKit

/// A lesson as text for a terminal: to be read as a whole, or between the cells of a run.
package struct LessonText: Sendable {
  package var style: Style
  /// Columns of the terminal; prose stays narrower where lines would get too long to read.
  package var width: Int
  /// Whether the terminal opens links itself, so that no address stands beside them.
  package var isLinking = false
  /// Whether folded parts, such as solutions, are shown.
  package var unfolds = false
  /// Whether lines of code and output that are wider than the terminal go on below, after a mark.
  package var foldsCode = false
  /// What each cell displayed when it last ran, as far as that is known.
  package var displays: [[Display]] = []

  package init(style: Style, width: Int, isLinking: Bool = false, unfolds: Bool = false) {
    self.style = style
    self.width = max(width, Self.leastWidth)
    self.isLinking = isLinking
    self.unfolds = unfolds
  }

  private static let leastWidth = 20
  private static let longestLine = 80

  /// A part of a lesson that runs: text, or the place of the cell with an index.
  package enum Part: Sendable, Equatable {
    case prose(String)
    case cell(Int)
  }

  /// Returns the whole lesson, with the outputs that it promises.
  package func text(of lesson: Lesson) -> String {
    let blocks = BlockText(self, lesson, isRunning: false)
    let lines = blocks.document().map { line in
      if case .text(let text) = line { text } else { "" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Returns what stands between the cells, without outputs: the cells are going to print theirs.
  package func parts(of lesson: Lesson) -> [Part] {
    var unfolded = self
    unfolded.unfolds = true
    var parts: [Part] = []
    var prose: [String] = []
    func flush() {
      while prose.first?.isEmpty == true { prose.removeFirst() }
      while prose.last?.isEmpty == true { prose.removeLast() }
      if !prose.isEmpty { parts.append(.prose(prose.joined(separator: "\n") + "\n")) }
      prose = []
    }
    for line in BlockText(unfolded, lesson, isRunning: true).document() {
      switch line {
      case .text(let text): prose.append(text)
      case .cell(let index):
        flush()
        parts.append(.cell(index))
      }
    }
    flush()
    return parts
  }

  var measure: Int { min(width, Self.longestLine) }
}

/// A line of a lesson's text.
enum LessonLine: Equatable {
  case text(String)
  /// Where a cell stands that is going to run.
  case cell(Int)

  func prefixed(_ prefix: String) -> LessonLine {
    guard case .text(let text) = self else { return self }
    let trimmed = String(prefix.reversed().drop { $0 == " " }.reversed())
    return .text(text.isEmpty ? trimmed : prefix + text)
  }
}
