internal import LessonKit

/// What a cell displayed, as lines for a terminal.
struct DisplayText {
  let style: Style
  let width: Int

  func lines(_ display: Display) -> [String] {
    switch display {
    case .figure(let figure): TerminalFigure(figure, width: width, style: style).lines
    case .table(let table): lines(table)
    case .progress: []
    }
  }

  private func lines(_ table: Table) -> [String] {
    let caption = LineBreaker.lines([TextRun(table.caption.oneLine, .bold)], width: width)
    let alignments = table.columns.indices.map { column -> MarkdownTable.Alignment? in
      table.rows.allSatisfy { Double($0[column]) != nil } ? .right : nil
    }
    return caption.map { style.line($0) }
      + TableText(style: style, width: width).lines(
        header: table.columns.map(runs), rows: table.rows.map { $0.map(runs) },
        alignments: alignments)
  }

  private func runs(_ text: String) -> [TextRun] {
    text.isEmpty ? [] : [TextRun(text.oneLine)]
  }
}
