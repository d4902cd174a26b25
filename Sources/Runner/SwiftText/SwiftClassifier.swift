/// Tells what the parts of Swift source text are, for colouring: tokens and their neighbours decide.
package struct SwiftClassifier {
  private let text: [UInt8]
  /// The tokens without comments, which say nothing about their neighbours.
  private let tokens: [SwiftToken]
  private let types: SwiftTypeNames

  /// Returns the runs that have a kind, in order; what lies between them is plain.
  package static func spans(of text: [UInt8]) -> [SwiftSpan] {
    let tokens = SwiftLexer.tokens(of: text)
    let classifier = SwiftClassifier(text, tokens.filter { $0.kind != .comment })
    var spans: [SwiftSpan] = []
    var index = 0
    for token in tokens {
      if token.kind == .comment {
        spans.append(SwiftSpan(.comment, token.bytes))
        continue
      }
      if let kind = classifier.kind(at: index) { spans.append(SwiftSpan(kind, token.bytes)) }
      index += 1
    }
    return spans
  }

  /// Returns the whole text in pieces, each with its kind or, where it is plain, with none.
  ///
  /// Joined, the pieces are the text again.
  package static func pieces(of text: String) -> [(kind: SwiftSpan.Kind?, text: String)] {
    let bytes = Array(text.utf8)
    var pieces: [(kind: SwiftSpan.Kind?, text: String)] = []
    var end = 0
    func append(_ kind: SwiftSpan.Kind?, _ range: Range<Int>) {
      if range.isEmpty { return }
      pieces.append((kind, String(decoding: bytes[range], as: UTF8.self)))
    }
    for span in spans(of: bytes) {
      append(nil, end..<span.bytes.lowerBound)
      append(span.kind, span.bytes)
      end = span.bytes.upperBound
    }
    append(nil, end..<bytes.count)
    return pieces
  }

  private init(_ text: [UInt8], _ tokens: [SwiftToken]) {
    self.text = text
    self.tokens = tokens
    types = SwiftTypeNames(text, tokens)
  }

  private func word(_ index: Int) -> String {
    guard tokens.indices.contains(index) else { return "" }
    return String(decoding: text[tokens[index].bytes], as: UTF8.self)
  }

  private func isWord(_ index: Int) -> Bool {
    guard tokens.indices.contains(index) else { return false }
    return tokens[index].kind == .word || tokens[index].kind == .quotedWord
  }

  private func kind(at index: Int) -> SwiftSpan.Kind? {
    switch tokens[index].kind {
    case .number: return .number
    case .string: return .string
    case .regex: return .regex
    case .comment: return .comment
    case .attribute: return .attribute
    case .directive: return .directive
    case .dollarWord: return .parameter
    case .operator: return .operator
    case .punctuation, .quotedWord: return nil
    case .poundWord:
      let word = word(index)
      if SwiftKeywords.poundDirectives.contains(word) { return .directive }
      return SwiftKeywords.pounds.contains(word) ? .keyword : .attribute
    case .word:
      let word = word(index)
      if isKeyword(word, at: index) { return .keyword }
      if self.word(index - 1) == "import" { return nil }
      return types.contains(word) ? .type : nil
    }
  }

  private func isKeyword(_ word: String, at index: Int) -> Bool {
    let previous = self.word(index - 1)
    let next = self.word(index + 1)
    if SwiftKeywords.reserved.contains(word) {
      if previous == "." { return word == "self" || word == "init" }
      return !isLabel(word, after: previous, before: next, at: index)
    }
    guard previous != ".", !["let", "var", "func", "case"].contains(previous) else { return false }
    // A word that acts on the next one stands on its line.
    let hasNextWord = isWord(index + 1) && !["in", "is", "as"].contains(next) && isSameLine(index)
    switch word {
    case "some", "any": return hasNextWord || (next == "~" && isSameLine(index))
    case "async": return ["throws", "->", "{", "in", "let", "rethrows"].contains(next)
    case "nonisolated" where next == "(", "unowned" where next == "(": return true
    case "nonisolated", "weak": return hasNextWord
    case _ where SwiftKeywords.modifiers.contains(word):
      let follows = tokens.indices.contains(index + 1) && tokens[index + 1].kind == .attribute
      return hasNextWord || follows
    case _ where SwiftKeywords.actions.contains(word): return hasNextWord
    case _ where SwiftKeywords.accessors.contains(word):
      return ["{", "}", "get", "set", "mutating", "nonmutating"].contains(previous)
        && ["{", "}", "(", "get", "set", "async", "throws"].contains(next)
    default: return false
    }
  }

  /// Whether a reserved word names an argument, as in `index(of:)` or `move(for time: Int)`.
  private func isLabel(_ word: String, after previous: String, before next: String, at index: Int)
    -> Bool
  {
    if SwiftKeywords.beforeColon.contains(word) { return false }
    if next == ":" { return true }
    let isFirst = previous == "(" || previous == ","
    return isFirst && isWord(index + 1) && self.word(index + 2) == ":"
      && !["let", "var", "inout", "case", "is", "as", "try", "await"].contains(word)
  }

  private func isSameLine(_ index: Int) -> Bool {
    let between = tokens[index].bytes.upperBound..<tokens[index + 1].bytes.lowerBound
    return !text[between].contains(where: Ascii.isLineEnd)
  }
}
