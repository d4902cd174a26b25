/// Markup for a page, in which interpolated text is escaped: here, and nowhere else.
///
///     let item: HTML = "<li>\(title)</li>"
///
/// Only literals and other `HTML` values bring tags in, so that nothing a lesson or a cell says can.
package struct HTML: Sendable, Equatable, ExpressibleByStringInterpolation {
  package private(set) var text: String

  package init(stringLiteral text: String) {
    self.text = text
  }

  package init(stringInterpolation: Interpolation) {
    text = stringInterpolation.text
  }

  /// Takes markup from a renderer that escapes by itself, such as KaTeX.
  package init(trusted text: String) {
    self.text = text
  }

  package var isEmpty: Bool { text.isEmpty }

  package static func += (html: inout HTML, more: HTML) {
    html.text += more.text
  }

  package static func + (first: HTML, second: HTML) -> HTML {
    HTML(trusted: first.text + second.text)
  }

  /// Gathers the pieces of a literal.
  package struct Interpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + interpolationCount * 16)
    }

    package mutating func appendLiteral(_ literal: String) {
      text += literal
    }

    package mutating func appendInterpolation(_ html: HTML) {
      text += html.text
    }

    package mutating func appendInterpolation(_ plain: some StringProtocol) {
      text += HTML.escaped(plain)
    }

    package mutating func appendInterpolation(_ number: Int) {
      text += String(number)
    }
  }

  /// Returns a text as HTML text or as a quoted attribute's value.
  ///
  /// Control characters, which HTML has no place for, become U+FFFD.
  static func escaped(_ plain: some StringProtocol) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(plain.utf8.count + 16)
    var previous: UInt8 = 0
    for byte in plain.utf8 {
      switch byte {
      case UInt8(ascii: "&"): bytes += Array("&amp;".utf8)
      case UInt8(ascii: "<"): bytes += Array("&lt;".utf8)
      case UInt8(ascii: ">"): bytes += Array("&gt;".utf8)
      case UInt8(ascii: "\""): bytes += Array("&quot;".utf8)
      case UInt8(ascii: "'"): bytes += Array("&#39;".utf8)
      case 0x09, 0x0A: bytes.append(byte)
      case 0x00...0x1F, 0x7F: bytes += Array("\u{FFFD}".utf8)
      case 0x80...0x9F where previous == 0xC2:
        // A control of the second set: its lead byte stands already.
        bytes.removeLast()
        bytes += Array("\u{FFFD}".utf8)
      default: bytes.append(byte)
      }
      previous = byte
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Sequence<HTML> {
  /// Returns all of it, one after the other.
  package func joined(separator: HTML = "") -> HTML {
    HTML(trusted: map(\.text).joined(separator: separator.text))
  }
}
