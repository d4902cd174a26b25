/// A lesson as one Swift file: the code of the cells that run, the text as comments.
struct SwiftDownload {
  private let lesson: Lesson
  /// Columns of text behind the slashes of a comment.
  private static let width = 97

  init(_ lesson: Lesson) {
    self.lesson = lesson
  }

  var text: String {
    var text = "// From the lesson \(lesson.slug). "
    text += "Run it with: lessons run \(lesson.slug).swift\n"
    let parts = LessonText(style: Style(isColored: false), width: Self.width).parts(of: lesson)
    for part in parts {
      switch part {
      case .prose(let prose): text += "\n" + Self.comment(prose)
      case .cell(let index): text += "\n" + self.text(of: lesson.cells[index])
      }
    }
    return text
  }

  /// A cell that must fail, or that is one's own task, stands as a comment: the rest is to run.
  private func text(of cell: Cell) -> String {
    let options = cell.options
    let runs =
      options.ending == .success && !options.isNoRun && !options.isExercise && !options.isSolution
      && !options.isIsolated
    return "\(DownloadedLesson.cellMark)\(cell.id)\n"
      + (runs ? cell.source : Self.comment(cell.source))
  }

  private static func comment(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .map { $0.isEmpty ? "//\n" : "// \($0)\n" }.joined()
  }
}
