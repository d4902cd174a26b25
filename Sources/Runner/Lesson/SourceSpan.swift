/// A place in a Markdown file, as editors count: both numbers begin at 1, columns count bytes.
package struct SourcePosition: Sendable, Hashable, Codable, Comparable {
  package var line: Int
  package var column: Int

  package init(line: Int, column: Int = 1) {
    self.line = line
    self.column = column
  }

  package static func < (a: Self, b: Self) -> Bool {
    (a.line, a.column) < (b.line, b.column)
  }
}

/// A run of bytes in a Markdown file and the position of its first byte.
package struct SourceSpan: Sendable, Hashable {
  package var start: SourcePosition
  /// Offsets into the file as it is on disk, with its byte order mark and its line ends.
  package var bytes: Range<Int>

  package init(start: SourcePosition, bytes: Range<Int>) {
    self.start = start
    self.bytes = bytes
  }
}
