internal import LessonKit

extension FigureDrawing {
  func bars(_ categories: [String], _ bars: [Bars]) -> HTML {
    let legend = PlotLegend(bars.map(\.name))
    func area(nameLines: Int) -> PlotArea {
      PlotArea(
        x: Scale(covering: [0, Double(categories.count)]),
        y: Scale(covering: bars.flatMap(\.values) + [0], reachesTicks: true), xLabel: figure.x,
        yLabel: figure.y, legendHeight: legend.height, nameLines: nameLines)
    }
    let slot = area(nameLines: 1).plotWidth / Double(categories.count)
    let letters = max(Int(slot / PlotArea.columnWidth), 1)
    let halves = categories.map { Self.halved($0, to: letters) }
    let area = area(nameLines: halves.map(\.count).max() ?? 1)
    let width = slot * 0.76 / Double(bars.count)
    var drawn: HTML = ""
    for (group, one) in bars.enumerated() {
      for (index, value) in one.values.enumerated() {
        let x = area.px(Double(index)) + slot * 0.12 + Double(group) * width
        let name = bars.count > 1 ? "\(one.name), \(categories[index])" : categories[index]
        drawn += bar(
          x: x, width: max(width - 1, 0.5), from: area.py(0), to: area.py(value), group,
          title: "\(name): \(FigureNumber.text(value))")
      }
    }
    let names = halves.enumerated().flatMap { index, lines in
      lines.enumerated().map { row, line -> HTML in
        let y = area.baseline + 26 + Double(row) * PlotArea.largestText
        return """
          <text class="tick" x="\(PlotArea.number(area.px(Double(index) + 0.5)))" \
          y="\(PlotArea.number(y))" text-anchor="middle">\(line)</text>

          """
      }
    }.joined()
    let marks = legend.markup {
      "<path class=\"\(SeriesStyle.colour($0)) fill\" d=\"M8,-6h18v12h-18z\"/>"
    }
    let axes = area.axes(showsXTicks: false, hasZeroLine: true)
    return frame(height: area.height, marks + axes + names + drawn)
  }

  func histogram(_ edges: [Double], _ counts: [Double]) -> HTML {
    let area = PlotArea(
      x: Scale(covering: edges, count: 6), y: Scale(covering: counts + [0], reachesTicks: true),
      xLabel: figure.x, yLabel: figure.y, legendHeight: 0)
    let drawn = counts.indices.map { index -> HTML in
      let (from, to) = (area.px(edges[index]), area.px(edges[index + 1]))
      let name = "\(FigureNumber.text(edges[index])) – \(FigureNumber.text(edges[index + 1]))"
      return bar(
        x: from, width: max(to - from - 1, 0.5), from: area.py(0), to: area.py(counts[index]), 0,
        title: "\(name): \(FigureNumber.text(counts[index]))")
    }.joined()
    return frame(height: area.height, area.axes(hasZeroLine: true) + drawn)
  }

  private func bar(
    x: Double, width: Double, from: Double, to: Double, _ group: Int, title: String
  ) -> HTML {
    """
    <rect class="\(SeriesStyle.colour(group)) fill" x="\(PlotArea.number(x))" \
    y="\(PlotArea.number(min(from, to)))" width="\(PlotArea.number(width))" \
    height="\(PlotArea.number(abs(to - from)))"><title>\(title)</title></rect>

    """
  }

  /// Returns a name, or its beginning where it is longer than some characters.
  static func cut(_ name: String, to length: Int) -> String {
    TerminalText.width(of: name) <= length
      ? name : TerminalText.prefix(of: name, width: max(length - 1, 1)) + "…"
  }
}
