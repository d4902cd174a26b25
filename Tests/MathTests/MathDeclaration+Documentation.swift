extension MathDeclaration {
  /// The names of the parameters as the body sees them.
  var parameters: [String] {
    let name = /^(?:@\w+ )?(?:`?\w+`? )?`?(\w+)`?:/
    return pieces.compactMap { $0.firstMatch(of: name).map { String($0.1) } }
  }

  /// The names of the parameters that the documentation describes.
  var described: [String] {
    let alone = /^- Parameter (\w+): *\S/
    let listed = /^  - (\w+): *\S/
    return documentation.compactMap { line in
      (line.firstMatch(of: alone) ?? line.firstMatch(of: listed)).map { String($0.1) }
    }
  }

  /// The parameters that a caller is not told about; the caller's place, which nobody passes, is
  /// none of them.
  var undescribed: [String] {
    parameters.filter { !["file", "line"].contains($0) && !described.contains($0) }
  }

  /// What stands between the commas of the parameters.
  private var pieces: [Substring] {
    guard let start = signature.firstRange(of: kind)?.upperBound else { return [] }
    var pieces: [Substring] = []
    var (depth, isString) = (0, false)
    var piece = signature.endIndex
    for i in signature[start...].indices {
      let c = signature[i]
      if c == "\"" { isString.toggle() }
      if isString { continue }
      if "([{".contains(c) { depth += 1 }
      if ")]}".contains(c) { depth -= 1 }
      if depth == 1 && c == "(" && piece == signature.endIndex { piece = signature.index(after: i) }
      if (depth == 1 && c == ",") || (depth == 0 && c == ")") {
        pieces.append(signature[piece..<i].drop { $0 == " " })
        piece = signature.index(after: i)
      }
    }
    return pieces
  }
}
