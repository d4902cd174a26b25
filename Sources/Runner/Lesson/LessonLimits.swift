/// What a lesson file may be at most, and what its bytes must be.
package enum LessonLimits {
  package static let fileBytes = 4 << 20
  package static let lineBytes = 1 << 20
  package static let cells = 1_000
  /// How many cells one table may have, written or left out.
  static let tableCells = 100_000
  /// How many errors of one lesson are told; nobody mends more at once.
  static let diagnostics = 200

  /// Returns what keeps a file from being read as Markdown at all.
  static func violations(in source: SourceText) -> [Diagnostic] {
    if source.bytes.count > fileBytes { return [tooLarge] }
    var found: [Diagnostic] = []
    for number in 1...source.lineCount {
      let line = source.line(number)
      guard line.count > lineBytes else { continue }
      found.append(
        Diagnostic(
          at: SourcePosition(line: number), "the line is longer than 1 MB", help: "break the line"))
      break
    }
    if let offset = source.bytes.firstIndex(of: 0) {
      found.append(
        Diagnostic(
          at: source.position(at: offset), "the file contains a NUL byte",
          help: "remove the byte; a lesson is text"))
    }
    if let offset = firstInvalidByte(source.bytes) {
      found.append(
        Diagnostic(
          at: source.position(at: offset),
          "the byte 0x\(hexadecimal(source.bytes[offset])) is not valid UTF-8 here",
          help: "save the file as UTF-8"))
    }
    return found.sorted { $0.position < $1.position }
  }

  static let tooLarge = Diagnostic(
    at: SourcePosition(line: 1), "the file is larger than 4 MB",
    help: "split the lesson into several files")

  /// Returns the offset of the first byte, from one on, that strict UTF-8 forbids where it stands.
  static func firstInvalidByte(_ bytes: [UInt8], from start: Int = 0) -> Int? {
    var offset = start
    while offset < bytes.count {
      let lead = bytes[offset]
      if lead < 0x80 {
        offset += 1
        continue
      }
      // The second byte's range excludes overlong forms, surrogates and what lies past U+10FFFF.
      let (length, second): (Int, ClosedRange<UInt8>)
      switch lead {
      case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
      case 0xE0: (length, second) = (3, 0xA0...0xBF)
      case 0xED: (length, second) = (3, 0x80...0x9F)
      case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
      case 0xF0: (length, second) = (4, 0x90...0xBF)
      case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
      case 0xF4: (length, second) = (4, 0x80...0x8F)
      default: return offset
      }
      guard offset + length <= bytes.count, second.contains(bytes[offset + 1]),
        bytes[(offset + 2)..<(offset + length)].allSatisfy({ (0x80...0xBF).contains($0) })
      else { return offset }
      offset += length
    }
    return nil
  }

  static func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.utf8.count == 1 ? "0" + digits : digits
  }
}
