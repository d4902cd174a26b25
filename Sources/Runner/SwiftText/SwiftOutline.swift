/// What a cell's text says at its top level: the modules it imports and the names it declares.
package struct SwiftOutline: Sendable, Equatable {
  /// Import statements as later cells repeat them, such as `import struct Foundation.Date`.
  package var imports: [String] = []
  /// The names declared anywhere but inside function bodies' locals; enough to tell who needs whom.
  package var declaredNames: Set<String> = []
  /// The byte offset of the first `await` outside every brace.
  package var topLevelAwait: Int?

  package init(of source: String) {
    let text = Array(source.utf8)
    let tokens = SwiftLexer.tokens(of: text).filter { $0.kind != .comment }
    func word(_ index: Int) -> String {
      guard tokens.indices.contains(index) else { return "" }
      return String(decoding: text[tokens[index].bytes], as: UTF8.self)
    }
    var braces = 0
    var conditions = 0
    for (index, token) in tokens.enumerated() {
      let spelling = word(index)
      switch token.kind {
      case .directive:
        if spelling.hasPrefix("#if") { conditions += 1 }
        if spelling.hasPrefix("#endif") { conditions -= 1 }
      case .punctuation where spelling == "{": braces += 1
      case .punctuation where spelling == "}": braces -= 1
      case .word where spelling == "import" && braces == 0:
        if let statement = Self.importStatement(after: index, tokens: tokens, word: word) {
          imports.append(
            conditions == 0
              ? statement.text
              : "#if canImport(\(statement.module))\n\(statement.text)\n#endif")
        }
      case .word where spelling == "await" && braces == 0 && word(index - 1) != ".":
        if topLevelAwait == nil { topLevelAwait = token.bytes.lowerBound }
      case .word where Self.introducers.contains(spelling) && word(index - 1) != ".":
        declaredNames.formUnion(Self.names(after: index, tokens: tokens, word: word))
      default: break
      }
    }
  }

  private static let introducers: Set = [
    "let", "var", "func", "struct", "class", "enum", "protocol", "typealias", "actor", "operator",
    "precedencegroup", "macro", "case", "associatedtype",
  ]
  private static let importKinds: Set = [
    "struct", "class", "enum", "protocol", "typealias", "func", "var", "let",
  ]

  private static func importStatement(
    after index: Int, tokens: [SwiftToken], word: (Int) -> String
  ) -> (text: String, module: String)? {
    var next = index + 1
    var kind = ""
    if importKinds.contains(word(next)) {
      kind = word(next) + " "
      next += 1
    }
    guard tokens.indices.contains(next), tokens[next].kind == .word else { return nil }
    let module = word(next)
    var path = module
    while word(next + 1) == ".", tokens.indices.contains(next + 2), tokens[next + 2].kind == .word {
      path += "." + word(next + 2)
      next += 2
    }
    return ("import \(kind)\(path)", module)
  }

  /// The names that a declaration introduces: one for most, several for `let a, b` and patterns.
  private static func names(
    after index: Int, tokens: [SwiftToken], word: (Int) -> String
  ) -> Set<String> {
    var names: Set<String> = []
    var next = index + 1
    let isPattern = ["let", "var", "case"].contains(word(index))
    while tokens.indices.contains(next) {
      let spelling = word(next)
      switch tokens[next].kind {
      case .word: names.insert(spelling)
      case .quotedWord: names.insert(String(spelling.dropFirst().dropLast()))
      case .operator where names.isEmpty && !isPattern: names.insert(spelling)
      case .punctuation where isPattern && (spelling == "(" || spelling == "," || spelling == ")"):
        break
      default: return names
      }
      if !isPattern { return names }
      // `let a: Int, b: Int` and `let a = 1, b = 2` name the rest after their own comma.
      next += 1
      let after = word(next)
      if after != "," && after != ")" && after != "(" { return names }
    }
    return names
  }
}
