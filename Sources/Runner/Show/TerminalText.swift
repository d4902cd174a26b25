/// Text from a lesson or its cells, made safe to print on a terminal.
package enum TerminalText {
  /// Returns a text whose every control character is visible and does nothing.
  ///
  /// A cell's output may hold escape sequences that clear the screen, retitle the window or hide what
  /// follows, and characters that reverse the direction of text. Line feeds and tabs stay.
  package static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: acts) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if acts(scalar) { result += name(of: scalar) } else { result.unicodeScalars.append(scalar) }
    }
    return result
  }

  /// Returns bytes as text; those that aren't UTF-8 come out as `\xNN`.
  package static func escaped(_ bytes: some Collection<UInt8>) -> String {
    let bytes = Array(bytes)
    var result = ""
    var start = 0
    while let bad = LessonLimits.firstInvalidByte(bytes, from: start) {
      result += escaped(String(decoding: bytes[start..<bad], as: UTF8.self))
      result += "\\x" + LessonLimits.hexadecimal(bytes[bad])
      start = bad + 1
    }
    return result + escaped(String(decoding: bytes[start...], as: UTF8.self))
  }

  /// True for a character that a terminal acts on, or that misleads the eye.
  package static func acts(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: false
    // Controls of both sets, and DEL between them.
    case 0x00...0x1F, 0x7F...0x9F: true
    // What joins emoji and letters of some scripts is harmless and stays.
    case 0x200C, 0x200D: false
    // Directions, separators and what is drawn as nothing.
    case 0xAD, 0x061C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF: true
    case 0xFFF9...0xFFFB, 0xE0000...0xE007F: true
    default: false
    }
  }

  private static func name(of scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\r": "\\r"
    case "\0": "\\0"
    default: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
    }
  }
}
