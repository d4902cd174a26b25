/// Formulas as text for a terminal.
package enum TeXText {
  /// Returns a formula in one line, for running text, or nil where one line can't show it.
  package static func line(_ tex: String) -> String? {
    do throws(TeXError) {
      let box = try TeXLayout(isInline: true).box(TeXParser.parse(tex))
      return box.height == 1 ? TerminalText.escaped(box.rows[0].trimmed) : nil
    } catch { return nil }
  }

  /// Returns a formula laid out in two dimensions, or nil where that isn't possible in a width.
  ///
  /// A formula that is too wide is broken at wide blanks, then before its relations, and where that
  /// isn't enough before its operators.
  package static func lines(_ tex: String, width: Int) -> [String]? {
    do throws(TeXError) {
      let nodes = try TeXParser.parse(tex)
      var boxes: [TeXBox] = []
      for line in nodes.split(separator: .lineBreak) {
        boxes += try broken(Array(line), width: width)
      }
      guard !boxes.isEmpty else { return nil }
      // Lines of several rows keep apart.
      let isHigh = boxes.contains { $0.height > 1 }
      let rows = boxes.enumerated().flatMap { index, box in
        (isHigh && index > 0 ? [""] : []) + box.rows.map { TerminalText.escaped($0.trimmedEnd) }
      }
      return rows.allSatisfy { TerminalText.width(of: $0) <= width } ? rows : nil
    } catch { return nil }
  }

  private static let indentation = 4

  private static func broken(_ nodes: [TeXNode], width: Int) throws(TeXError) -> [TeXBox] {
    let pieces = try TeXLayout(isInline: false).pieces(nodes, isScript: false)
    let whole = TeXBox.row(pieces.map(\.box))
    guard whole.width > width else { return [whole] }
    // Formulas side by side go under each other.
    let parts = nodes.split(maxSplits: nodes.count) { $0.isWideSpace }.map(Array.init)
    if parts.count > 1 {
      var lines: [TeXBox] = []
      for part in parts { lines += try broken(part, width: width) }
      return lines
    }
    for atOperators in [false, true] {
      var lines: [[TeXBox]] = [[]]
      var used = 0
      // A segment begins with a relation and goes on to the next one.
      var segment: [TeXBox] = []
      func place() {
        let needed = segment.reduce(0) { $0 + $1.width }
        if used + needed > width, lines[lines.count - 1].contains(where: { !$0.isBlank }) {
          lines.append([.blank(indentation)])
          used = indentation
        }
        lines[lines.count - 1] += segment
        used += needed
        segment = []
      }
      for piece in pieces {
        if piece.isRelation || (atOperators && piece.isBinary) { place() }
        segment.append(piece.box)
      }
      place()
      let boxes = lines.map(TeXBox.row)
      if boxes.allSatisfy({ $0.width <= width }) { return boxes }
    }
    return [whole]
  }
}

extension TeXNode {
  fileprivate var isWideSpace: Bool {
    if case .space(let count) = self { count > 1 } else { false }
  }
}

extension String {
  fileprivate var trimmedEnd: String {
    String(reversed().drop { $0 == " " }.reversed())
  }

  fileprivate var trimmed: String { String(trimmedEnd.drop { $0 == " " }) }
}
