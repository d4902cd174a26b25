/// A pipe table.
package struct MarkdownTable: Sendable {
  package enum Alignment: String, Sendable {
    case left, center, right
  }

  package struct Cell: Sendable {
    package var inlines: [MarkdownInline]
    /// The text between the pipes, without the blanks around it.
    package var span: SourceSpan

    package init(_ inlines: [MarkdownInline], span: SourceSpan) {
      self.inlines = inlines
      self.span = span
    }
  }

  /// One a column; nil where the table doesn't say.
  package var alignments: [Alignment?]
  package var header: [Cell]
  /// Each as long as the header: missing cells are empty, surplus ones are gone.
  package var rows: [[Cell]]

  package init(alignments: [Alignment?], header: [Cell], rows: [[Cell]]) {
    self.alignments = alignments
    self.header = header
    self.rows = rows
  }
}

/// What the first line of a quote such as `> [!NOTE]` makes of it.
package enum MarkdownAlert: String, Sendable, CaseIterable {
  case note, tip, important, warning, caution
}

/// The text of a footnote, which stands apart from the document.
package struct MarkdownFootnote: Sendable {
  /// The label as its definition spells it.
  package var label: String
  /// The number that readers see, from 1, in the order of the first references.
  package var number: Int
  /// How often the text refers to it.
  package var references: Int
  package var blocks: [MarkdownBlock]
  /// From the bracket that opens the label to the end of the text.
  package var span: SourceSpan

  package init(
    label: String, number: Int, references: Int, blocks: [MarkdownBlock], span: SourceSpan
  ) {
    self.label = label
    self.number = number
    self.references = references
    self.blocks = blocks
    self.span = span
  }
}
