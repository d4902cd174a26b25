/// One runnable Swift fence of a lesson, with everything its author promises about it.
package struct Cell: Sendable {
  /// The `id=` of the fence, or `cell-N` with N counted over the lesson's cells from 1.
  package var id: String
  /// The position among the lesson's cells, from 0.
  package var index: Int
  package var options: CellOptions
  /// The code as CommonMark sees it: container prefixes and fence indentation are gone, lines end in
  /// `\n`.
  package var source: String
  /// The whole fence, from its first backtick to the end of its last line.
  package var span: SourceSpan
  /// Where each line of `source` begins in the Markdown file.
  ///
  /// Positions in code map through this table.
  package var lineStarts: [SourcePosition]
  /// The titles of the headings the cell stands under, outermost first.
  package var sections: [String]
  /// The output the author wrote under the cell.
  package var expectedOutput: ExpectedText?
  /// The text of the failure the author wrote under the cell.
  package var expectedDiagnostics: ExpectedText?
  /// The `// Prints "…"` comments in the cell, in order.
  package var printsClaims: [PrintsClaim]

  package init(
    id: String, index: Int, options: CellOptions, source: String, span: SourceSpan,
    lineStarts: [SourcePosition], sections: [String] = [], expectedOutput: ExpectedText? = nil,
    expectedDiagnostics: ExpectedText? = nil, printsClaims: [PrintsClaim] = []
  ) {
    self.id = id
    self.index = index
    self.options = options
    self.source = source
    self.span = span
    self.lineStarts = lineStarts
    self.sections = sections
    self.expectedOutput = expectedOutput
    self.expectedDiagnostics = expectedDiagnostics
    self.printsClaims = printsClaims
  }

  /// Returns where a position in the cell's code stands in the Markdown file.
  ///
  /// A line past the end, where the compiler reports a missing brace, maps to the last line.
  package func markdownPosition(line: Int, column: Int = 1) -> SourcePosition {
    guard let last = lineStarts.indices.last else { return span.start }
    let start = lineStarts[min(max(line - 1, 0), last)]
    return SourcePosition(line: start.line, column: start.column + max(column, 1) - 1)
  }

  /// Returns where a text first stands in the cell's code, in the Markdown file.
  package func position(of text: String) -> SourcePosition? {
    for (index, line) in source.split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      guard let found = line.firstRange(of: text) else { continue }
      let column = line.utf8.distance(from: line.startIndex, to: found.lowerBound) + 1
      return markdownPosition(line: index + 1, column: column)
    }
    return nil
  }
}

/// The text of an ` ```output ` or ` ```diagnostics ` fence.
package struct ExpectedText: Sendable {
  /// The promised text, lines ended by `\n`, container prefixes gone.
  package var text: String
  /// The whole fence, for positions.
  package var span: SourceSpan
  /// The bytes between the fence lines: what `--accept` rewrites.
  package var content: Range<Int>
  /// What stands before each content line in the file (quote marks, list indentation): `--accept`
  /// writes it before each new line.
  package var linePrefix: String
  /// The Markdown line of the first line of `text`.
  package var firstLine: Int
  /// Where each line of `text` begins in the Markdown file.
  package var lineStarts: [SourcePosition]
  /// The marks that open and close the fence.
  package var fence: CodeFence?

  package init(
    text: String, span: SourceSpan, content: Range<Int>, linePrefix: String, firstLine: Int,
    lineStarts: [SourcePosition] = [], fence: CodeFence? = nil
  ) {
    self.text = text
    self.span = span
    self.content = content
    self.linePrefix = linePrefix
    self.firstLine = firstLine
    self.lineStarts = lineStarts
    self.fence = fence
  }
}

/// One `// Prints "…"` comment: the promise that its lines occur among the printed ones.
package struct PrintsClaim: Sendable {
  /// The promised text between the quotes; several lines where the comment goes on.
  package var text: String
  /// The Markdown line of the comment.
  package var line: Int

  package init(text: String, line: Int) {
    self.text = text
    self.line = line
  }
}
