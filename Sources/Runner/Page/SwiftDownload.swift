/// A lesson as one Swift file: the code of the cells that run, the text as comments.
struct SwiftDownload {
  private let lesson: Lesson

  init(_ lesson: Lesson) {
    self.lesson = lesson
  }

  var text: String {
    var text = "// \(lesson.title)\n//\n// From the lesson \(lesson.slug). "
    text += "Run it with: lessons run \(lesson.slug).swift\n"
    for block in lesson.document { text += self.text(of: block) }
    return text
  }

  private func text(of block: MarkdownBlock) -> String {
    switch block.kind {
    case .heading(_, let inlines): return "\n// # \(inlines.plainText)\n"
    case .paragraph(let inlines):
      let lines = inlines.plainText.split(separator: "\n", omittingEmptySubsequences: false)
      return "\n" + lines.map { "// \($0)\n" }.joined()
    case .codeBlock(let code):
      guard case .cell(let index) = code.role else { return "" }
      return "\n" + self.text(of: lesson.cells[index])
    case .list(let list): return list.items.flatMap(\.self).map(text).joined()
    case .quote(let children), .alert(_, let children): return children.map(text).joined()
    case .math(let code):
      return "\n" + code.text.split(separator: "\n").map { "//     \($0)\n" }.joined()
    case .table, .html, .thematicBreak: return ""
    }
  }

  /// A cell that must fail, or that is one's own task, stands as a comment: the rest is to run.
  private func text(of cell: Cell) -> String {
    let options = cell.options
    let runs =
      options.ending == .success && !options.isNoRun && !options.isExercise && !options.isSolution
      && !options.isIsolated
    if runs { return "\(DownloadedLesson.cellMark)\(cell.id)\n\(cell.source)" }
    let lines = cell.source.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    return "\(DownloadedLesson.cellMark)\(cell.id)\n" + lines.map { "// \($0)\n" }.joined()
  }
}
