import FoundationEssentials
import LessonKit

/// A display as its channel carries it.
enum JSONLine {
  static func text(of display: Display) throws -> [UInt8] {
    Array(try JSONEncoder().encode(display)) + [UInt8(ascii: "\n")]
  }
}
