/// A grid of braille characters: two dots across and four down in each.
struct BrailleCanvas {
  struct Cell {
    var dots: UInt32 = 0
    /// The series drawn last.
    var series = 0
    /// What stands instead of the dots, where a letter names the series.
    var letter: Character?

    var character: String {
      Unicode.Scalar(0x2800 + dots).map { String(Character($0)) } ?? " "
    }
  }

  private(set) var lines: [[Cell]]
  private let columns: Int
  private let rows: Int

  init(columns: Int, rows: Int) {
    (self.columns, self.rows) = (columns, rows)
    lines = Array(repeating: Array(repeating: Cell(), count: columns), count: rows)
  }

  /// Draws points given as shares of the canvas, from the upper left.
  mutating func draw(_ points: [(x: Double, y: Double)], series: Int, isJoined: Bool) {
    var before: (x: Double, y: Double)?
    for point in points {
      let place = (x: point.x * Double(columns * 2 - 1), y: point.y * Double(rows * 4 - 1))
      if isJoined, let before {
        let steps = max(Int(max(abs(place.x - before.x), abs(place.y - before.y)).rounded(.up)), 1)
        for step in 0...steps {
          let share = Double(step) / Double(steps)
          set(
            before.x + (place.x - before.x) * share, before.y + (place.y - before.y) * share, series
          )
        }
      } else {
        set(place.x, place.y, series)
      }
      before = place
    }
  }

  /// Puts a series' letter where points are, given as shares of the canvas.
  mutating func write(_ points: [(x: Double, y: Double)], series: Int) {
    for point in points {
      let column = Int((point.x * Double(columns * 2 - 1)).rounded()) / 2
      let row = Int((point.y * Double(rows * 4 - 1)).rounded()) / 4
      guard (0..<columns).contains(column), (0..<rows).contains(row) else { continue }
      lines[row][column].letter = Self.letter(series)
    }
  }

  static func letter(_ series: Int) -> Character {
    let letters = Array("abcdefghijklmnopqrstuvwxyz")
    return letters[series % letters.count]
  }

  private mutating func set(_ x: Double, _ y: Double, _ series: Int) {
    let (column, row) = (Int(x.rounded()), Int(y.rounded()))
    guard (0..<columns * 2).contains(column), (0..<rows * 4).contains(row) else { return }
    let bits: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
    lines[row / 4][column / 2].dots |= bits[row % 4][column % 2]
    lines[row / 4][column / 2].series = series
  }

  static func colour(_ series: Int, _ text: String, style: Style) -> String {
    guard style.isColored else { return text }
    let codes = ["34", "33", "32", "35", "31", "36"]
    return "\u{1B}[\(codes[series % codes.count])m\(text)\u{1B}[0m"
  }
}
