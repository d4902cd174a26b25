internal import LessonKit

/// Draws the frames of an embedding: one large with a slider, or three small ones side by side.
struct EmbeddingDrawing {
  private let embedding: Embedding
  private let figure: Figure
  private let id: String
  private let x: Scale
  private let y: Scale
  private let groups: [String]

  init(_ embedding: Embedding, figure: Figure, id: String) {
    self.embedding = embedding
    self.figure = figure
    self.id = id
    x = Scale(covering: embedding.frames.flatMap(\.x))
    y = Scale(covering: embedding.frames.flatMap(\.y))
    var names: [String] = []
    for group in embedding.groups where !names.contains(group) { names.append(group) }
    groups = names
  }

  /// The frames that stand still: the first, the middle one and the last, without repeats.
  var stills: [Int] {
    let last = embedding.frames.count - 1
    return last < 2 ? Array(0...last) : [0, last / 2, last]
  }

  /// Returns one frame as a drawing.
  func svg(frame index: Int, isStill: Bool = false) -> HTML {
    let frame = embedding.frames[index]
    let legend = PlotLegend(isStill ? [] : groups)
    let name = isStill ? "\(id)-still-\(index)" : id
    let names = legend.markup { FigureDrawing.mark($0, x: 20) }
    let points = groups.enumerated().map { group, name -> HTML in
      let places = embedding.groups.indices.filter { embedding.groups[$0] == name }.map {
        point -> HTML in
        """
        <path transform="translate(\(PlotArea.number(px(frame.x[point]))) \
        \(PlotArea.number(py(frame.y[point]) + legend.height)))" d="\(SeriesStyle.mark(group))"/>
        """
      }
      return "<g class=\"\(SeriesStyle.colour(group)) fill\">\(places.joined())</g>\n"
    }.joined()
    return """
      <svg class="plot" role="img" aria-labelledby="\(name)-t \(name)-d" \
      viewBox="0 0 640 \(PlotArea.number(400 + legend.height))" xmlns="http://www.w3.org/2000/svg">\
      <title id="\(name)-t">\(figure.title): \(frame.label)</title>\
      <desc id="\(name)-d">\(figure.description)</desc>
      \(names)\(points)</svg>

      """
  }

  /// The places of all frames as numbers from 0 to 999, for the slider: the points in the order that
  /// they are drawn, x before y, frames with a blank between them.
  var places: String {
    let order = groups.flatMap { name in
      embedding.groups.indices.filter { embedding.groups[$0] == name }
    }
    return embedding.frames.map { frame in
      order.map { "\(Self.coded(x.place(frame.x[$0]))) \(Self.coded(y.place(frame.y[$0])))" }
        .joined(separator: " ")
    }.joined(separator: ";")
  }

  var labels: [String] { embedding.frames.map(\.label) }

  private static func coded(_ share: Double) -> Int { Int((share * 999).rounded()) }

  // The slider's script knows these two lines.
  private func px(_ value: Double) -> Double { 12 + x.place(value) * 616 }
  private func py(_ value: Double) -> Double { 388 - y.place(value) * 376 }
}
