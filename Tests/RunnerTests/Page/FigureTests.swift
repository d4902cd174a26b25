import LessonKit
import Testing

@testable import Runner

@Suite struct FigureTests {
  @Test(arguments: SampleFigures.all)
  func `every figure is drawn with its title and description, and escaped`(figure: Figure) {
    let svg = FigureDrawing(figure: figure, id: "f").svg.text
    #expect(svg.hasPrefix("<svg class=\"plot\" role=\"img\" aria-labelledby=\"f-t f-d\""))
    #expect(svg.contains("a &lt; b"))
    #expect(svg.contains("<desc id=\"f-d\">\(figure.description)</desc>"))
    #expect(!svg.contains("nan") && !svg.contains("inf"))
  }

  @Test(arguments: SampleFigures.all)
  func `every figure has a table of as many fields a row as columns`(figure: Figure) {
    let table = FigureTable(figure, words: .english)
    #expect(!table.rows.isEmpty)
    #expect(table.rows.allSatisfy { $0.count == table.columns.count })
  }

  @Test(arguments: SampleFigures.all, [20, 40, 80])
  func `a figure in a terminal keeps to its width`(figure: Figure, width: Int) {
    let lines = TerminalFigure(figure, width: width).text.split(separator: "\n")
    #expect(lines.allSatisfy { TerminalText.width(of: String($0)) <= width })
    #expect(lines.first == "a < b")
  }

  @Test(arguments: SampleFigures.all)
  func `a figure comes out of the channel as it went in`(figure: Figure) throws {
    let line = try JSONLine.text(of: .figure(figure))
    #expect(DisplayReader.displays(in: line + line) == [.figure(figure), .figure(figure)])
  }

  @Test func `what can't be drawn is left out, whoever sent it`() throws {
    var figure = SampleFigures.all[0]
    figure.description = " "
    let line = try JSONLine.text(of: .figure(figure))
    #expect(DisplayReader.displays(in: line + Array("nonsense\n{}\n".utf8)).isEmpty)
  }

  @Test(arguments: [
    ([0.0, 1, 2], [0.0, 0.5, 1, 1.5, 2]), ([3.0], [1.5, 2, 2.5, 3, 3.5, 4, 4.5]),
    ([0.0, 1e-7], [0, 2e-8, 4e-8, 6e-8, 8e-8, 1e-7]),
  ])
  func `ticks are round numbers`(values: [Double], ticks: [Double]) {
    let found = Scale(covering: values).ticks
    #expect(found.count == ticks.count)
    #expect(zip(found, ticks).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  @Test(arguments: [
    (0.0, "0"), (0.31415, "0.3142"), (-1.5, "-1.5"), (12345.6, "12346"), (1e9, "1e9"),
    (1.5e-7, "1.5e-7"),
    (-0.00001, "-1e-5"), (2.0, "2"),
  ])
  func `numbers are as short as they are true`(value: Double, text: String) {
    #expect(FigureNumber.text(value) == text)
  }

  @Test func `a figure says what is wrong with it`() {
    var figure = SampleFigures.all[0]
    figure.content = .lines([Series("a", x: [1, 2], y: [1])])
    #expect(figure.problem == "has 2 x but 1 y in 'a'")
    figure.content = .lines([Series("a", y: [.nan])])
    #expect(figure.problem == "holds nan in 'a', and only finite numbers can be drawn")
  }

  @Test func `a picture's file holds its rows from the bottom up, two shades a byte`() {
    let bytes = Bitmap.bytes([[0, 1, 0], [1, 1, 1]])
    #expect(bytes.count == 14 + 40 + 64 + 8)
    #expect(bytes.suffix(8) == [0xFF, 0xF0, 0, 0, 0x0F, 0, 0, 0])
  }
}
