/// Words the list of a course's lessons.
package struct ListText {
  package var style: Style

  package init(style: Style) {
    self.style = style
  }

  package func text(of course: Course) -> String {
    let slugWidth = course.slugs.map(\.count).max() ?? 0
    return zip(course.slugs, course.paths).map { slug, path in
      let padding = String(repeating: " ", count: slugWidth - slug.count + 2)
      return style.bold(TerminalText.escaped(slug)) + padding + title(of: path) + "\n"
    }.joined()
  }

  private func title(of path: String) -> String {
    do {
      let lesson = try LessonParser.parse(path: path, bytes: LessonFile.read(path: path))
      let cells = RunText.count(lesson.cells.count, "cell")
      return TerminalText.escaped(lesson.title) + style.dim("  \(cells)")
    } catch {
      let place = error.diagnostics.first.map { ":\($0.position.line)" } ?? ""
      return style.red("has errors, see 'lessons verify': \(TerminalText.escaped(path))\(place)")
    }
  }
}
