/// A rectangle of characters with a line that its neighbours align with.
struct TeXBox: Equatable, Sendable {
  /// Each is `width` columns wide.
  private(set) var rows: [String]
  private(set) var width: Int
  /// The row that stands on the line of the text.
  private(set) var baseline: Int

  var height: Int { rows.count }
  var above: Int { baseline }
  var below: Int { rows.count - 1 - baseline }

  init(_ text: String) {
    rows = [text]
    width = TerminalText.width(of: text)
    baseline = 0
  }

  /// - Parameter rows: May differ in width; shorter ones are filled with blanks.
  init(rows: [String], baseline: Int) {
    let widths = rows.map { TerminalText.width(of: $0) }
    let width = widths.max() ?? 0
    self.rows = zip(rows, widths).map { $0 + String(repeating: " ", count: width - $1) }
    self.width = width
    self.baseline = min(max(baseline, 0), max(rows.count - 1, 0))
  }

  static let empty = TeXBox("")

  static func blank(_ width: Int) -> TeXBox { TeXBox(String(repeating: " ", count: width)) }

  /// Returns the boxes side by side on one line.
  static func row(_ boxes: [TeXBox]) -> TeXBox {
    guard boxes.count > 1 else { return boxes.first ?? .empty }
    let above = boxes.map(\.above).max() ?? 0
    let below = boxes.map(\.below).max() ?? 0
    var rows = [String](repeating: "", count: above + 1 + below)
    for box in boxes {
      let blank = String(repeating: " ", count: box.width)
      for index in rows.indices {
        let row = index - above + box.baseline
        rows[index] += box.rows.indices.contains(row) ? box.rows[row] : blank
      }
    }
    return TeXBox(rows: rows, baseline: above)
  }

  enum Side: Sendable { case left, center, right }

  /// Returns the box in the middle, or at a side, of a wider one.
  func aligned(_ side: Side, width: Int) -> TeXBox {
    guard width > self.width else { return self }
    let room = width - self.width
    let left = side == .left ? 0 : side == .right ? room : room / 2
    let rows = self.rows.map {
      String(repeating: " ", count: left) + $0 + String(repeating: " ", count: room - left)
    }
    return TeXBox(rows: rows, baseline: baseline)
  }

  /// Returns the boxes under each other.
  ///
  /// - Parameter index: The box whose baseline counts.
  static func stack(_ boxes: [TeXBox], baselineOf index: Int, _ side: Side = .center) -> TeXBox {
    let width = boxes.map(\.width).max() ?? 0
    let rows = boxes.flatMap { $0.aligned(side, width: width).rows }
    let above = boxes[..<index].reduce(0) { $0 + $1.height }
    return TeXBox(rows: rows, baseline: above + boxes[index].baseline)
  }

  func withBaseline(_ baseline: Int) -> TeXBox { TeXBox(rows: rows, baseline: baseline) }

  /// The row that stands on the line of the text.
  var line: String { rows[baseline] }

  /// Whether the box is nothing but blanks.
  var isBlank: Bool { rows.allSatisfy { $0.allSatisfy { $0 == " " } } }
}
