internal import FoundationEssentials

/// A grey picture of 16 shades as a file that every browser reads: a header, the shades, rows of half
/// bytes from the bottom up.
enum Bitmap {
  /// Returns the file as an address that holds it, which takes a tenth of the room of drawn squares.
  ///
  /// - Parameter rows: Values from 0, black, to 1, white; all rows are as long.
  static func address(_ rows: [[Double]]) -> String {
    "data:image/bmp;base64," + Data(bytes(rows)).base64EncodedString()
  }

  static func bytes(_ rows: [[Double]]) -> [UInt8] {
    let width = rows.first?.count ?? 0
    let rowBytes = ((width + 1) / 2 + 3) / 4 * 4
    let start = 14 + 40 + 16 * 4
    var bytes = Array("BM".utf8)
    bytes += little(start + rowBytes * rows.count) + little(0) + little(start)
    bytes += little(40) + little(width) + little(rows.count)
    bytes += [1, 0, 4, 0] + little(0) + little(rowBytes * rows.count)
    bytes += little(0) + little(0) + little(16) + little(16)
    for shade in 0..<16 {
      let level = UInt8(shade * 17)
      bytes += [level, level, level, 0]
    }
    for row in rows.reversed() {
      var line = [UInt8](repeating: 0, count: rowBytes)
      for (column, value) in row.enumerated() {
        let shade = UInt8((min(max(value, 0), 1) * 15).rounded())
        line[column / 2] |= column.isMultiple(of: 2) ? shade << 4 : shade
      }
      bytes += line
    }
    return bytes
  }

  private static func little(_ number: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }
}
