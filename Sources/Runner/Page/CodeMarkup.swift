/// Code as markup.
enum CodeMarkup {
  /// Returns a block of code, which takes the keyboard where a phone has to scroll it.
  static func block(_ code: String, isSwift: Bool, name: String = "") -> HTML {
    let widest = code.split(separator: "\n").map { TerminalText.width(of: String($0)) }.max() ?? 0
    let label: HTML = name.isEmpty ? "" : " aria-label=\"\(name)\" role=\"region\""
    let scroll: HTML = widest > 34 ? " tabindex=\"0\"\(label)" : ""
    return "<pre class=\"code\"\(scroll)><code>\(isSwift ? swift(code) : "\(code)")</code></pre>\n"
  }

  /// Swift with a class for each kind of word.
  static func swift(_ code: String) -> HTML {
    SwiftClassifier.pieces(of: code).map { kind, text -> HTML in
      let shown = TerminalText.escaped(text)
      guard let kind, kind != .operator, kind != .parameter else { return "\(shown)" }
      return "<span class=\"\(kind.rawValue)\">\(shown)</span>"
    }.joined()
  }
}
