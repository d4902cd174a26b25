internal import LessonKit

/// The numbers of a figure as rows of text: what those read who can't see the drawing.
struct FigureTable {
  var columns: [String]
  var rows: [[String]]
  /// How many rows the figure has; the table keeps at most 200 of them.
  private(set) var count = 0

  private static let limit = 200

  init(_ figure: Figure, words: PageWords) {
    switch figure.content {
    case .lines(let series) where Self.shareX(series):
      columns = [figure.x.isEmpty ? "x" : figure.x] + series.flatMap(Self.names)
      rows = series[0].x.indices.map { index in
        [FigureNumber.text(series[0].x[index])] + series.flatMap { Self.values($0, index) }
      }
    case .lines(let series), .scatter(let series):
      columns = ["", figure.x.isEmpty ? "x" : figure.x, figure.y.isEmpty ? "y" : figure.y]
      rows = series.flatMap { one in
        zip(one.x, one.y).map { [one.name, FigureNumber.text($0), FigureNumber.text($1)] }
      }
    case .bars(let categories, let bars):
      columns = [""] + bars.map(\.name)
      rows = categories.indices.map { index in
        [categories[index]] + bars.map { FigureNumber.text($0.values[index]) }
      }
    case .histogram(let edges, let counts):
      columns = [words.bin, words.count]
      rows = counts.indices.map {
        [
          "\(FigureNumber.text(edges[$0])) – \(FigureNumber.text(edges[$0 + 1]))",
          FigureNumber.text(counts[$0]),
        ]
      }
    case .heatmap(let map):
      columns = [""] + map.columns
      rows = zip(map.rows, map.values).map { [$0] + $1.map(FigureNumber.text) }
    case .images(let pictures, _):
      columns = ["", "min", "max", "mean"]
      rows = pictures.map { picture in
        let all = picture.rows.flatMap(\.self)
        let mean = all.reduce(0, +) / Double(max(all.count, 1))
        return [picture.caption] + [all.min() ?? 0, all.max() ?? 0, mean].map(FigureNumber.text)
      }
    case .embedding(let embedding):
      columns = [words.frame, "", "x", "y"]
      rows = Self.centres(embedding)
    }
    count = rows.count
    rows = Array(rows.prefix(Self.limit))
  }

  private static func shareX(_ series: [Series]) -> Bool {
    series.allSatisfy { $0.x == series.first?.x } && !series.isEmpty
  }

  private static func names(_ series: Series) -> [String] {
    series.band == nil ? [series.name] : [series.name, "\(series.name) ↓", "\(series.name) ↑"]
  }

  private static func values(_ series: Series, _ index: Int) -> [String] {
    let band = series.band.map { [$0.low[index], $0.high[index]] } ?? []
    return ([series.y[index]] + band).map(FigureNumber.text)
  }

  /// The middle of each group in the first, the middle and the last frame: thousands of places would
  /// tell nobody anything.
  private static func centres(_ embedding: Embedding) -> [[String]] {
    var names: [String] = []
    for group in embedding.groups where !names.contains(group) { names.append(group) }
    let last = embedding.frames.count - 1
    return Set([0, last / 2, last]).sorted().flatMap { index in
      let frame = embedding.frames[index]
      return names.map { name in
        let members = embedding.groups.indices.filter { embedding.groups[$0] == name }
        let x = members.reduce(0) { $0 + frame.x[$1] } / Double(members.count)
        let y = members.reduce(0) { $0 + frame.y[$1] } / Double(members.count)
        return [frame.label, name, FigureNumber.text(x), FigureNumber.text(y)]
      }
    }
  }
}
