extension TeXBox {
  /// Returns the box between delimiters as high as it is.
  func delimited(by opening: String, _ closing: String) -> TeXBox {
    TeXBox.row([
      opening.isEmpty ? .empty : delimiter(opening),
      self,
      closing.isEmpty ? .empty : delimiter(closing),
    ])
  }

  func inParentheses(unless isWhole: Bool) -> TeXBox {
    isWhole ? self : delimited(by: "(", ")")
  }

  /// Returns a delimiter of the height of this box.
  private func delimiter(_ mark: String) -> TeXBox {
    guard height > 1, let parts = Self.parts[mark] else {
      guard height > 1 else { return TeXBox(mark) }
      return TeXBox(rows: [String](repeating: mark, count: height), baseline: baseline)
    }
    var rows = [String](repeating: parts.middle, count: height)
    rows[0] = parts.top
    rows[height - 1] = parts.bottom
    if let waist = parts.waist {
      if height == 2 {
        rows = mark == "{" ? ["⎰", "⎱"] : ["⎱", "⎰"]
      } else {
        rows[(height - 1) / 2] = waist
      }
    }
    return TeXBox(rows: rows, baseline: baseline)
  }

  private static let parts:
    [String: (top: String, middle: String, bottom: String, waist: String?)] = [
      "(": ("⎛", "⎜", "⎝", nil), ")": ("⎞", "⎟", "⎠", nil),
      "[": ("⎡", "⎢", "⎣", nil), "]": ("⎤", "⎥", "⎦", nil),
      "{": ("⎧", "⎪", "⎩", "⎨"), "}": ("⎫", "⎪", "⎭", "⎬"),
      "|": ("│", "│", "│", nil), "∣": ("│", "│", "│", nil), "‖": ("‖", "‖", "‖", nil),
      "⌊": ("⎢", "⎢", "⎣", nil), "⌋": ("⎥", "⎥", "⎦", nil),
      "⌈": ("⎡", "⎢", "⎢", nil), "⌉": ("⎤", "⎥", "⎥", nil),
      "⟨": ("╱", "│", "╲", nil), "⟩": ("╲", "│", "╱", nil),
    ]

  /// A brace that lies under a box, or over it.
  static func brace(width: Int, opensDown: Bool) -> TeXBox {
    guard width >= 3 else { return TeXBox(opensDown ? "⏞" : "⏟") }
    let left = (width - 3) / 2
    let right = width - 3 - left
    let ends = opensDown ? ("╭", "┴", "╮") : ("╰", "┬", "╯")
    return TeXBox(
      ends.0 + String(repeating: "─", count: left) + ends.1
        + String(repeating: "─", count: right) + ends.2)
  }

  var framed: TeXBox {
    let line = String(repeating: "─", count: width + 2)
    return TeXBox(
      rows: ["┌\(line)┐"] + rows.map { "│ \($0) │" } + ["└\(line)┘"], baseline: baseline + 1)
  }

  /// Returns boxes in rows and columns.
  static func grid(_ cells: [[TeXBox]], columns: [Side], gap: Int) -> TeXBox {
    let count = cells.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in
      cells.map { $0.indices.contains(column) ? $0[column].width : 0 }.max() ?? 0
    }
    var rows: [TeXBox] = []
    let isHigh = cells.contains { $0.contains { $0.height > 1 } }
    for row in cells {
      var boxes: [TeXBox] = []
      for column in 0..<count {
        // Pairs of aligned columns keep apart.
        let space = column == 0 ? 0 : gap == 0 && column % 2 == 0 ? 4 : gap
        if space > 0 { boxes.append(.blank(space)) }
        let cell = row.indices.contains(column) ? row[column] : .empty
        boxes.append(cell.aligned(columns[column % columns.count], width: widths[column]))
      }
      if isHigh, !rows.isEmpty { rows.append(.blank(0)) }
      rows.append(TeXBox.row(boxes))
    }
    guard !rows.isEmpty else { return .empty }
    let all = TeXBox.stack(rows, baselineOf: 0, .left)
    return all.withBaseline((all.height - 1) / 2)
  }
}
