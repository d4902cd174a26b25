package import LessonKit

/// A figure as text: dots in braille, bars and shades in blocks.
package struct TerminalFigure {
  private let figure: Figure
  private let width: Int
  private let style: Style

  /// - Parameters:
  ///   - width: Columns to use, at least 20.
  ///   - style: How series are coloured; without colours letters tell them apart.
  package init(_ figure: Figure, width: Int, style: Style = Style(isColored: false)) {
    self.figure = figure
    self.width = max(min(width, 100), 20)
    self.style = style
  }

  /// The caption, the drawing and the description, every line ended by a newline.
  package var text: String { lines.map { $0 + "\n" }.joined() }

  var lines: [String] {
    wrapped(figure.title, .bold) + drawing + wrapped(figure.description, .dim)
  }

  /// Returns a text in lines, each behind some blanks.
  private func wrapped(
    _ text: String, _ textStyle: TextStyle = .plain, indentation: Int = 0
  ) -> [String] {
    let blank = String(repeating: " ", count: indentation)
    return LineBreaker.lines([TextRun(text.oneLine, textStyle)], width: width - indentation)
      .map { blank + style.line($0) }
  }

  private var drawing: [String] {
    switch figure.content {
    case .lines(let series): return plot(series, isJoined: true)
    case .scatter(let series): return plot(series, isJoined: false)
    case .bars(let categories, let bars):
      let rows = categories.enumerated().flatMap { index, category -> [TerminalBars.Row] in
        guard bars.count > 1 else { return [(category, bars[0].values[index])] }
        return [(category, nil)] + bars.map { ("  \($0.name)", $0.values[index]) }
      }
      return TerminalBars(rows: rows, width: width).lines
    case .histogram(let edges, let counts):
      let rows = counts.indices.map { index -> TerminalBars.Row in
        (FigureNumber.text(edges[index]), counts[index])
      }
      return TerminalBars(rows: rows, width: width).lines
    case .heatmap(let map): return heatmap(map)
    case .images(let pictures, _):
      return pictures.prefix(4).flatMap { picture in
        wrapped(picture.caption) + shades(picture.rows, room: width, isPicture: true).map(\.text)
      } + (pictures.count > 4 ? ["… and \(pictures.count - 4) more"] : [])
    case .embedding(let embedding):
      guard let frame = embedding.frames.last else { return [] }
      var names: [String] = []
      for group in embedding.groups where !names.contains(group) { names.append(group) }
      let series = names.map { name in
        let members = embedding.groups.indices.filter { embedding.groups[$0] == name }
        return Series(name, x: members.map { frame.x[$0] }, y: members.map { frame.y[$0] })
      }
      return wrapped(frame.label) + plot(series, isJoined: false)
    }
  }

  private func plot(_ series: [Series], isJoined: Bool) -> [String] {
    let x = Scale(covering: series.flatMap(\.x))
    let y = Scale(covering: series.flatMap(\.y), reachesTicks: true)
    let labels = [y.label(y.high), y.label(y.low)]
    let margin = min(labels.map(\.count).max() ?? 1, 10)
    let columns = width - margin - 2
    let rows = min(max(columns / 4, 6), 14)
    var canvas = BrailleCanvas(columns: columns, rows: rows)
    for (index, one) in series.enumerated() {
      let points = zip(one.x, one.y).map { (x.place($0), 1 - y.place($1)) }
      canvas.draw(points, series: index, isJoined: isJoined)
      if !style.isColored, series.count > 1 {
        // Without colours, letters tell which line is which, and whose a point is.
        let first = points.count * (index + 1) / (series.count + 1)
        canvas.write(isJoined ? Array(points.dropFirst(first).prefix(1)) : points, series: index)
      }
    }
    var lines = canvas.lines.enumerated().map { row, cells -> String in
      let label = row == 0 ? labels[0] : row == rows - 1 ? labels[1] : ""
      let padding = String(repeating: " ", count: max(margin - label.count, 0))
      return padding + label.prefix(margin) + " ┤" + coloured(cells)
    }
    let (low, high) = (FigureNumber.text(x.low), FigureNumber.text(x.high))
    let gap = max(columns - low.count - high.count, 1)
    let blank = String(repeating: " ", count: margin + 2)
    lines.append(
      String(repeating: " ", count: margin + 1) + "└" + String(repeating: "─", count: columns))
    lines.append(blank + low + String(repeating: " ", count: gap) + high)
    if !figure.x.isEmpty, !figure.y.isEmpty {
      lines += wrapped("\(figure.y) by \(figure.x)", indentation: blank.count)
    }
    return lines + (series.count > 1 ? legend(series, blank) : [])
  }

  private func legend(_ series: [Series], _ blank: String) -> [String] {
    series.enumerated().flatMap { index, one -> [String] in
      let mark =
        style.isColored
        ? BrailleCanvas.colour(index, "⣿", style: style) : String(BrailleCanvas.letter(index))
      return wrapped(one.name, indentation: blank.count + 2).enumerated().map { row, line in
        row == 0 ? "\(blank)\(mark) \(line.dropFirst(blank.count + 2))" : line
      }
    }
  }

  private func coloured(_ cells: [BrailleCanvas.Cell]) -> String {
    cells.map { cell in
      if let letter = cell.letter { return String(letter) }
      return cell.dots == 0
        ? " " : BrailleCanvas.colour(cell.series, cell.character, style: style)
    }.joined()
  }

  private func heatmap(_ map: Heatmap) -> [String] {
    let all = map.values.flatMap(\.self)
    let (low, high) = (all.min() ?? 0, all.max() ?? 1)
    let widest = map.rows.map { TerminalText.width(of: $0) }.max() ?? 0
    let margin = min(widest, max(width - 1 - map.columns.count * 2, 12))
    let rows = shades(
      map.values.map { $0.map { high > low ? ($0 - low) / (high - low) : 0.5 } },
      room: width - margin - 1, isPicture: false)
    let lines = rows.map { row, text in
      let shown = TerminalText.prefix(of: TerminalText.escaped(map.rows[row]), width: margin)
      return shown
        + String(repeating: " ", count: max(margin + 1 - TerminalText.width(of: shown), 1)) + text
    }
    let hasNames = !figure.x.isEmpty && !figure.y.isEmpty
    let names = hasNames ? wrapped("\(figure.y) by \(figure.x)") : []
    let range = "from \(FigureNumber.text(low)), blank, to \(FigureNumber.text(high)), █"
    return lines + names + wrapped("columns: \(map.columns.joined(separator: ", "))")
      + wrapped(range)
  }

  /// Values from 0 to 1 as shades, two columns a value where there is room, each line with its row.
  private func shades(
    _ values: [[Double]], room: Int, isPicture: Bool
  ) -> [(row: Int, text: String)] {
    let across = values.first?.count ?? 1
    let every = max((across + room - 1) / room, 1)
    let wide = across * 2 <= room ? 2 : 1
    // A character is twice as high as it is wide, so that a narrow one stands for two rows of a picture.
    let down = isPicture && wide == 1 ? every * 2 : every
    return stride(from: 0, to: values.count, by: down).map { row in
      let text = stride(from: 0, to: across, by: every).map { column in
        let part = values[row..<min(row + down, values.count)].map { $0[column] }
        let value = min(max(part.reduce(0, +) / Double(part.count), 0), 1)
        let shade = Array(" ░▒▓█")[min(Int(value * 5), 4)]
        return String(repeating: shade, count: wide)
      }
      return (row, text.joined())
    }
  }
}

/// Bars of blocks, an eighth of a column fine.
private struct TerminalBars {
  /// A bar, or a name that stands over some bars.
  typealias Row = (name: String, value: Double?)

  let rows: [Row]
  let width: Int

  var lines: [String] {
    let largest = rows.map { abs($0.value ?? 0) }.max() ?? 1
    let named = rows.filter { $0.value != nil }
    let margin = min(named.map { TerminalText.width(of: $0.name) }.max() ?? 0, width * 2 / 5)
    let room = max(width - margin - 12, 4)
    return rows.map { name, value in
      guard let value else {
        return TerminalText.prefix(of: TerminalText.escaped(name), width: width)
      }
      let shown = TerminalText.prefix(of: TerminalText.escaped(name), width: margin)
      let padding = String(repeating: " ", count: max(margin - TerminalText.width(of: shown), 0))
      let eighths = largest > 0 ? Int((abs(value) / largest * Double(room) * 8).rounded()) : 0
      let part = eighths % 8 == 0 ? "" : String(Array("▏▎▍▌▋▊▉")[eighths % 8 - 1])
      let bar = String(repeating: "█", count: eighths / 8) + part
      return "\(shown)\(padding) │\(bar) \(FigureNumber.text(value))"
    }
  }
}
