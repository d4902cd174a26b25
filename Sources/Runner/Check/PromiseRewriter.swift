/// Merges printed lines into the lines of an `output` fence.
struct PromiseRewriter {
  let source: SourceText
  let expected: ExpectedText
  let tolerance: NumberTolerance

  /// What the new fence is made of.
  private enum Piece {
    /// A line as it stands in the file.
    case kept(Int)
    case new([UInt8])
  }

  /// The most pairs of lines that are tried; beyond, the whole promise is replaced.
  private static let pairLimit = 250_000

  /// Returns the bytes to put between the fence lines.
  func rewritten(_ actual: [[UInt8]]) -> [UInt8] {
    var bytes: [UInt8] = []
    for piece in pieces(actual) {
      switch piece {
      case .kept(let index):
        let line = expected.firstLine + index
        bytes += source.bytes[source.line(line).lowerBound..<source.end(ofLine: line)]
      case .new(let text):
        var prefix = Array(expected.linePrefix.utf8)
        if text.isEmpty {
          while let last = prefix.last, Ascii.isBlank(last) { prefix.removeLast() }
        }
        bytes += prefix + text + lineEnd
      }
    }
    return bytes
  }

  /// The line end that the fence's own line has.
  private var lineEnd: ArraySlice<UInt8> {
    let line = source.position(at: max(expected.content.lowerBound - 1, 0)).line
    return source.bytes[source.line(line).upperBound..<source.end(ofLine: line)]
  }

  /// Returns the cheapest way from the promised lines to the printed ones.
  ///
  /// A line that matches and a line that `...` swallows cost nothing; a line replaced, added or removed
  /// costs one. So a `...` stays where something stands around it, and doesn't swallow what is promised.
  private func pieces(_ actual: [[UInt8]]) -> [Piece] {
    let wanted = expected.lines
    guard wanted.count * actual.count <= Self.pairLimit else { return actual.map(Piece.new) }
    enum Step { case keep, replace, add, remove, swallow, keepEllipsis }
    var matcher = LineMatcher(tolerance: tolerance)
    let width = actual.count + 1
    var costs = [Int](repeating: .max, count: (wanted.count + 1) * width)
    var steps = [Step](repeating: .add, count: costs.count)
    func improve(_ place: Int, _ cost: Int, _ step: Step) {
      if cost < costs[place] { (costs[place], steps[place]) = (cost, step) }
    }
    costs[0] = 0
    for i in 0...wanted.count {
      for j in 0...actual.count where i + j > 0 {
        let place = i * width + j
        let isEllipsis = i > 0 && wanted[i - 1].isEllipsis
        if i > 0, isEllipsis {
          improve(place, costs[place - width], .keepEllipsis)
          if j > 0 { improve(place, costs[place - 1], .swallow) }
        } else if i > 0, j > 0 {
          let isMatch = matcher.matches(wanted[i - 1].bytes, actual[j - 1])
          improve(place, costs[place - width - 1] + (isMatch ? 0 : 1), isMatch ? .keep : .replace)
        }
        if i > 0 { improve(place, costs[place - width] + 1, .remove) }
        if j > 0 { improve(place, costs[place - 1] + 1, .add) }
      }
    }
    var pieces: [Piece] = []
    var (i, j) = (wanted.count, actual.count)
    while i + j > 0 {
      switch steps[i * width + j] {
      case .keep:
        (i, j) = (i - 1, j - 1)
        pieces.append(.kept(i))
      case .replace:
        (i, j) = (i - 1, j - 1)
        pieces.append(.new(actual[j]))
      case .add:
        j -= 1
        pieces.append(.new(actual[j]))
      case .remove: i -= 1
      case .swallow: j -= 1
      case .keepEllipsis:
        i -= 1
        pieces.append(.kept(i))
      }
    }
    return pieces.reversed()
  }
}
