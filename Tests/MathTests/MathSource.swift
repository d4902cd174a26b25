import Foundation

/// A call in the sources of Math: what is called, and what stands between the parentheses.
struct MathCall {
  let name: String
  let arguments: String
}

/// A function, initialiser or subscript as it stands in the sources of Math.
struct MathDeclaration {
  let file: String
  let line: Int
  /// `func`, `init` or `subscript`.
  let kind: String
  /// Empty but for functions.
  let name: String
  let isPublic: Bool
  /// Whether it throws errors of its own, not only those of a closure.
  let isThrowing: Bool
  /// From the first modifier to the closing parenthesis of the parameters, in one line.
  let signature: String
  /// The lines of the documentation comment, without what marks them as one.
  let documentation: [String]
  let calls: [MathCall]

  /// Whether the caller's place comes as an argument.
  var takesPlace: Bool { signature.contains("file: StaticString") || signature.contains("_ line:") }
  var isOperator: Bool { name.first.map { !$0.isLetter } ?? false }
  var place: String { "\(file):\(line) \(kind) \(name)" }

  func calls(of names: Set<String>) -> [MathCall] { calls.filter { names.contains($0.name) } }
}

/// The sources of Math, read once for tests that hold all of it to a rule.
struct MathSource {
  static let files: [MathSource] = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/Math")
    let found = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    let urls = (found?.allObjects as? [URL]) ?? []
    return urls.filter { $0.pathExtension == "swift" }.sorted { $0.path() < $1.path() }.compactMap {
      guard let data = try? Data(contentsOf: $0) else { return nil }
      return MathSource(
        name: String($0.path().dropFirst(root.path().count + 1)), bytes: Array(data))
    }
  }()

  static let declarations = files.flatMap(\.declarations)

  /// A source as it might stand in Math.
  init(name: String, text: String) { self.init(name: name, bytes: Array(text.utf8)) }

  /// The path under `Sources/Math`.
  let name: String
  /// The text, with blanks for comments.
  private let bytes: [UInt8]
  /// The lines as they stand there.
  private let original: [Substring]
  /// Where the brackets that open outside of strings close.
  private let closing: [Int: Int]
  private let parentheses: [Int]

  private init(name: String, bytes: [UInt8]) {
    self.name = name
    original = String(decoding: bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    var text = bytes
    var (closing, parentheses, open): ([Int: Int], [Int], [Int]) = ([:], [], [])
    var (isString, isComment) = (false, false)
    for i in text.indices {
      let c = text[i]
      if c == UInt8(ascii: "\n") { isComment = false }
      if isComment {
        text[i] = UInt8(ascii: " ")
        continue
      }
      if c == UInt8(ascii: "\""), i == 0 || text[i - 1] != UInt8(ascii: "\\") { isString.toggle() }
      if isString { continue }
      switch c {
      case UInt8(ascii: "/") where i + 1 < text.count && text[i + 1] == c:
        isComment = true
        text[i] = UInt8(ascii: " ")
      case UInt8(ascii: "("), UInt8(ascii: "{"):
        open.append(i)
        if c == UInt8(ascii: "(") { parentheses.append(i) }
      case UInt8(ascii: ")"), UInt8(ascii: "}"):
        if let start = open.popLast() { closing[start] = i }
      default: break
      }
    }
    self.bytes = text
    self.closing = closing
    self.parentheses = parentheses
  }

  /// The lines, without comments.
  var lines: [Substring] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// Every call in the file.
  var calls: [MathCall] { calls(in: bytes.indices) }

  private func calls(in range: Range<Int>) -> [MathCall] {
    parentheses.compactMap { open in
      guard range.contains(open), let close = closing[open] else { return nil }
      var end = open
      if end > 0 && bytes[end - 1] == UInt8(ascii: "`") { end -= 1 }
      var start = end
      while start > 0 && Self.isWord(bytes[start - 1]) { start -= 1 }
      if start == end { return nil }
      return MathCall(name: text(start..<end), arguments: text(open..<(close + 1)))
    }
  }

  var declarations: [MathDeclaration] {
    var list: [MathDeclaration] = []
    var start = 0
    var line = 1
    for (i, c) in bytes.enumerated() where c == UInt8(ascii: "\n") {
      if let found = declaration(start..<i, line) { list.append(found) }
      (start, line) = (i + 1, line + 1)
    }
    return list
  }

  private func declaration(_ range: Range<Int>, _ line: Int) -> MathDeclaration? {
    let words = text(range).split { " (<".contains($0) }.map(String.init)
    let modifiers: Set<String> = [
      "public", "package", "private", "fileprivate", "override", "static", "class", "final",
      "convenience", "mutating", "prefix", "@inline", "@discardableResult", "__always)",
    ]
    let head = words.prefix { modifiers.contains($0) }
    guard let kind = words.dropFirst(head.count).first,
      ["func", "init", "subscript"].contains(kind),
      let open = parentheses.first(where: { $0 > range.lowerBound }), let close = closing[open]
    else { return nil }
    let name = kind == "func" ? words.dropFirst(head.count + 1).first ?? "" : ""
    // A body opens before anything else closes or is declared; a requirement of a protocol has none.
    let rest = bytes[(close + 1)...].prefix { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "}") }
    let after = text(rest.startIndex..<rest.endIndex)
    let isDeclaredNext = ["func ", "var ", "let ", "init("].contains { after.contains($0) }
    let end = isDeclaredNext ? nil : closing[rest.endIndex]
    return MathDeclaration(
      file: self.name, line: line, kind: kind, name: name.filter { $0 != "`" },
      isPublic: head.contains("public"),
      isThrowing: !isDeclaredNext && after.contains(/\bthrows\b/),
      signature: text(range.lowerBound..<(close + 1)).split(whereSeparator: \.isWhitespace)
        .joined(separator: " "), documentation: documentation(above: line),
      calls: end.map { calls(in: rest.endIndex..<$0) } ?? [])
  }

  /// The documentation comment above a line, counted from 1, and above its attributes.
  private func documentation(above line: Int) -> [String] {
    let above = original[..<(line - 1)].reversed().map { $0.drop { $0 == " " } }
    let comment = above.drop { $0.hasPrefix("@") }.prefix { $0.hasPrefix("///") }
    return comment.reversed().map { String($0.dropFirst($0.hasPrefix("/// ") ? 4 : 3)) }
  }

  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  private static func isWord(_ c: UInt8) -> Bool {
    switch c {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
