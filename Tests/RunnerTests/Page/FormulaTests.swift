import Testing

@testable import Runner

@Suite struct FormulaTests {
  @Test func `a formula becomes markup that a screen reader knows`() throws {
    let markup = try KaTeX().markup(of: Formula("\\frac{a}{b}"))
    #expect(markup.contains("<math xmlns="))
    #expect(markup.contains("<mfrac>"))
  }

  @Test(arguments: ["\\foo{1}", "\\frac{1}{", "\\def\\a{\\a}\\a"])
  func `bad TeX is refused`(tex: String) throws {
    let katex = try KaTeX()
    #expect(throws: FormulaError.self) { try katex.markup(of: Formula(tex)) }
  }

  @Test func `TeX can't bring a link in`() throws {
    let katex = try KaTeX()
    let markup = try? katex.markup(of: Formula("\\href{javascript:alert(1)}{x}"))
    #expect(markup?.contains("href=") != true)
  }

  @Test func `an error in a formula stands at its line and column`() throws {
    let text = "# A\n\nText $`\\foo`$ here.\n\n> ```math\n> a +\n> \\bar{b} \\foo\n> ```\n"
    let lesson = try LessonParser.parse(path: "a.md", bytes: Array(text.utf8))
    let list = FormulaList(lesson)
    var book = FormulaBook()
    try book.complete(with: list.items.map(\.formula)) { () throws(EnvironmentFailure) in
      try KaTeX()
    }
    let found = list.diagnostics(book)
    #expect(
      found.map(\.position) == [
        SourcePosition(line: 3, column: 8), SourcePosition(line: 7, column: 11),
      ])
    #expect(found.first?.message == "the formula can't be set: Undefined control sequence: \\foo")
  }

  @Test(arguments: [
    (#"a = b, \qquad c"#, [#"a = b, "#, "c"]), (#"a\qquad{b\qquad c}"#, ["a", #"{b\qquad c}"#]),
    (#"\text{a \qquad b}"#, [#"\text{a \qquad b}"#]), (#"a \qquad b}"#, [#"a \qquad b}"#]),
    (#"\begin{cases} a \qquad b \end{cases}"#, [#"\begin{cases} a \qquad b \end{cases}"#]),
    (#"\{ a \qquad b"#, [#"\{ a "#, "b"]), (#"\qquad"#, [#"\qquad"#]), (#"a\"#, [#"a\"#]),
  ])
  func `formulas side by side are set one by one`(tex: String, parts: [String]) {
    let found = FormulaParts.parts(of: tex)
    #expect(found.map(\.tex) == parts)
    for part in found { #expect(tex.utf8.dropFirst(part.offset).starts(with: part.tex.utf8)) }
  }

  @Test func `an error in the second of two formulas stands where it is`() throws {
    let text = "# A\n\n> ```math\n> a, \\qquad\n> b \\qquad c +\n> \\foo\n> ```\n"
    let list = FormulaList(try LessonParser.parse(path: "a.md", bytes: Array(text.utf8)))
    var book = FormulaBook()
    try book.complete(with: list.items.map(\.formula)) { () throws(EnvironmentFailure) in
      try KaTeX()
    }
    #expect(list.items.count == 3)
    #expect(list.diagnostics(book).map(\.position) == [SourcePosition(line: 6, column: 3)])
  }

  @Test func `a book sets each formula once and forgets those that are gone`() throws {
    struct Counting: FormulaRenderer {
      func markup(of formula: Formula) throws(FormulaError) -> String { formula.tex }
    }
    var starts = 0
    var book = FormulaBook()
    book.complete(with: [Formula("a"), Formula("b"), Formula("a")]) {
      starts += 1
      return Counting()
    }
    book.complete(with: [Formula("a")]) {
      starts += 1
      return Counting()
    }
    #expect(starts == 1)
    #expect(Array(book.entries.keys) == [Formula("a")])
  }
}
