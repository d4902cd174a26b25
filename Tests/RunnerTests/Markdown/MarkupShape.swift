/// The tags and texts of markup, without what only dresses it: classes, ids, blanks between blocks.
struct MarkupShape: Equatable, CustomStringConvertible {
  private enum Piece: Equatable {
    case tag(String)
    case text(String)
  }

  private var pieces: [Piece] = []

  var description: String {
    pieces.map { piece in
      switch piece {
      case .tag(let tag): "<\(tag)>"
      case .text(let text): text
      }
    }.joined(separator: "¦")
  }

  init(_ markup: String) {
    var rest = markup[...]
    var depth = 0
    while !rest.isEmpty {
      if rest.first == "<", let end = rest.firstIndex(of: ">") {
        let tag = rest[rest.index(after: rest.startIndex)..<end]
        rest = rest[rest.index(after: end)...]
        // The sign beside a heading that leads to it.
        if tag.hasPrefix("a class=\"anchor\""), let close = rest.firstRange(of: "</a>") {
          rest = rest[close.upperBound...]
          continue
        }
        add(tag: Self.shape(of: tag))
        if tag.hasPrefix("pre") { depth += 1 } else if tag == "/pre" { depth -= 1 }
      } else {
        let end = rest.firstIndex(of: "<") ?? rest.endIndex
        add(text: String(rest[..<end]), isVerbatim: depth > 0)
        rest = rest[end...]
      }
    }
    trimEnd()
  }

  private static let inlineTags: Set<String> = ["a", "em", "strong", "code", "span"]

  private static func isBlock(_ tag: String) -> Bool {
    let name = tag.drop { $0 == "/" }.prefix { $0 != " " }
    return !inlineTags.contains(String(name))
  }

  private mutating func add(tag: String) {
    if Self.isBlock(tag), tag != "/pre" { trimEnd() }
    pieces.append(.tag(tag))
  }

  private mutating func add(text: String, isVerbatim: Bool) {
    var text = text
    for (entity, character) in [
      ("&quot;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"),
    ] { text.replace(entity, with: character) }
    if !isVerbatim {
      let isAtStart: Bool
      if case .tag(let tag)? = pieces.last {
        isAtStart = Self.isBlock(tag)
      } else {
        isAtStart = pieces.isEmpty
      }
      if isAtStart { text = String(text.drop { $0 == "\n" || $0 == " " }) }
    }
    guard !text.isEmpty else { return }
    if case .text(let before)? = pieces.last {
      pieces[pieces.count - 1] = .text(before + text)
    } else {
      pieces.append(.text(text))
    }
  }

  private mutating func trimEnd() {
    guard case .text(var text)? = pieces.last else { return }
    while text.last == "\n" || text.last == " " { text.removeLast() }
    if text.isEmpty { pieces.removeLast() } else { pieces[pieces.count - 1] = .text(text) }
  }

  /// Returns a tag's name, with what a link or a list needs.
  private static func shape(of tag: Substring) -> String {
    let name = String(tag.prefix { $0 != " " && $0 != "\n" })
    let kept = ["href", "title", "start"].compactMap { attribute -> String? in
      guard let start = tag.firstRange(of: " \(attribute)=\"") else { return nil }
      return "\(attribute)=\(tag[start.upperBound...].prefix { $0 != "\"" })"
    }
    return ([name] + (name == "a" || name == "ol" ? kept : [])).joined(separator: " ")
  }
}
