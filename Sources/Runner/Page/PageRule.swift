/// The wording of what a page can't be made of.
enum PageRule {
  static func duplicateLabel(_ id: String, at position: SourcePosition) -> Diagnostic {
    Diagnostic(
      at: position, "the name '\(id)' is already taken on this page", help: "choose another name")
  }

  static func missingTarget(_ name: String, near: String?, at position: SourcePosition)
    -> Diagnostic
  {
    Diagnostic(
      at: position,
      "the link '#\(name)' leads nowhere: no heading, cell, equation or figure has this name",
      label: near.map { "did you mean '#\($0)'?" },
      help: near.map { "write '#\($0)', or name its target so" } ?? "name its target so")
  }

  static func missingLesson(_ path: String, at position: SourcePosition) -> Diagnostic {
    Diagnostic(
      at: position, "the link '\(path)' leads to no lesson of this site",
      help: "correct the path, or write the whole address with https://")
  }

  static func refusedScheme(_ address: String, at position: SourcePosition) -> Diagnostic {
    Diagnostic(
      at: position, "the link '\(address)' is none of http:, https:, mailto: or a path",
      help: "link to a page, or write the address as code")
  }

  static func image(_ path: String, at position: SourcePosition) -> Diagnostic {
    Diagnostic(
      at: position, "the image '\(path)' is no file beside the lesson that a page can show",
      help: "put a .svg, .png, .jpg or .webp file there, or draw it in a cell with display(…)")
  }

  static func imageWithoutText(at position: SourcePosition) -> Diagnostic {
    Diagnostic(
      at: position, "the image has no description for those who can't see it",
      help: "write it between the brackets: ![what the image shows](…)")
  }

  static func badFormula(
    _ message: String, at position: SourcePosition, help: String
  ) -> Diagnostic {
    Diagnostic(at: position, "the formula can't be set: \(message)", help: help)
  }

  static func failingVariant(
    _ parameter: LessonParameter, value: String, cell: CellReport
  ) -> Diagnostic {
    Diagnostic(
      at: cell.cell.span.start,
      "with \(parameter.name) = \(value) the cell \(cell.cell.id) fails: \(cell.verdict.message)",
      help:
        "take the value out of 'values', or mend the cell; whole numbers may need a point, as in 2.0"
    )
  }

  static func openDetails(at position: SourcePosition) -> Diagnostic {
    Diagnostic(
      at: position, "nothing closes the <details> that begins here",
      help: "end it with a line </details>, after a blank line")
  }

  static func strayDetails(at position: SourcePosition) -> Diagnostic {
    Diagnostic(
      at: position, "this </details> closes nothing",
      help: "remove the line, or begin with <details>, <summary>…</summary> and a blank line")
  }
}
