/// The formulas that an author sets side by side in one fence, parted by `\qquad`.
///
/// Each is set by itself, so that a narrow page puts them under each other.
enum FormulaParts {
  struct Part: Equatable {
    var tex: String
    /// Where it begins in the whole, in bytes.
    var offset: Int
  }

  /// Returns the parts, or the whole where `\qquad` stands inside of braces or an environment.
  static func parts(of tex: String) -> [Part] {
    let bytes = Array(tex.utf8)
    var (depth, start, index) = (0, 0, 0)
    var ranges: [Range<Int>] = []
    while index < bytes.count {
      guard bytes[index] == Ascii.backslash else {
        if bytes[index] == UInt8(ascii: "{") { depth += 1 }
        if bytes[index] == UInt8(ascii: "}") { depth -= 1 }
        index += 1
        continue
      }
      let name = bytes[(index + 1)...].prefix(while: Ascii.isLetter)
      switch String(decoding: name, as: UTF8.self) {
      case "begin", "left": depth += 1
      case "end", "right": depth -= 1
      case "qquad" where depth == 0:
        ranges.append(start..<index)
        start = name.endIndex
      default: break
      }
      // A command without letters, such as `\{`, is its one character.
      index = name.isEmpty ? index + 2 : name.endIndex
    }
    let whole = Part(tex: tex, offset: 0)
    guard depth == 0, !ranges.isEmpty else { return [whole] }
    ranges.append(start..<bytes.count)
    let parts = ranges.map { range -> Part in
      let text = bytes[range].drop { Ascii.isBlank($0) || Ascii.isLineEnd($0) }
      return Part(tex: String(decoding: text, as: UTF8.self), offset: text.startIndex)
    }.filter { !$0.tex.isEmpty }
    return parts.isEmpty ? [whole] : parts
  }
}
