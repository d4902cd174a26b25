/// The frame of a drawing with two axes: where values stand, the grid, the labels, the legend.
struct PlotArea {
  static let width = 640.0
  let height: Double
  let x: Scale
  let y: Scale
  private let xLabel: String
  private let yLabel: String
  private let left: Double
  private let right = 14.0
  private let top: Double
  private let bottom: Double

  /// - Parameters:
  ///   - xLabel: What the horizontal axis measures; empty for none.
  ///   - yLabel: What the vertical axis measures; it stands over the axis, where it needs no turned head.
  ///   - legendHeight: The room that the legend takes.
  ///   - nameLines: How many lines the names under the horizontal axis take.
  init(
    x: Scale, y: Scale, xLabel: String, yLabel: String, legendHeight: Double, nameLines: Int = 1
  ) {
    (self.x, self.y) = (x, y)
    (self.xLabel, self.yLabel) = (xLabel, yLabel)
    let widest = y.ticks.map { Self.textWidth(y.label($0)) }.max() ?? 0
    left = max(widest + 10, 30)
    top = 16 + legendHeight + (yLabel.isEmpty ? 0 : 34)
    bottom = (xLabel.isEmpty ? 40 : 70) + Double(nameLines - 1) * Self.largestText
    height = top + 262 + bottom
  }

  /// How large text is on phones, where a drawing's text is largest for its size.
  static let largestText = 24.0
  /// How wide a column of such text is.
  static let columnWidth = largestText * 0.56

  /// How wide a text is at most.
  static func textWidth(_ text: String) -> Double {
    Double(TerminalText.width(of: text)) * columnWidth
  }

  func px(_ value: Double) -> Double { left + x.place(value) * (Self.width - left - right) }
  func py(_ value: Double) -> Double { height - bottom - y.place(value) * (height - top - bottom) }
  var baseline: Double { height - bottom }
  var plotWidth: Double { Self.width - left - right }

  /// Returns a coordinate with one digit, which is finer than any screen.
  static func number(_ value: Double) -> String { FigureNumber.fixed(value, digits: 1) }

  /// The lines of the grid with their numbers, and what the axes measure.
  ///
  /// - Parameter hasZeroLine: True where lengths are measured from zero.
  func axes(showsXTicks: Bool = true, hasZeroLine: Bool = false) -> HTML {
    var result: HTML = ""
    for tick in y.ticks {
      let place = Self.number(py(tick))
      result += """
        <path class="\(hasZeroLine && tick == 0 ? "axis" : "grid" as HTML)" d="M\(Self.number(left)),\(place)H\(Self.number(Self.width - right))"/>\
        <text class="tick" x="\(Self.number(left - 8))" y="\(Self.number(py(tick)))" dy="0.35em" \
        text-anchor="end">\(Self.signed(y.label(tick)))</text>

        """
    }
    if showsXTicks {
      for tick in x.ticks {
        result += """
          <text class="tick" x="\(Self.number(px(tick)))" y="\(Self.number(baseline + 30))" \
          text-anchor="middle">\(Self.signed(x.label(tick)))</text>

          """
      }
    }
    return result + labels
  }

  /// Returns a number with the sign that mathematics writes.
  private static func signed(_ number: String) -> String { number.replacing("-", with: "−") }

  private var labels: HTML {
    var result: HTML = ""
    if !xLabel.isEmpty {
      result += """
        <text x="\(Self.number((left + Self.width - right) / 2))" y="\(Self.number(height - 8))" \
        text-anchor="middle">\(xLabel)</text>

        """
    }
    if !yLabel.isEmpty {
      result += "<text x=\"0\" y=\"\(Self.number(top - 22))\">\(yLabel)</text>\n"
    }
    return result
  }
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
