/// The names of the series over a drawing, side by side as far as they fit.
struct PlotLegend {
  private let names: [String]
  private let places: [(x: Double, y: Double)]
  /// The room that it takes; nothing for one series, whose name the caption tells.
  let height: Double

  private static let rowHeight = 30.0

  init(_ names: [String]) {
    guard names.count > 1 else {
      (self.names, places, height) = ([], [], 0)
      return
    }
    var places: [(x: Double, y: Double)] = []
    var (x, row) = (0.0, 0.0)
    for name in names {
      let width = 34 + PlotArea.textWidth(name)
      if x > 0, x + width > PlotArea.width {
        x = 0
        row += 1
      }
      places.append((x, 14 + row * Self.rowHeight))
      x += width + 18
    }
    (self.names, self.places) = (names, places)
    height = (row + 1) * Self.rowHeight
  }

  /// - Parameter mark: What stands for the series with an index, 28 wide around the line of the text.
  func markup(_ mark: (Int) -> HTML) -> HTML {
    names.indices.map { index -> HTML in
      let place = places[index]
      return """
        <g transform="translate(\(PlotArea.number(place.x)) \(PlotArea.number(place.y)))">\
        \(mark(index))<text x="34" y="0" dy="0.35em">\(names[index])</text></g>

        """
    }.joined()
  }
}
