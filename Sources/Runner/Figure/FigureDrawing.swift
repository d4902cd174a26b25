internal import LessonKit

/// Draws a figure as SVG in the colours of the page.
///
/// Colours are classes, which the page's style sheet gives their values in both themes.
struct FigureDrawing {
  let figure: Figure
  let id: String
  /// True for a file of its own, which brings its colours along.
  var isStandalone = false

  var svg: HTML {
    switch figure.content {
    case .lines(let series): lines(series)
    case .scatter(let series): scatter(series)
    case .bars(let categories, let bars): self.bars(categories, bars)
    case .histogram(let edges, let counts): histogram(edges, counts)
    case .heatmap(let map): heatmap(map)
    case .images(let pictures, let columns): images(pictures, columns)
    case .embedding(let embedding):
      EmbeddingDrawing(embedding, figure: figure, id: id).svg(frame: embedding.frames.count - 1)
    }
  }

  /// The drawing with its name and description around it.
  func frame(width: Double = PlotArea.width, height: Double, _ body: HTML) -> HTML {
    let style: HTML = isStandalone ? "<style>\(PageStyle.figureColours)</style>" : ""
    return """
      <svg class="plot" role="img" aria-labelledby="\(id)-t \(id)-d" \
      viewBox="0 0 \(PlotArea.number(width)) \(PlotArea.number(height))" \
      xmlns="http://www.w3.org/2000/svg"><title id="\(id)-t">\(figure.title)</title>\
      <desc id="\(id)-d">\(figure.description)</desc>\(style)
      \(body)</svg>

      """
  }

  private func lines(_ series: [Series]) -> HTML {
    let edges = series.flatMap { ($0.band?.low ?? []) + ($0.band?.high ?? []) }
    let legend = PlotLegend(series.map(\.name))
    let area = PlotArea(
      x: Scale(covering: series.flatMap(\.x), count: 6),
      y: Scale(covering: series.flatMap(\.y) + edges, reachesTicks: true), xLabel: figure.x,
      yLabel: figure.y, legendHeight: legend.height)
    let bands = series.enumerated().map { index, one in band(one, index, area) }.joined()
    let drawn = series.enumerated().map { index, one in line(one, index, area) }.joined()
    let names = legend.markup { index in
      let line: HTML = """
        <path class="\(SeriesStyle.colour(index)) line" d="M0,0h28"\(SeriesStyle.dash(index))/>
        """
      return hasMarks(series[index]) ? line + Self.mark(index, x: 14) : line
    }
    return frame(height: area.height, names + area.axes() + bands + drawn)
  }

  private func band(_ series: Series, _ index: Int, _ area: PlotArea) -> HTML {
    guard let band = series.band else { return "" }
    let there = zip(series.x, band.high).map { point($0, $1, area) }
    let back = zip(series.x, band.low).reversed().map { point($0, $1, area) }
    return """
      <path class="\(SeriesStyle.colour(index)) band" d="M\((there + back).joined(separator: "L"))z"/>

      """
  }

  private func line(_ series: Series, _ index: Int, _ area: PlotArea) -> HTML {
    let points = zip(series.x, series.y).map { point($0, $1, area) }
    guard !points.isEmpty else { return "" }
    let path: HTML = """
      <path class="\(SeriesStyle.colour(index)) line" d="M\(points.joined(separator: "L"))"\
      \(SeriesStyle.dash(index))/>

      """
    return hasMarks(series) ? path + marks(series, index, area) : path
  }

  /// Marks tell lines apart while there are few points; beyond, dashes do.
  private func hasMarks(_ line: Series) -> Bool { line.x.count <= 40 }

  private func marks(_ series: Series, _ index: Int, _ area: PlotArea) -> HTML {
    let places = zip(series.x, series.y).map { x, y -> HTML in
      """
      <path transform="translate(\(PlotArea.number(area.px(x))) \(PlotArea.number(area.py(y))))" \
      d="\(SeriesStyle.mark(index))"><title>\(series.name): \(FigureNumber.text(x)), \
      \(FigureNumber.text(y))</title></path>
      """
    }
    return "<g class=\"\(SeriesStyle.colour(index)) fill\">\(places.joined())</g>\n"
  }

  private func point(_ x: Double, _ y: Double, _ area: PlotArea) -> String {
    "\(PlotArea.number(area.px(x))),\(PlotArea.number(area.py(y)))"
  }

  private func scatter(_ series: [Series]) -> HTML {
    let legend = PlotLegend(series.map(\.name))
    let area = PlotArea(
      x: Scale(covering: series.flatMap(\.x), count: 6, reachesTicks: true),
      y: Scale(covering: series.flatMap(\.y), reachesTicks: true), xLabel: figure.x,
      yLabel: figure.y, legendHeight: legend.height)
    // A cloud is drawn before the few points that would drown in it.
    let order = series.indices.sorted { series[$0].x.count > series[$1].x.count }
    let drawn = order.map { index in
      isCloud(series[index])
        ? dots(series[index], index, area) : marks(series[index], index, area)
    }.joined()
    let names = legend.markup { index in
      isCloud(series[index])
        ? "<path class=\"\(SeriesStyle.colour(index)) dots\" d=\"M14,0h0M20,-3h0M23,3h0\"/>"
        : Self.mark(index, x: 20)
    }
    return frame(height: area.height, names + area.axes() + drawn)
  }

  private func isCloud(_ series: Series) -> Bool { series.x.count > 150 }

  /// A series' mark on the line of a legend's text.
  static func mark(_ index: Int, x: Int) -> HTML {
    """
    <path class="\(SeriesStyle.colour(index)) fill" transform="translate(\(x) 0)" \
    d="\(SeriesStyle.mark(index))"/>
    """
  }

  /// Many points as one path of dots: zero-length strokes with round ends.
  private func dots(_ series: Series, _ index: Int, _ area: PlotArea) -> HTML {
    let path = zip(series.x, series.y).map { "M\(point($0, $1, area))h0" }.joined()
    return "<path class=\"\(SeriesStyle.colour(index)) dots\" d=\"\(path)\"/>\n"
  }
}
