/// A parsed lesson: its document tree and its cells, free of C pointers and of I/O.
package struct Lesson: Sendable {
  /// The path as the user gave it, for messages.
  package var path: String
  /// The file name without `.md`.
  package var slug: String
  /// The first heading's text, or the slug where there is none.
  package var title: String
  /// The file as read, byte for byte.
  package var bytes: [UInt8]
  /// The whole text as a tree; a code block that is a cell, or a cell's expectation, says so.
  package var document: [MarkdownBlock]
  /// The footnotes that the text refers to, in the order of their numbers.
  package var footnotes: [MarkdownFootnote]
  package var cells: [Cell]

  package init(
    path: String, slug: String, title: String, bytes: [UInt8], document: [MarkdownBlock],
    footnotes: [MarkdownFootnote] = [], cells: [Cell]
  ) {
    self.path = path
    self.slug = slug
    self.title = title
    self.bytes = bytes
    self.document = document
    self.footnotes = footnotes
    self.cells = cells
  }
}
