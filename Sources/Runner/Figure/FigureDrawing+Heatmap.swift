internal import LessonKit

extension FigureDrawing {
  /// Numbers as shades: the opacity of one colour over the page's own, so that it suits both themes.
  func heatmap(_ map: Heatmap) -> HTML {
    let all = map.values.flatMap(\.self)
    let (low, high) = (all.min() ?? 0, all.max() ?? 1)
    // A long name takes two lines, where there is room for them.
    let halves = map.rows.map { Self.halved($0, to: Self.rowLetters) }
    let widest = halves.joined().map(TerminalText.width(of:)).max() ?? 0
    let left = max(Double(widest) * PlotArea.columnWidth + 16, 40)
    let top = figure.y.isEmpty ? 36.0 : 66
    let side = min(
      (PlotArea.width - left - 10) / Double(map.columns.count),
      max(520 / Double(map.rows.count), 14), 56)
    var body: HTML = ""
    for (row, values) in map.values.enumerated() {
      let y = top + Double(row) * side
      if side >= 12 || row % 4 == 0 {
        body += rowName(halves[row], right: left - 8, middle: y + side / 2, side: side)
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
    let names = map.columns.map { Self.cut($0, to: 8) }
    let room = (names.map(PlotArea.textWidth).max() ?? 0) + 4
    let every = max(Int((room / side).rounded(.up)), 1)
    for (column, name) in names.enumerated() where column % every == 0 {
      body += """
        <text class="tick" x="\(PlotArea.number(left + (Double(column) + 0.5) * side))" y="\(PlotArea.number(top - 10))" \
        text-anchor="middle">\(name)</text>

        """
    }
    let width = Double(map.columns.count) * side
    if !figure.y.isEmpty { body += "<text x=\"0\" y=\"22\">\(figure.y)</text>\n" }
    if !figure.x.isEmpty {
      body += """
        <text x="\(PlotArea.number(left + width / 2))" \
        y="\(PlotArea.number(top + Double(map.rows.count) * side + 26))" \
        text-anchor="middle">\(figure.x)</text>

        """
    }
    let height = top + Double(map.rows.count) * side + (figure.x.isEmpty ? 52 : 82)
    body += scaleBar(low: low, high: high, left: left, y: height - 38)
    return frame(height: height, body)
  }

  /// The most letters in a line of a row's name.
  private static let rowLetters = 22

  /// Returns a name in one line or two, the second cut where it is too long.
  static func halved(_ name: String, to length: Int) -> [String] {
    let lines = LineBreaker.lines([TextRun(name.oneLine)], width: length).map { runs in
      runs.map(\.text).joined()
    }
    guard lines.count > 1 else { return lines }
    return [lines[0], cut(lines[1...].joined(separator: " "), to: length)]
  }

  private func rowName(_ lines: [String], right: Double, middle: Double, side: Double) -> HTML {
    let isCut = side < 48 && lines.count > 1
    let shown = isCut ? [Self.cut(lines.joined(separator: " "), to: Self.rowLetters)] : lines
    return shown.enumerated().map { index, line -> HTML in
      let y = middle + (Double(index) - Double(shown.count - 1) / 2) * PlotArea.largestText
      return """
        <text class="tick" x="\(PlotArea.number(right))" y="\(PlotArea.number(y))" \
        text-anchor="end" dy="0.35em">\(line)</text>

        """
    }.joined()
  }

  private func scaleBar(low: Double, high: Double, left: Double, y: Double) -> HTML {
    let steps = (0..<11).map { step -> HTML in
      """
      <rect class="heat" x="\(PlotArea.number(left + Double(step) * 16))" y="\(PlotArea.number(y))" \
      width="16" height="10" fill-opacity="\(FigureNumber.fixed(0.06 + 0.094 * Double(step), digits: 2))"/>
      """
    }.joined()
    return """
      \(steps)<text class="tick" x="\(PlotArea.number(left))" y="\(PlotArea.number(y + 30))">\
      \(FigureNumber.text(low))</text><text class="tick" x="\(PlotArea.number(left + 176))" \
      y="\(PlotArea.number(y + 30))" text-anchor="end">\(FigureNumber.text(high))</text>

      """
  }
}
