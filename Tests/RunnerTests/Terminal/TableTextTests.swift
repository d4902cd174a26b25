import Testing

@testable import Runner

@Suite struct TableTextTests {
  private func shown(_ table: String, width: Int) throws -> String {
    let lesson = try LessonParser.parse(path: "a.md", bytes: Array(table.utf8))
    return LessonText(style: Style(isColored: false), width: width).text(of: lesson)
  }

  private let table = "| Name | Count |\n|:--|--:|\n| one | 1 |\n| three hundred | 300 |\n"

  @Test func `columns are as wide as their widest cell`() throws {
    #expect(
      try shown(table, width: 40) == """
        Name          │ Count
        ──────────────┼──────
        one           │     1
        three hundred │   300

        """)
  }

  @Test func `a table that is too wide wraps its widest column first`() throws {
    #expect(
      try shown(table, width: 20) == """
        Name         │ Count
        ─────────────┼──────
        one          │     1
        ─────────────┼──────
        three        │   300
        hundred      │

        """)
  }

  @Test func `a table that would cut words becomes records, its corner without a name`() throws {
    let text = "| | first | second |\n|---|---|---|\n| recommendation | classification | a |\n"
    #expect(
      try shown(text, width: 24) == """
        recommendation
        first: classification
        second: a

        """)
  }

  @Test func `a table uses what the terminal is wider than lines of prose`() throws {
    let wide = String(repeating: "word ", count: 18) + "end"
    let text = "| a | b |\n|---|---|\n| \(wide) | c |\n\n\(wide)\n"
    let lines = try shown(text, width: 120).split(separator: "\n")
    #expect(lines[2] == "\(wide) │ c")
    #expect(lines.count == 5)
  }

  @Test func `a table with more columns than fit becomes records`() throws {
    let columns = Array(repeating: "name", count: 8)
    let row = "| " + columns.joined(separator: " | ") + " |\n"
    let rule = "|" + columns.map { _ in "---|" }.joined() + "\n"
    let text = try shown(row + rule + row, width: 20)
    #expect(text == String(repeating: "name: name\n", count: 8))
  }
}
