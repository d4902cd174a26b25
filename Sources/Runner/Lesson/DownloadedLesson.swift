internal import FoundationEssentials

/// Reads the downloads of a page, Swift files and notebooks, as the lessons that they came from.
///
/// Both are turned into Markdown, so that every verb treats them like any other lesson.
enum DownloadedLesson {
  /// Returns a file's bytes as Markdown; those of other files as they are.
  static func markdown(path: String, bytes: [UInt8]) throws(LessonError) -> [UInt8] {
    if path.hasSuffix(".swift") { return Array(swift(String(decoding: bytes, as: UTF8.self)).utf8) }
    guard path.hasSuffix(".ipynb") else { return bytes }
    guard let notebook = try? JSONDecoder().decode(Notebook.self, from: Data(bytes)) else {
      let problem = Diagnostic(
        at: SourcePosition(line: 1), "the file is no notebook of version 4",
        help: "download it again, or write a Markdown lesson")
      throw LessonError(path: path, diagnostics: [problem])
    }
    return Array(notebook.markdown.utf8)
  }

  /// The line that begins a cell in a Swift file.
  static let cellMark = "// MARK: "

  private static func swift(_ text: String) -> String {
    var cells: [String] = [""]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix(cellMark) { cells.append("") }
      cells[cells.count - 1] += line + "\n"
    }
    return cells.filter { $0.contains { !$0.isWhitespace } }.map { fence("swift", $0) }
      .joined(separator: "\n")
  }

  /// Returns a fence that nothing in its text can close.
  private static func fence(_ info: String, _ text: String) -> String {
    var (longest, run) = (2, 0)
    for byte in text.utf8 {
      run = byte == Ascii.backtick ? run + 1 : 0
      longest = max(longest, run)
    }
    let marks = String(repeating: "`", count: longest + 1)
    return "\(marks)\(info)\n\(text)\(text.hasSuffix("\n") ? "" : "\n")\(marks)\n"
  }

  private struct Notebook: Decodable {
    var cells: [NotebookCell]

    var markdown: String { cells.map(\.markdown).joined(separator: "\n") }
  }

  private struct NotebookCell: Decodable {
    var cell_type: String
    var source: Text
    var metadata: Metadata?

    /// What the page noted about a cell: the words of its fence, and what it promises.
    struct Metadata: Decodable {
      var lessons: String?
      var output: String?
      var diagnostics: String?
    }

    var markdown: String {
      guard cell_type == "code" else { return source.text + "\n" }
      var text = DownloadedLesson.fence(metadata?.lessons ?? "swift", source.text)
      if let output = metadata?.output { text += "\n" + DownloadedLesson.fence("output", output) }
      if let diagnostics = metadata?.diagnostics {
        text += "\n" + DownloadedLesson.fence("diagnostics", diagnostics)
      }
      return text
    }
  }

  /// Notebooks keep a text whole or in lines.
  private struct Text: Decodable {
    var text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let whole = try? container.decode(String.self) {
        text = whole
      } else {
        text = try container.decode([String].self).joined()
      }
    }
  }
}
