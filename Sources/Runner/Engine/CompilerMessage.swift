/// One message of the compiler, at a position in a cell.
package struct CompilerMessage: Sendable, Equatable {
  package var severity: Diagnostic.Severity
  /// The cell's id, or another name where the message is about generated or foreign text.
  package var file: String
  package var line: Int
  package var column: Int
  package var text: String

  /// Reads the messages out of what the frontend printed in its `llvm` style; source excerpts between
  /// them are left out.
  package static func parse(_ output: [UInt8]) -> [CompilerMessage] {
    output.split(separator: 10).compactMap { Self(line: String(decoding: $0, as: UTF8.self)) }
  }

  /// Reads `file:line:column: severity: text`.
  private init?(line: String) {
    for severity in [Diagnostic.Severity.error, .warning, .note] {
      let mark = ": \(severity.rawValue): "
      guard let found = line.firstRange(of: mark) else { continue }
      var place = line[..<found.lowerBound].split(separator: ":", omittingEmptySubsequences: false)
      guard place.count >= 2, let last = Int(place.removeLast()) else { continue }
      if place.count >= 2, let first = Int(place[place.count - 1]) {
        place.removeLast()
        (self.line, column) = (first, last)
      } else {
        (self.line, column) = (last, 1)
      }
      self.severity = severity
      file = place.joined(separator: ":")
      text = String(line[found.upperBound...])
      return
    }
    return nil
  }
}
