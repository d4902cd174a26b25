/// The wording of what a lesson's fences must not do.
enum LessonRule {
  static func lookAlike(_ name: String, of word: FenceWord, at span: SourceSpan) -> Diagnostic {
    let effect =
      word == .swift
      ? "a cell, so that it would never run" : "an expectation, so that nothing would check it"
    let help =
      name.lowercased() == word.rawValue || name.unicodeScalars.allSatisfy(\.isASCII)
      ? "write '\(word.rawValue)', or another language's name"
      : "type '\(word.rawValue)' anew: some of its characters only look like these letters"
    return Diagnostic(
      at: span.start, length: span.bytes.count,
      "'\(Diagnostic.excerpt(name))' is not '\(word.rawValue)' and doesn't make the fence \(effect)",
      label: "did you mean '\(word.rawValue)'?", help: help)
  }

  static func unclosed(_ word: FenceWord, _ fence: CodeFence, at span: SourceSpan) -> Diagnostic {
    let marks = String(repeating: fence.mark == Ascii.tilde ? "~" : "`", count: fence.length)
    return Diagnostic(
      at: span.start, length: fence.length,
      "nothing closes the '\(word.rawValue)' fence that begins here",
      help: "end it with a line of '\(marks)', indented and quoted like the first one")
  }

  static func extraWord(_ word: String, _ fence: FenceWord, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      at: span.start, length: span.bytes.count,
      "the fence word '\(fence.rawValue)' takes no further words, got '\(Diagnostic.excerpt(word))'",
      help: "remove '\(Diagnostic.excerpt(word))', or write it on the cell's fence")
  }

  static func orphan(_ word: FenceWord, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      at: span.start, length: span.bytes.count,
      "this '\(word.rawValue)' fence belongs to no cell",
      help: "move it directly under a 'swift' fence, with only blank lines between, "
        + "or give it another word, such as 'text'")
  }

  static func second(_ word: FenceWord, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      at: span.start, length: span.bytes.count,
      "the cell above already has \(word == .output ? "an 'output'" : "a 'diagnostics'") fence",
      help: "join the two, or give this one another word, such as 'text'")
  }

  static func outputWithoutRun(_ option: String, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      at: span.start, length: span.bytes.count,
      "an 'output' fence under a cell marked '\(option)', which prints nothing",
      help: "remove the fence, or the word '\(option)'")
  }

  static func diagnosticsWithoutFailure(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      at: span.start, length: span.bytes.count,
      "a 'diagnostics' fence under a cell that doesn't promise to fail",
      help:
        "write 'compile-fail', 'throws' or 'traps' after the cell's 'swift', or remove the fence")
  }

  static func duplicate(_ id: String, first: SourcePosition, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      at: span.start, length: span.bytes.count,
      "cell id '\(id)' is already that of the cell on line \(first.line)",
      help: "choose another word")
  }

  static func sourceLocation(at position: SourcePosition) -> Diagnostic {
    Diagnostic(
      at: position, length: "#sourceLocation".utf8.count,
      "'#sourceLocation' would make errors point at wrong lines", help: "remove the line")
  }

  static func unclosedClaim(at position: SourcePosition) -> Diagnostic {
    Diagnostic(
      at: position, "the quote that this '// Prints' comment opens is never closed",
      help: "end the text with '\"', on this line or in '//' lines directly below")
  }

  static func exerciseWithoutCheck(at position: SourcePosition) -> Diagnostic {
    Diagnostic(
      at: position, "the exercise has no check that its starter could fail",
      help: "put an 'output' fence with the right answer under it")
  }

  static func exerciseWithoutSolution(at position: SourcePosition) -> Diagnostic {
    Diagnostic(
      at: position, "no solution follows the exercise",
      help: "add a cell marked 'solution' below it, for instance inside <details>")
  }

  static func solutionWithoutExercise(at position: SourcePosition) -> Diagnostic {
    Diagnostic(
      at: position, "the solution follows no exercise",
      help: "mark the starter above it 'exercise', or remove the word 'solution'")
  }

  static func tooLargeTable(at position: SourcePosition) -> Diagnostic {
    Diagnostic(
      at: position, "the table has more than \(LessonLimits.tableCells) cells",
      help: "split it into several tables")
  }

  static func undefinedFootnote(_ label: String, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      at: span.start, length: span.bytes.count,
      "footnote '\(Diagnostic.excerpt(label))' has no definition",
      help:
        "add a line such as '[^\(Diagnostic.excerpt(label))]: text', or write '\\[' for a plain bracket"
    )
  }

  static func unusedFootnote(_ label: String, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      at: span.start, length: span.bytes.count,
      "nothing refers to the footnote '\(Diagnostic.excerpt(label))', so that nobody would read it",
      help: "write '[^\(Diagnostic.excerpt(label))]' where it belongs, or remove it")
  }

  static func duplicateFootnote(
    _ label: String, first: SourcePosition, at span: SourceSpan
  ) -> Diagnostic {
    Diagnostic(
      at: span.start, length: span.bytes.count,
      "footnote '\(Diagnostic.excerpt(label))' is already defined on line \(first.line)",
      help: "choose another label")
  }

  static func fenceInFootnote(_ word: String, at position: SourcePosition) -> Diagnostic {
    Diagnostic(
      at: position, "a '\(word)' fence in a footnote, where no cell runs",
      help: "move it into the text, or give it another word, such as 'text'")
  }

  static func secondParameter(first: SourcePosition, at position: SourcePosition) -> Diagnostic {
    Diagnostic(
      at: position, "the lesson already has a cell with 'values' on line \(first.line)",
      help: "keep one parameter a lesson, or split the lesson")
  }

  static func parameterWithoutValue(_ values: [String], at position: SourcePosition) -> Diagnostic {
    let list = values.map { "'\($0)'" }.joined(separator: ", ")
    return Diagnostic(
      at: position, "the cell declares no constant that is one of its values \(list)",
      help: "declare it on a line of its own, such as let rate = \(values[0])")
  }
}
