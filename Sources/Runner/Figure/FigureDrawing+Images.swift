internal import LessonKit

extension FigureDrawing {
  /// Draws grey pictures in a grid.
  ///
  /// Pixels of one shade in a row are one rectangle; the shades are fixed, as a photograph's are,
  /// whatever the theme.
  func images(_ pictures: [Picture], _ columns: Int) -> HTML {
    let across = min(columns, pictures.count)
    let gap = 10.0
    let hasCaptions = pictures.contains { !$0.caption.isEmpty }
    let side = min((PlotArea.width - gap * Double(across - 1)) / Double(across), 160)
    let captionHeight = hasCaptions ? 20.0 : 0
    let rowHeight = side + captionHeight + gap
    var body: HTML = ""
    for (index, picture) in pictures.enumerated() {
      let x = Double(index % across) * (side + gap)
      let y = Double(index / across) * rowHeight
      body += """
        <g transform="translate(\(PlotArea.number(x)) \(PlotArea.number(y)))">\
        \(pixels(picture, side: side))
        """
      if hasCaptions {
        body += """
          <text class="tick" x="\(PlotArea.number(side / 2))" y="\(PlotArea.number(side + 15))" \
          text-anchor="middle">\(picture.caption.prefix(max(Int(side / 7), 3)))</text>
          """
      }
      body += "</g>\n"
    }
    let rows = (pictures.count + across - 1) / across
    let width = Double(across) * (side + gap) - gap
    return frame(
      width: max(width, PlotArea.width), height: Double(rows) * rowHeight - gap, body)
  }

  private func pixels(_ picture: Picture, side: Double) -> HTML {
    let (rows, columns) = (picture.rows.count, picture.rows.first?.count ?? 1)
    let size = side / Double(max(rows, columns))
    var paths: [Int: String] = [:]
    for (row, values) in picture.rows.enumerated() {
      var start = 0
      while start < columns {
        let shade = Self.shade(values[start])
        var end = start + 1
        while end < columns, Self.shade(values[end]) == shade { end += 1 }
        paths[shade, default: ""] += "M\(start),\(row)h\(end - start)v1h-\(end - start)z"
        start = end
      }
    }
    let drawn = paths.sorted { $0.key < $1.key }.map { shade, path -> HTML in
      let level = String(shade * 17, radix: 16)
      let pair = level.utf8.count == 1 ? "0\(level)" : level
      return "<path fill=\"#\(pair)\(pair)\(pair)\" d=\"\(path)\"/>"
    }
    return """
      <g transform="scale(\(FigureNumber.fixed(size, digits: 3)))" shape-rendering="crispEdges">\
      \(drawn.joined())</g>
      """
  }

  /// One of 16 shades.
  private static func shade(_ value: Double) -> Int { Int((min(max(value, 0), 1) * 15).rounded()) }
}
