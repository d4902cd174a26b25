internal import LessonKit

extension FigureDrawing {
  func bars(_ categories: [String], _ bars: [Bars]) -> HTML {
    let area = PlotArea(
      x: Scale(covering: [0, Double(categories.count)]),
      y: Scale(covering: bars.flatMap(\.values) + [0], reachesTicks: true), hasXLabel: true,
      legendRows: PlotArea.legendRows(bars.count))
    let slot = area.plotWidth / Double(categories.count)
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
    let room = Int(slot / 7)
    let names = categories.enumerated().map { index, name -> HTML in
      let shown =
        TerminalText.width(of: name) > room ? String(name.prefix(max(room - 1, 1))) + "…" : name
      return """
        <text class="tick" x="\(PlotArea.number(area.px(Double(index) + 0.5)))" \
        y="\(PlotArea.number(area.baseline + 19))" text-anchor="middle">\(shown)</text>

        """
    }.joined()
    let legend = PlotArea.legend(bars.map(\.name)) {
      "<path class=\"\(SeriesStyle.colour($0)) fill\" d=\"M8,-6h18v12h-18z\"/>"
    }
    let axes = area.axes(xLabel: figure.x, yLabel: figure.y, showsXTicks: false)
    return frame(height: area.height, legend + axes + names + drawn)
  }

  func histogram(_ edges: [Double], _ counts: [Double]) -> HTML {
    let area = PlotArea(
      x: Scale(covering: edges, count: 8), y: Scale(covering: counts + [0], reachesTicks: true),
      hasXLabel: !figure.x.isEmpty, legendRows: 0)
    let drawn = counts.indices.map { index -> HTML in
      let (from, to) = (area.px(edges[index]), area.px(edges[index + 1]))
      let name = "\(FigureNumber.text(edges[index])) – \(FigureNumber.text(edges[index + 1]))"
      return bar(
        x: from, width: max(to - from - 1, 0.5), from: area.py(0), to: area.py(counts[index]), 0,
        title: "\(name): \(FigureNumber.text(counts[index]))")
    }.joined()
    return frame(height: area.height, area.axes(xLabel: figure.x, yLabel: figure.y) + drawn)
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

  /// Numbers as shades: the opacity of one colour over the page's own, so that it suits both themes.
  func heatmap(_ map: Heatmap) -> HTML {
    let all = map.values.flatMap(\.self)
    let (low, high) = (all.min() ?? 0, all.max() ?? 1)
    let widest = map.rows.map(TerminalText.width(of:)).max() ?? 0
    let (left, top) = (min(max(Double(widest) * 6.5 + 16, 40), 260), 30.0)
    let side = min(
      (PlotArea.width - left - 10) / Double(map.columns.count),
      max(440 / Double(map.rows.count), 14), 56)
    var body: HTML = ""
    for (row, values) in map.values.enumerated() {
      let y = top + Double(row) * side
      if side >= 12 || row % 4 == 0 {
        body += """
          <text class="tick" x="\(PlotArea.number(left - 8))" y="\(PlotArea.number(y + side / 2 + 4))" \
          text-anchor="end">\(map.rows[row].prefix(38))</text>

          """
      }
      for (column, value) in values.enumerated() {
        let share = high > low ? (value - low) / (high - low) : 0.5
        body += """
          <rect class="heat" x="\(PlotArea.number(left + Double(column) * side))" \
          y="\(PlotArea.number(y))" width="\(PlotArea.number(side - 1))" \
          height="\(PlotArea.number(side - 1))" \
          fill-opacity="\(FigureNumber.fixed(0.06 + 0.94 * share, digits: 2))"><title>\
          \(map.rows[row]), \(map.columns[column]): \(FigureNumber.text(value))</title></rect>
          """
      }
    }
    let every = max(Int((28 / side).rounded(.up)), 1)
    for (column, name) in map.columns.enumerated() where column % every == 0 {
      body += """
        <text class="tick" x="\(PlotArea.number(left + (Double(column) + 0.5) * side))" y="20" \
        text-anchor="middle">\(name.prefix(max(Int(side * Double(every) / 7), 2)))</text>

        """
    }
    let height = top + Double(map.rows.count) * side + 46
    body += scaleBar(low: low, high: high, left: left, y: height - 34)
    return frame(height: height, body)
  }

  private func scaleBar(low: Double, high: Double, left: Double, y: Double) -> HTML {
    let steps = (0..<11).map { step -> HTML in
      """
      <rect class="heat" x="\(PlotArea.number(left + Double(step) * 16))" y="\(PlotArea.number(y))" \
      width="16" height="10" fill-opacity="\(FigureNumber.fixed(0.06 + 0.094 * Double(step), digits: 2))"/>
      """
    }.joined()
    return """
      \(steps)<text class="tick" x="\(PlotArea.number(left))" y="\(PlotArea.number(y + 26))">\
      \(FigureNumber.text(low))</text><text class="tick" x="\(PlotArea.number(left + 176))" \
      y="\(PlotArea.number(y + 26))" text-anchor="end">\(FigureNumber.text(high))</text>

      """
  }
}
