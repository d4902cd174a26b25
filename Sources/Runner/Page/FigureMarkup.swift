internal import LessonKit

/// A figure on a page: the drawing, its caption, its numbers.
struct FigureMarkup {
  let figure: Figure
  let id: String
  let number: String
  let words: PageWords

  init(_ figure: Figure, id: String, number: String, words: PageWords) {
    self.figure = figure
    self.id = id
    self.number = number
    self.words = words
  }

  var html: HTML {
    """
    <div class="figure" id="\(id)"><figure>
    \(drawing)<figcaption><a class="figure-number" href="#\(id)">\(words.figure) \(number)</a> \
    \(figure.title)<span class="figure-description">\(figure.description)</span></figcaption></figure>
    \(table)</div>

    """
  }

  private var drawing: HTML {
    guard case .embedding(let embedding) = figure.content, embedding.frames.count > 1 else {
      return FigureDrawing(figure: figure, id: id).svg
    }
    let drawing = EmbeddingDrawing(embedding, figure: figure, id: id)
    let last = embedding.frames.count - 1
    // A script shows the large drawing and hides the stills; without one it is the other way round.
    let stills = drawing.stills.map { index -> HTML in
      """
      <div class="still">\(drawing.svg(frame: index, isStill: true))<p>\(embedding.frames[index].label)</p></div>

      """
    }.joined()
    return """
      <div class="animation" data-places="\(drawing.places)" \
      data-labels="\(drawing.labels.map { $0.split(separator: "|").joined(separator: "/") }.joined(separator: "|"))">
      \(drawing.svg(frame: last))
      <div class="animation-controls" hidden><button type="button" class="animation-play">\(words.play)</button>
      <label>\(words.step) <input type="range" min="0" max="\(last)" value="\(last)"></label>
      <output>\(embedding.frames[last].label)</output></div>
      <div class="stills">\(stills)</div></div>

      """
  }

  private var table: HTML {
    let table = FigureTable(figure, words: words)
    let heads = table.columns.map { name -> HTML in
      name.isEmpty ? "<td></td>" : "<th scope=\"col\">\(name)</th>"
    }.joined()
    let rows = table.rows.map { row -> HTML in
      let fields = row.enumerated().map { index, text -> HTML in
        index == 0 ? "<th scope=\"row\">\(text)</th>" : "<td>\(text)</td>"
      }
      return "<tr>\(fields.joined())</tr>\n"
    }.joined()
    let cut: HTML =
      table.count > table.rows.count ? "<p>\(table.rows.count) / \(table.count)</p>" : ""
    return """
      <details class="figure-data"><summary>\(words.data)</summary>
      <div class="table" tabindex="0"><table><thead><tr>\(heads)</tr></thead>
      <tbody>\(rows)</tbody></table></div>\(cut)</details>

      """
  }
}
