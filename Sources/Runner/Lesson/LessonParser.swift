/// Reads a Markdown file as a lesson.
package enum LessonParser {
  /// Returns the lesson that a file's bytes spell.
  ///
  /// - Throws: `LessonError` with everything that is wrong, in the order of the text.
  package static func parse(path: String, bytes: [UInt8]) throws(LessonError) -> Lesson {
    let source = SourceText(bytes)
    let violations = LessonLimits.violations(in: source)
    guard violations.isEmpty else { throw LessonError(path: path, diagnostics: violations) }
    let document: MarkdownExtensions
    do {
      document = try MarkdownExtensions(source)
    } catch {
      throw LessonError(path: path, diagnostics: [error.diagnostic])
    }
    var builder = LessonBuilder(source, document.diagnostics)
    let blocks = builder.read(document.blocks)
    builder.finish()
    guard builder.diagnostics.isEmpty else {
      throw LessonError(path: path, diagnostics: told(builder.diagnostics))
    }
    let slug = slug(of: path)
    return Lesson(
      path: path, slug: slug, title: builder.title ?? slug, bytes: bytes, document: blocks,
      footnotes: document.footnotes, cells: builder.cells)
  }

  /// Returns the errors in the order of the text; the first ones, where they are too many.
  private static func told(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    let sorted = diagnostics.enumerated().sorted {
      ($0.element.position, $0.offset) < ($1.element.position, $1.offset)
    }.map(\.element)
    guard sorted.count > LessonLimits.diagnostics else { return sorted }
    let first = sorted.prefix(LessonLimits.diagnostics)
    let end = first.last?.position ?? SourcePosition(line: 1)
    return first + [Diagnostic(.note, at: end, "there are more errors; these are the first ones")]
  }

  /// Returns a path's last component without `.md`.
  static func slug(of path: String) -> String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return name.hasSuffix(".md") && name.utf8.count > 3 ? String(name.dropLast(3)) : name
  }
}
