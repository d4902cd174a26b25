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

  @Test func `the names in a legend never lie over each other`() throws {
    let names = [
      "label 0: belongs together", "label 1: different", "a", "字字字字字字字字", "b", "c",
    ]
    var figure = SampleFigures.all[0]
    figure.content = .lines(names.map { Series($0, y: [1, 2]) })
    let svg = FigureDrawing(figure: figure, id: "f").svg.text
    let entries = svg.matches(
      of: /<g transform="translate\(([0-9.]+) ([0-9.]+)\)">.*?<text[^>]*>([^<]*)</)
    #expect(entries.map { String($0.output.3) } == names)
    var end = ["": 0.0]
    for entry in entries {
      let x = try #require(Double(entry.output.1))
      let row = String(entry.output.2)
      #expect(x >= end[row, default: 0])
      end[row] = x + 34 + PlotArea.textWidth(String(entry.output.3))
      #expect(end[row, default: 0] <= PlotArea.width)
    }
    #expect(end.count == 4)
  }

  @Test func `what the vertical axis measures stands over it, and negative numbers bear a minus`() {
    let figure = Figure.bars(
      "t", description: "d", categories: ["a", "b"], y: "gain", Bars("one", [1, -2]))
    let svg = FigureDrawing(figure: figure, id: "f").svg.text
    #expect(svg.contains(">−2</text>") && !svg.contains(">-2</text>"))
    #expect(svg.contains("<text x=\"0\" y=\"28\">gain</text>") && !svg.contains("rotate"))
    #expect(svg.split(separator: "class=\"axis\"").count == 2)
  }

  @Test func `few points keep their marks beside a cloud, and are drawn over it`() throws {
    let cloud = Series("cloud", y: (0..<200).map(Double.init))
    let figure = Figure.scatter(
      "t", description: "d", x: "", y: "", Series("few", y: [1, 2]), cloud)
    let svg = FigureDrawing(figure: figure, id: "f").svg.text
    let dots = try #require(svg.ranges(of: "<path class=\"s1 dots\"").last)
    let marks = try #require(svg.firstRange(of: "<g class=\"s0 fill\">"))
    #expect(dots.lowerBound < marks.lowerBound)
  }

  @Test func `a heat map names its axes, and a row's long name in two lines`() {
    let figure = Figure.heatmap(
      "t", description: "d", rows: ["three convolutions a stage; b: four more", "s"],
      columns: ["c"], values: [[1], [0]], x: "start", y: "spread")
    let svg = FigureDrawing(figure: figure, id: "f").svg.text
    for text in ["three convolutions a", "stage; b: four more", "start", "spread"] {
      #expect(svg.contains(">\(text)</text>"))
    }
  }

  @Test(arguments: SampleFigures.all)
  func `every figure has a table of as many fields a row as columns`(figure: Figure) {
    let table = FigureTable(figure, words: .english)
    #expect(!table.rows.isEmpty)
    #expect(table.rows.allSatisfy { $0.count == table.columns.count })
  }

  @Test(arguments: SampleFigures.all, [20, 40, 80])
  func `a figure in a terminal keeps to its width`(figure: Figure, width: Int) {
    var figure = figure
    figure.description = String(repeating: "words 字 ", count: 40)
    let lines = TerminalFigure(figure, width: width).text.split(separator: "\n")
    #expect(lines.allSatisfy { TerminalText.width(of: String($0)) <= width })
    #expect(lines.first == "a < b")
  }

  @Test func `a picture keeps its shape, and rows of a heat map their names`() {
    let dark = [Double](repeating: 0, count: 30)
    let picture = Figure.images(
      "t", description: "d",
      [Picture("", rows: (0..<30).map { $0 < 15 ? dark : dark.map { _ in 1 } })])
    // The title stands above, the description below.
    let drawn = TerminalFigure(picture, width: 40).text.split(separator: "\n")
    #expect(drawn.count == 17)
    #expect(drawn[15].allSatisfy { $0 == "█" } && drawn[15].count == 30)
    let rows = (0..<60).map { "r\($0)" }
    let map = Figure.heatmap(
      "t", description: "d", rows: rows, columns: rows,
      values: (0..<60).map { row in (0..<60).map { row == 58 && $0 == 0 ? 1.0 : 0 } })
    let lines = TerminalFigure(map, width: 40).text.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("r58 ▒") })
  }

  @Test func `bars of several groups stand under the name of their category`() {
    let figure = Figure.bars(
      "t", description: "d", categories: ["centred cosine"], y: "y", Bars("gain", [1]),
      Bars("gain and offset", [0.5]))
    let lines = TerminalFigure(figure, width: 40).text.split(separator: "\n")
    #expect(lines[1] == "centred cosine")
    #expect(lines[2].hasPrefix("  gain           │█"))
    #expect(lines[3].hasPrefix("  gain and offse │█"))
  }

  @Test func `without colours letters tell lines apart`() throws {
    let lines = TerminalFigure(SampleFigures.all[0], width: 40).text.split(separator: "\n")
    for (letter, name) in [("a", "one"), ("b", "two")] {
      #expect(lines.contains { $0.hasSuffix(" \(letter) \(name)") })
      #expect(lines.contains { $0.contains("┤") && $0.contains(letter) })
    }
    let coloured = TerminalFigure(
      SampleFigures.all[0], width: 40, style: Style(isColored: true)
    ).text
    #expect(!coloured.split(separator: "\n").contains { $0.contains("┤") && $0.contains("a") })
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
