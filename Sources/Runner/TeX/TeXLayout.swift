/// Lays a formula out in characters.
///
/// A formula of its own takes as many rows as it needs; one in running text has a single row, where
/// `a/b` stands for a fraction and what only two dimensions can show can't be laid out.
struct TeXLayout {
  /// Whether everything has to stand on one line.
  let isInline: Bool

  /// Returns a list of nodes as one box, its blanks set by the roles of the neighbours.
  func box(_ nodes: [TeXNode], isScript: Bool = false) throws(TeXError) -> TeXBox {
    var boxes: [TeXBox] = []
    for piece in try pieces(nodes, isScript: isScript) { boxes.append(piece.box) }
    return TeXBox.row(boxes)
  }

  /// A node's box, and whether a line may be broken before it.
  struct Piece {
    var box: TeXBox
    var isRelation = false
    var isBinary = false
  }

  func pieces(_ nodes: [TeXNode], isScript: Bool) throws(TeXError) -> [Piece] {
    var result: [Piece] = []
    var previous: TeXNode.Role?
    for (index, node) in nodes.enumerated() {
      var role = Self.role(of: node)
      let isLast = index == nodes.count - 1
      if role == .binary {
        // A sign before a term is no operator: `−x`, `= −1`.
        switch previous {
        case nil, .binary, .relation, .opening, .punctuation, .function, .large: role = .opening
        case .ordinary, .closing: if isLast { role = .ordinary }
        }
      }
      if case .symbol("|", .ordinary) = node { role = bar(at: index, in: nodes) }
      let box = try box(of: node, isScript: isScript)
      // A bar beside a fraction's own looks like a longer one: `─── ───`, `− ───`.
      let touches =
        index > 0 && node.isFraction && !isInline
        && (nodes[index - 1].isFraction || nodes[index - 1].isSign)
      if !isScript, let previous, touches || needsBlank(between: previous, and: role),
        let last = result.last?.box, !last.isBlank, !box.isBlank,
        // Limits that are wider than their sign keep its neighbours away already.
        !(previous == .large && last.line.hasSuffix(" ")),
        !(role == .large && box.line.hasPrefix(" "))
      {
        result.append(Piece(box: .blank(1)))
      }
      result.append(
        Piece(box: box, isRelation: role == .relation, isBinary: role == .binary))
      if case .space = node { previous = nil } else { previous = role }
    }
    return result
  }

  /// Whether `|` opens, closes or parts: counted from the left, every other one closes.
  private func bar(at index: Int, in nodes: [TeXNode]) -> TeXNode.Role {
    let bars = nodes.indices.filter { nodes[$0] == nodes[index] }
    guard bars.count % 2 == 0, let place = bars.firstIndex(of: index) else { return .ordinary }
    return place % 2 == 0 ? .opening : .closing
  }

  private func needsBlank(between left: TeXNode.Role, and right: TeXNode.Role) -> Bool {
    switch (left, right) {
    case (.relation, .relation): false
    case (.binary, _), (.relation, _), (_, .binary), (_, .relation): true
    case (.punctuation, _): right != .closing
    case (.opening, _), (_, .closing): false
    case (.large, _), (_, .large): true
    case (.function, .opening), (.function, .punctuation): false
    case (.function, _): true
    case (.ordinary, .function), (.closing, .function): true
    default: false
    }
  }

  static func role(of node: TeXNode) -> TeXNode.Role {
    switch node {
    case .symbol(_, let role): role
    case .limits(let inner): role(of: inner)
    case .scripts(let base, _, _): base.map(role) ?? .ordinary
    case .stacked(_, let inner, _): role(of: inner)
    case .group(let nodes): nodes.count == 1 ? role(of: nodes[0]) : .ordinary
    case .delimited: .ordinary
    default: .ordinary
    }
  }

  func box(of node: TeXNode, isScript: Bool) throws(TeXError) -> TeXBox {
    switch node {
    case .symbol(let text, _), .text(let text): return TeXBox(TerminalText.escaped(text))
    case .space(let count): return .blank(isScript ? min(count, 1) : count)
    case .group(let nodes): return try box(nodes, isScript: isScript)
    case .limits(let inner): return try box(of: inner, isScript: isScript)
    case .fraction(let above, let below, let hasBar):
      return try fraction(above, below, hasBar: hasBar, isScript: isScript)
    case .root(let body, let degree): return try root(body, degree: degree)
    case .scripts(let base, let lower, let upper):
      return try scripts(base, lower, upper, isScript: isScript)
    case .accent(let accent, let body): return try accented(accent, body)
    case .delimited(let opening, let body, let closing):
      return try box(body, isScript: isScript).delimited(by: opening, closing)
    case .matrix(let matrix): return try box(matrix)
    case .stacked(let above, let inner, let below):
      return try stacked(above, inner, below)
    case .boxed(let body):
      let inner = try box(body)
      return isInline ? inner.delimited(by: "[", "]") : inner.framed
    case .phantom(let body): return .blank(try box(body, isScript: isScript).width)
    case .tag(let body): return TeXBox.row([.blank(4), TeXBox("("), try box(body), TeXBox(")")])
    case .lineBreak: throw TeXError(message: "a line break inside a formula")
    }
  }

  private func fraction(
    _ above: [TeXNode], _ below: [TeXNode], hasBar: Bool, isScript: Bool
  ) throws(TeXError) -> TeXBox {
    if isInline || isScript {
      guard hasBar else { throw TeXError(message: "only two dimensions show this") }
      return TeXBox.row([
        try box(above, isScript: isScript).inParentheses(unless: isSimple(above)), TeXBox("/"),
        try box(below, isScript: isScript).inParentheses(unless: isSimple(below)),
      ])
    }
    let over = try box(above)
    let under = try box(below)
    let width = max(over.width, under.width) + (hasBar ? 2 : 0)
    let bar = TeXBox(String(repeating: hasBar ? "─" : " ", count: width))
    return TeXBox.stack([over, bar, under], baselineOf: 1)
  }

  /// Whether a part needs no parentheses beside a slash.
  private func isSimple(_ nodes: [TeXNode]) -> Bool {
    if nodes.count == 1, case .group(let inner) = nodes[0] { return isSimple(inner) }
    if nodes.count == 1 { return true }
    return nodes.allSatisfy { node in
      if case .symbol(let text, _) = node { return text.allSatisfy { $0.isNumber || $0 == "." } }
      return false
    }
  }

  private func root(_ body: [TeXNode], degree: [TeXNode]) throws(TeXError) -> TeXBox {
    let inner = try box(body)
    let sign = degree.isEmpty ? "√" : try rootSign(degree)
    if isInline || (inner.height == 1 && inner.width == 1) {
      let isWhole = isSimple(body)
      return TeXBox.row([TeXBox(sign), inner.inParentheses(unless: isWhole)])
    }
    let blank = String(repeating: " ", count: TerminalText.width(of: sign))
    if inner.height == 1 {
      let line = blank + String(repeating: "_", count: inner.width)
      return TeXBox(rows: [line, sign + inner.rows[0]], baseline: 1)
    }
    let last = inner.height - 1
    let rows = inner.rows.enumerated().map { ($0 == last ? sign : blank) + "│" + $1 }
    let line = blank + "┌" + String(repeating: "─", count: inner.width)
    return TeXBox(rows: [line] + rows, baseline: inner.baseline + 1)
  }

  private func rootSign(_ degree: [TeXNode]) throws(TeXError) -> String {
    switch try box(degree, isScript: true).rows {
    case ["2"]: return "√"
    case ["3"]: return "∛"
    case ["4"]: return "∜"
    case let rows where rows.count == 1:
      guard let raised = TeXScripts.raised(rows[0]) else { fallthrough }
      return raised + "√"
    default: throw TeXError(message: "a degree that can't be raised")
    }
  }

  private func scripts(
    _ base: TeXNode?, _ lower: [TeXNode], _ upper: [TeXNode], isScript: Bool
  ) throws(TeXError) -> TeXBox {
    if case .limits(let inner)? = base, !isInline, !isScript {
      return try stacked(upper, inner, lower)
    }
    let core = try base.map { node throws(TeXError) in try box(of: node, isScript: isScript) }
    let body = core ?? .empty
    let under = try box(lower, isScript: true)
    let over = try box(upper, isScript: true)
    if body.height == 1, under.height == 1, over.height == 1,
      let lowered = TeXScripts.lowered(under.rows[0]), let raised = TeXScripts.raised(over.rows[0])
    {
      return TeXBox(body.rows[0] + lowered + raised)
    }
    if isInline || isScript {
      var parts = [body]
      for (mark, script) in [("_", under), ("^", over)] where script.width > 0 {
        let text = script.rows[0]
        if let small = mark == "_" ? TeXScripts.lowered(text) : TeXScripts.raised(text) {
          parts.append(TeXBox(small))
        } else {
          parts += [TeXBox(mark), text.count == 1 ? script : script.delimited(by: "(", ")")]
        }
      }
      return TeXBox.row(parts)
    }
    // One above, one below, both against the base.
    let width = max(under.width, over.width)
    var rows: [String] = []
    if over.width > 0 { rows += over.aligned(.left, width: width).rows }
    rows += [String](repeating: String(repeating: " ", count: width), count: body.height)
    if under.width > 0 { rows += under.aligned(.left, width: width).rows }
    let column = TeXBox(rows: rows, baseline: (over.width > 0 ? over.height : 0) + body.baseline)
    return TeXBox.row([body, column])
  }

  private func stacked(
    _ above: [TeXNode], _ inner: TeXNode, _ below: [TeXNode]
  ) throws(TeXError) -> TeXBox {
    let body = try box(of: inner, isScript: false)
    if isInline {
      if above.isEmpty, below.isEmpty { return body }
      throw TeXError(message: "only two dimensions show this")
    }
    var boxes = [body]
    var index = 0
    if !above.isEmpty {
      boxes.insert(try box(above, isScript: true), at: 0)
      index = 1
    }
    if !below.isEmpty { boxes.append(try box(below, isScript: true)) }
    return TeXBox.stack(boxes, baselineOf: index)
  }

  private func accented(_ accent: TeXNode.Accent, _ body: [TeXNode]) throws(TeXError) -> TeXBox {
    let inner = try box(body)
    switch accent {
    case .mark(let mark, let wide):
      if inner.height == 1, inner.width == 1 {
        return TeXBox(inner.rows[0] + String(Character(mark)))
      }
      guard !isInline else { throw TeXError(message: "a mark over several characters") }
      let line = wide == "_" ? String(repeating: "_", count: inner.width) : wide
      return TeXBox.stack([TeXBox(line), inner], baselineOf: 1)
    case .overline:
      if inner.height == 1, inner.width == 1 { return TeXBox(inner.rows[0] + "\u{305}") }
      guard !isInline else { throw TeXError(message: "a line over several characters") }
      let line = TeXBox(String(repeating: "_", count: inner.width))
      return TeXBox.stack([line, inner], baselineOf: 1)
    case .underline:
      guard !isInline else { return inner }
      let line = TeXBox(String(repeating: "‾", count: inner.width))
      return TeXBox.stack([inner, line], baselineOf: 0)
    case .overbrace, .underbrace:
      guard !isInline else { throw TeXError(message: "only two dimensions show this") }
      let isOver = accent == .overbrace
      let brace = TeXBox.brace(width: inner.width, opensDown: isOver)
      return isOver
        ? TeXBox.stack([brace, inner], baselineOf: 1) : TeXBox.stack([inner, brace], baselineOf: 0)
    }
  }

  private func box(_ matrix: TeXNode.Matrix) throws(TeXError) -> TeXBox {
    guard !isInline else { throw TeXError(message: "only two dimensions show this") }
    var cells: [[TeXBox]] = []
    for row in matrix.rows {
      var boxes: [TeXBox] = []
      for (index, cell) in row.enumerated() {
        // `a &= b`: the sign meets the column before it with a blank, as it would without the mark.
        var box = try box(cell)
        if matrix.gap == 0, index % 2 == 1, let first = cell.first,
          [.relation, .binary].contains(Self.role(of: first)), box.width > 0
        {
          box = TeXBox.row([.blank(1), box])
          if Self.role(of: first) == .binary, cell.count > 1 { box = try spaced(cell) }
        }
        boxes.append(box)
      }
      cells.append(boxes)
    }
    return TeXBox.grid(cells, columns: matrix.columns, gap: matrix.gap)
      .delimited(by: matrix.opening, matrix.closing)
  }

  /// A cell that begins with an operator whose left side stands in the cell before.
  private func spaced(_ cell: [TeXNode]) throws(TeXError) -> TeXBox {
    TeXBox.row([
      .blank(1), try box(of: cell[0], isScript: false), .blank(1), try box(Array(cell.dropFirst())),
    ])
  }
}

extension TeXNode {
  fileprivate var isFraction: Bool {
    if case .fraction = self { true } else { false }
  }

  fileprivate var isSign: Bool {
    if case .symbol(_, .binary) = self { true } else { false }
  }
}
