internal import LessonKit

extension FigureDrawing {
  /// Draws grey pictures in a grid.
  ///
  /// The shades are fixed, as a photograph's are, whatever the theme.
  func images(_ pictures: [Picture], _ columns: Int) -> HTML {
    let across = min(columns, pictures.count)
    let gap = 10.0
    let hasCaptions = pictures.contains { !$0.caption.isEmpty }
    let side = min((PlotArea.width - gap * Double(across - 1)) / Double(across), 160)
    let captionHeight = hasCaptions ? 30.0 : 0
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
          <text class="caption" x="\(PlotArea.number(side / 2))" y="\(PlotArea.number(side + 22))" \
          text-anchor="middle">\(Self.cut(picture.caption, to: max(Int(side / PlotArea.columnWidth), 3)))</text>
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
    return """
      <image class="pixels" width="\(PlotArea.number(size * Double(columns)))" \
      height="\(PlotArea.number(size * Double(rows)))" href="\(Bitmap.address(picture.rows))"/>
      """
  }
}
