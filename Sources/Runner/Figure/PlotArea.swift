/// The frame of a drawing with two axes: where values stand, the grid, the labels, the legend.
struct PlotArea {
  static let width = 640.0
  let height: Double
  let x: Scale
  let y: Scale
  private let left = 62.0
  private let right = 14.0
  private let top: Double
  private let bottom: Double

  init(x: Scale, y: Scale, hasXLabel: Bool, legendRows: Int, height: Double = 340) {
    (self.x, self.y) = (x, y)
    top = 14 + Double(legendRows) * 22
    bottom = hasXLabel ? 50 : 28
    self.height = height + Double(legendRows) * 22
  }

  func px(_ value: Double) -> Double { left + x.place(value) * (Self.width - left - right) }
  func py(_ value: Double) -> Double { height - bottom - y.place(value) * (height - top - bottom) }
  var baseline: Double { height - bottom }
  var plotWidth: Double { Self.width - left - right }

  /// Returns a coordinate with one digit, which is finer than any screen.
  static func number(_ value: Double) -> String { FigureNumber.fixed(value, digits: 1) }

  /// The lines of the grid with their numbers, and what the axes measure.
  func axes(xLabel: String, yLabel: String, showsXTicks: Bool = true) -> HTML {
    var result: HTML = ""
    for tick in y.ticks {
      let place = Self.number(py(tick))
      result += """
        <path class="grid" d="M\(Self.number(left)),\(place)H\(Self.number(Self.width - right))"/>\
        <text class="tick" x="\(Self.number(left - 8))" y="\(Self.number(py(tick) + 4))" \
        text-anchor="end">\(y.label(tick))</text>

        """
    }
    if showsXTicks {
      for tick in x.ticks {
        result += """
          <text class="tick" x="\(Self.number(px(tick)))" y="\(Self.number(baseline + 19))" \
          text-anchor="middle">\(x.label(tick))</text>

          """
      }
    }
    return result + labels(xLabel, yLabel)
  }

  private func labels(_ xLabel: String, _ yLabel: String) -> HTML {
    var result: HTML = ""
    if !xLabel.isEmpty {
      result += """
        <text x="\(Self.number((left + Self.width - right) / 2))" y="\(Self.number(height - 8))" \
        text-anchor="middle">\(xLabel)</text>

        """
    }
    if !yLabel.isEmpty {
      let middle = Self.number((top + baseline) / 2)
      result += """
        <text transform="translate(14 \(middle)) rotate(-90)" text-anchor="middle">\(yLabel)</text>

        """
    }
    return result
  }

  /// The names of the series above the drawing, three in a row.
  static func legend(_ names: [String], mark: (Int) -> HTML) -> HTML {
    guard names.count > 1 else { return "" }
    return names.enumerated().map { index, name -> HTML in
      let x = 62 + Double(index % 3) * 192
      let y = 14 + Double(index / 3) * 22
      return """
        <g transform="translate(\(number(x)) \(number(y)))">\(mark(index))\
        <text x="34" y="4">\(name)</text></g>

        """
    }.joined()
  }

  static func legendRows(_ count: Int) -> Int { count > 1 ? (count + 2) / 3 : 0 }
}

/// How series are told apart: by colour, by mark and by dash, so that none of the three is needed.
enum SeriesStyle {
  static let count = 6

  static func colour(_ index: Int) -> HTML { "s\(index % count)" }

  static func dash(_ index: Int) -> HTML {
    let dashes: [HTML] = ["", "7 4", "2 4", "9 4 2 4", "14 4", "4 2"]
    let dash = dashes[shifted(index)]
    return dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\""
  }

  /// One further in each round of the colours, so that 36 series differ in colour or mark.
  private static func shifted(_ index: Int) -> Int { (index + index / count) % count }

  /// The outline of a mark around the origin.
  static func mark(_ index: Int) -> HTML {
    let marks: [HTML] = [
      "M-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0", "M-4,-4h8v8h-8z", "M0,-5L5,4H-5z",
      "M0,-5L5,0L0,5L-5,0z", "M-5,-4H5L0,5z", "M-5,-2h3v-3h4v3h3v4h-3v3h-4v-3h-3z",
    ]
    return marks[shifted(index)]
  }
}
