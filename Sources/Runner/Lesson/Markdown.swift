/// A block of a Markdown document and where it stands.
package struct MarkdownBlock: Sendable {
  package enum Kind: Sendable {
    case heading(level: Int, [MarkdownInline])
    case paragraph([MarkdownInline])
    case codeBlock(CodeBlock)
    /// A formula of its own: the text is TeX, the first word of the info string is `math`.
    case math(CodeBlock)
    case quote([MarkdownBlock])
    /// A quote that says what its text is to the reader.
    case alert(MarkdownAlert, [MarkdownBlock])
    case table(MarkdownTable)
    case list(MarkdownList)
    /// Raw HTML as written; front ends show it as text or interpret the few tags the format names.
    case html(String)
    case thematicBreak
  }

  package var kind: Kind
  package var span: SourceSpan

  package init(_ kind: Kind, span: SourceSpan) {
    self.kind = kind
    self.span = span
  }
}

/// A fenced or indented code block and the part it plays in the lesson.
package struct CodeBlock: Sendable {
  package enum Role: Sendable, Equatable {
    /// Shown, never run.
    case plain
    /// The cell with this index.
    case cell(Int)
    /// What the cell with this index is expected to print.
    case output(Int)
    /// How the cell with this index is expected to fail.
    case diagnostics(Int)
  }

  /// The words after the opening fence, as written; empty for indented code.
  package var info: String
  /// The code, container prefixes gone, lines ended by `\n`.
  package var text: String
  package var role: Role
  /// The fence's own marks, or nil for indented code.
  package var fence: CodeFence?
  /// Where in the file each line of `text` stands, without its prefix and its line end.
  package var lines: [Range<Int>]

  package init(
    info: String, text: String, role: Role = .plain, fence: CodeFence? = nil,
    lines: [Range<Int>] = []
  ) {
    self.info = info
    self.text = text
    self.role = role
    self.fence = fence
    self.lines = lines
  }
}

/// The lines that open and close a fenced code block.
package struct CodeFence: Sendable, Equatable {
  /// A backtick or a tilde.
  package var mark: UInt8
  /// How many marks open the block.
  package var length: Int
  /// Where the info string stands, without the blanks around it.
  package var info: Range<Int>
  /// The bytes between the fence lines, from the start of a line to the start of a line.
  package var content: Range<Int>
  /// What stands before the closing fence; nil when nothing closes the block.
  package var closingPrefix: Range<Int>?

  package var isClosed: Bool { closingPrefix != nil }
}

/// A bullet or numbered list.
package struct MarkdownList: Sendable {
  /// The number of the first item, or nil for a bullet list.
  package var start: Int?
  package var isTight: Bool
  package var items: [[MarkdownBlock]]

  package init(start: Int?, isTight: Bool, items: [[MarkdownBlock]]) {
    self.start = start
    self.isTight = isTight
    self.items = items
  }
}

/// A piece of running text and where it stands.
package struct MarkdownInline: Sendable, Equatable {
  package indirect enum Kind: Sendable, Equatable {
    case text(String)
    case code(String)
    /// A formula in the text, as TeX.
    case math(String)
    case footnote(FootnoteReference)
    case emphasis([MarkdownInline])
    case strong([MarkdownInline])
    case link(destination: String, title: String, [MarkdownInline])
    case image(source: String, title: String, alternative: [MarkdownInline])
    case html(String)
    case softBreak
    case lineBreak
  }

  package var kind: Kind
  /// All of it, marks included: a code span from its first backtick to its last.
  package var span: SourceSpan

  package init(_ kind: Kind, span: SourceSpan) {
    self.kind = kind
    self.span = span
  }

  /// The text a reader hears: markup gone, breaks as spaces.
  package var plainText: String {
    switch kind {
    case .text(let text), .code(let text), .math(let text): text
    case .emphasis(let children), .strong(let children), .link(_, _, let children),
      .image(_, _, let children):
      children.plainText
    case .html, .footnote: ""
    case .softBreak, .lineBreak: " "
    }
  }
}

/// A place in the text that a footnote belongs to.
package struct FootnoteReference: Sendable, Equatable {
  /// The label as written here.
  package var label: String
  /// The number of the footnote, from 1.
  package var number: Int
  /// Which reference to this footnote it is, from 1.
  package var occurrence: Int

  package init(label: String, number: Int, occurrence: Int) {
    self.label = label
    self.number = number
    self.occurrence = occurrence
  }
}

extension [MarkdownInline] {
  /// The text a reader hears: markup gone, breaks as spaces.
  package var plainText: String { map(\.plainText).joined() }
}
