/// Reads the part of TeX that lessons use.
///
/// Whatever it doesn't know is an error: half a formula would be a wrong one.
struct TeXParser {
  private let text: [Character]
  private var at = 0
  private var depth = 0
  private static let depthLimit = 40
  private static let lengthLimit = 8_000

  static func parse(_ tex: String) throws(TeXError) -> [TeXNode] {
    guard tex.utf8.count <= lengthLimit else { throw TeXError(message: "the formula is too long") }
    var parser = TeXParser(text: Array(tex))
    let nodes = try parser.list { $0 == nil }
    guard parser.peek() == nil else { throw TeXError(message: "unbalanced braces") }
    return nodes
  }

  private init(text: [Character]) {
    self.text = text
  }

  private enum Token: Equatable {
    case character(Character)
    case command(String)
  }

  /// Returns the next token and the offset past it; blanks and comments are skipped.
  private func token() -> (Token, end: Int)? {
    var index = at
    while index < text.count {
      if text[index].isWhitespace {
        index += 1
      } else if text[index] == "%" {
        while index < text.count, !text[index].isNewline { index += 1 }
      } else {
        break
      }
    }
    guard index < text.count else { return nil }
    guard text[index] == "\\" else { return (.character(text[index]), index + 1) }
    var end = index + 1
    while end < text.count, text[end].isASCII, text[end].isLetter { end += 1 }
    if end == index + 1, end < text.count { end += 1 }
    return (.command(String(text[(index + 1)..<end])), end)
  }

  private func peek() -> Token? { token()?.0 }

  private mutating func next() -> Token? {
    guard let (token, end) = token() else {
      at = text.count
      return nil
    }
    at = end
    return token
  }

  /// Reads nodes up to a token that ends them, which stays.
  private mutating func list(until isEnd: (Token?) -> Bool) throws(TeXError) -> [TeXNode] {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.depthLimit else { throw TeXError(message: "the formula nests too deeply") }
    var nodes: [TeXNode] = []
    while true {
      let token = peek()
      if isEnd(token) { return nodes }
      guard let token else { throw TeXError(message: "the formula ends too early") }
      switch token {
      case .character("}"), .character("&"), .command("right"), .command("end"), .command("middle"):
        return nodes
      case .character("^"), .character("_"), .character("'"):
        try scripts(on: &nodes)
      case .command("limits"), .command("nolimits"):
        _ = next()
        limits(token == .command("limits"), on: &nodes)
      case .command("over"), .command("choose"), .command("atop"):
        _ = next()
        let below = try list(until: isEnd)
        let fraction = TeXNode.fraction(nodes, below, hasBar: token == .command("over"))
        return token == .command("choose") ? [.delimited("(", [fraction], ")")] : [fraction]
      case .command("not"):
        _ = next()
        try negation(into: &nodes)
      default: nodes += try atom()
      }
    }
  }

  private mutating func limits(_ isAbove: Bool, on nodes: inout [TeXNode]) {
    guard let last = nodes.popLast() else { return }
    switch last {
    case .limits(let inner): nodes.append(isAbove ? last : inner)
    default: nodes.append(isAbove ? .limits(last) : last)
    }
  }

  private mutating func negation(into nodes: inout [TeXNode]) throws(TeXError) {
    guard let node = try atom().first, case .symbol(let name, let role) = node else {
      throw TeXError(message: "nothing to negate")
    }
    nodes.append(.symbol(TeXSymbols.negated[name] ?? name + "\u{0338}", role))
  }

  private mutating func scripts(on nodes: inout [TeXNode]) throws(TeXError) {
    var base = nodes.popLast()
    var lower: [TeXNode] = []
    var upper: [TeXNode] = []
    while let token = peek() {
      if token == .character("_") {
        _ = next()
        guard lower.isEmpty else { throw TeXError(message: "two lower scripts") }
        lower = try argument()
      } else if token == .character("^") {
        _ = next()
        guard upper.allSatisfy({ $0 == .symbol("′", .ordinary) }) else {
          throw TeXError(message: "two upper scripts")
        }
        upper += try argument()
      } else if token == .character("'") {
        _ = next()
        upper.append(.symbol("′", .ordinary))
      } else if token == .command("limits") || token == .command("nolimits") {
        _ = next()
        if token == .command("limits"), let inner = base { base = .limits(inner) }
      } else {
        break
      }
    }
    if case .stacked(let above, let inner, let below)? = base {
      // Braces take their scripts as labels.
      nodes.append(.stacked(above: above + upper, inner, below: below + lower))
    } else {
      nodes.append(.scripts(base: base, lower: lower, upper: upper))
    }
  }

  /// Reads `{…}` or a single atom.
  private mutating func argument() throws(TeXError) -> [TeXNode] {
    guard let token = peek() else { throw TeXError(message: "an argument is missing") }
    guard token == .character("{") else { return try atom() }
    _ = next()
    let nodes = try list { $0 == .character("}") }
    guard next() == .character("}") else { throw TeXError(message: "a brace is missing") }
    return nodes
  }

  /// Reads `[…]` where it stands.
  private mutating func option() throws(TeXError) -> [TeXNode] {
    guard peek() == .character("[") else { return [] }
    _ = next()
    let nodes = try list { $0 == .character("]") }
    guard next() == .character("]") else { throw TeXError(message: "a bracket is missing") }
    return nodes
  }

  /// Reads `{…}` as it is written.
  private mutating func verbatim() throws(TeXError) -> String {
    guard next() == .character("{") else { throw TeXError(message: "a brace is missing") }
    var open = 1
    var result = ""
    while at < text.count {
      let character = text[at]
      at += 1
      if character == "{" { open += 1 }
      if character == "}" {
        open -= 1
        if open == 0 { return result }
      }
      if character == "\\", at < text.count, !text[at].isLetter {
        result.append(text[at])
        at += 1
        continue
      }
      if character == "\\" { throw TeXError(message: "a command in words") }
      if character == "$" { throw TeXError(message: "a formula in words") }
      result.append(character == "~" || character.isNewline ? " " : character)
    }
    throw TeXError(message: "a brace is missing")
  }

  private mutating func atom() throws(TeXError) -> [TeXNode] {
    switch next() {
    case nil: throw TeXError(message: "the formula ends too early")
    case .character("{"):
      let nodes = try list { $0 == .character("}") }
      guard next() == .character("}") else { throw TeXError(message: "a brace is missing") }
      return [.group(nodes)]
    case .character("}"), .character("&"), .character("#"), .character("$"):
      throw TeXError(message: "a mark stands where it can't")
    case .character("~"): return [.space(1)]
    case .character(let character): return [TeXSymbols.node(for: character)]
    case .command(let name): return try command(name)
    }
  }

  private mutating func command(_ name: String) throws(TeXError) -> [TeXNode] {
    if let node = TeXSymbols.commands[name] { return [node] }
    if let space = TeXSymbols.spaces[name] { return space > 0 ? [.space(space)] : [] }
    if TeXSymbols.ignored.contains(name) { return [] }
    if let accent = TeXSymbols.accents[name] {
      let body = try argument()
      switch accent {
      case .overbrace, .underbrace: return [.stacked(above: [], .accent(accent, body), below: [])]
      default: return [.accent(accent, body)]
      }
    }
    if let alphabet = TeXAlphabet(rawValue: name) { return [try alphabet.apply(argument())] }
    switch name {
    case "frac", "dfrac", "tfrac", "cfrac":
      return [.fraction(try argument(), try argument(), hasBar: true)]
    case "binom", "dbinom", "tbinom":
      let above = try argument()
      return [.delimited("(", [.fraction(above, try argument(), hasBar: false)], ")")]
    case "sqrt":
      let degree = try option()
      return [.root(try argument(), degree: degree)]
    case "text", "textrm", "textnormal", "mbox", "hbox", "textbf", "textit", "texttt", "textsf":
      return [.text(try verbatim())]
    case "operatorname":
      let hasLimits = peek() == .character("*")
      if hasLimits { _ = next() }
      let word = TeXNode.symbol(try argument().map(Self.plain).joined(), .function)
      return [hasLimits ? .limits(word) : word]
    case "left": return [try delimited()]
    case "begin": return [try environment()]
    case "overset", "stackrel":
      let above = try argument()
      return [.stacked(above: above, .group(try argument()), below: [])]
    case "underset":
      let below = try argument()
      return [.stacked(above: [], .group(try argument()), below: below)]
    case "substack":
      guard next() == .character("{") else { throw TeXError(message: "a brace is missing") }
      let rows = try self.rows { $0 == .character("}") }
      _ = next()
      return [
        .matrix(
          TeXNode.Matrix(rows: rows, opening: "", closing: "", columns: [.center], gap: 0))
      ]
    case "boxed", "fbox": return [.boxed(try argument())]
    case "phantom", "hphantom", "vphantom":
      let body = try argument()
      return name == "vphantom" ? [] : [.phantom(body)]
    case "tag":
      if peek() == .character("*") { _ = next() }
      return [.tag([.text(try verbatim())])]
    case "label":
      _ = try verbatim()
      return []
    case "mathop": return [.limits(.group(try argument()))]
    case "mathbin": return [.symbol(try argument().map(Self.plain).joined(), .binary)]
    case "mathrel": return [.symbol(try argument().map(Self.plain).joined(), .relation)]
    case "color", "textcolor":
      _ = try verbatim()
      return name == "color" ? [] : [.group(try argument())]
    case "\\", "newline", "cr":
      _ = try option()
      return [.lineBreak]
    case "pmod": return [.space(1), .delimited("(", [.text("mod ")] + (try argument()), ")")]
    case "bmod": return [.symbol("mod", .binary)]
    case let name where TeXSymbols.sizes.contains(name):
      return [.symbol(try delimiter(), TeXSymbols.sizeRole(of: name))]
    default: throw TeXError(message: "unknown command \\\(name)")
    }
  }

  private static func plain(_ node: TeXNode) -> String {
    switch node {
    case .symbol(let text, _), .text(let text): text
    case .group(let nodes): nodes.map(plain).joined()
    case .space(let count): String(repeating: " ", count: min(count, 1))
    default: ""
    }
  }

  private mutating func delimiter() throws(TeXError) -> String {
    switch next() {
    case .character("."): return ""
    case .character("<"): return "⟨"
    case .character(">"): return "⟩"
    case .character(let character): return String(character)
    case .command(let name):
      if case .symbol(let text, _) = TeXSymbols.commands[name] { return text }
      throw TeXError(message: "no delimiter: \\\(name)")
    case nil: throw TeXError(message: "a delimiter is missing")
    }
  }

  private mutating func delimited() throws(TeXError) -> TeXNode {
    var opening = try delimiter()
    var parts: [TeXNode] = []
    while true {
      let nodes = try list { $0 == .command("right") }
      switch next() {
      case .command("right"):
        let closing = try delimiter()
        guard !parts.isEmpty else { return .delimited(opening, nodes, closing) }
        return .group(parts + [.delimited(opening, nodes, closing)])
      case .command("middle"):
        parts.append(.delimited(opening, nodes, ""))
        opening = try delimiter()
      default: throw TeXError(message: "a \\left without \\right")
      }
    }
  }

  /// Reads cells and rows up to a token that ends them, which stays.
  private mutating func rows(until isEnd: (Token?) -> Bool) throws(TeXError) -> [[[TeXNode]]] {
    var rows: [[[TeXNode]]] = [[]]
    while true {
      let nodes = try list { token in
        isEnd(token) || token == .command("\\") || token == .command("cr")
      }
      rows[rows.count - 1].append(nodes)
      let token = peek()
      if isEnd(token) || token == .command("end") { break }
      switch next() {
      case .character("&"): break
      case .command:
        _ = try option()
        rows.append([])
      default: throw TeXError(message: "a row ends too early")
      }
    }
    // A break after the last row opens none.
    if let last = rows.last, rows.count > 1, last.allSatisfy(\.isEmpty) { rows.removeLast() }
    return rows
  }

  private mutating func environment() throws(TeXError) -> TeXNode {
    let name = try verbatim()
    let kind = name.hasSuffix("*") ? String(name.dropLast()) : name
    guard let style = TeXSymbols.environments[kind] else {
      throw TeXError(message: "unknown environment \(name)")
    }
    var columns = style.columns
    if kind == "array" || kind == "alignedat" || kind == "alignat" {
      let letters = try verbatim()
      if kind == "array" {
        columns = letters.compactMap { ["l": .left, "c": .center, "r": .right][$0] }
      }
    }
    let rows = try rows { $0 == .command("end") }
    guard next() == .command("end"), try verbatim() == name else {
      throw TeXError(message: "\(name) is not ended")
    }
    return .matrix(
      TeXNode.Matrix(
        rows: rows, opening: style.opening, closing: style.closing,
        columns: columns.isEmpty ? [.center] : columns, gap: style.gap))
  }
}
