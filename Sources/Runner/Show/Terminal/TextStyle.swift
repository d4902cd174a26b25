/// How a run of text is set off on a terminal that shows colours.
package struct TextStyle: Sendable, Equatable {
  /// The colours that every terminal has, in whatever tone its reader chose.
  package enum Color: Int, Sendable {
    case red = 31
    case green, yellow, blue, magenta, cyan
  }

  package var color: Color?
  package var isBold = false
  package var isDim = false
  package var isItalic = false
  package var isUnderlined = false

  package init(
    color: Color? = nil, isBold: Bool = false, isDim: Bool = false, isItalic: Bool = false,
    isUnderlined: Bool = false
  ) {
    self.color = color
    self.isBold = isBold
    self.isDim = isDim
    self.isItalic = isItalic
    self.isUnderlined = isUnderlined
  }

  static let plain = TextStyle()
  static let dim = TextStyle(isDim: true)
  static let bold = TextStyle(isBold: true)

  /// The parameters of the escape sequence that switches the style on; empty for plain text.
  fileprivate var parameters: String {
    var codes: [String] = []
    if isBold { codes.append("1") }
    if isDim { codes.append("2") }
    if isItalic { codes.append("3") }
    if isUnderlined { codes.append("4") }
    if let color { codes.append(String(color.rawValue)) }
    return codes.joined(separator: ";")
  }

  /// The style of a run of Swift.
  init(_ kind: SwiftSpan.Kind?) {
    self.init()
    switch kind {
    case .keyword: color = .magenta
    case .type: color = .cyan
    case .number, .parameter: color = .blue
    case .string: color = .green
    case .regex: color = .red
    case .attribute, .directive: color = .yellow
    case .comment: (isDim, isItalic) = (true, true)
    case .operator, nil: break
    }
  }
}

/// A run of text in one style.
struct TextRun: Equatable {
  /// Safe to show: it went through `TerminalText.escaped`.
  private(set) var text: String
  var style = TextStyle.plain
  /// Where the text leads, on terminals that are asked to link.
  var link: String?
  /// Whether its blanks are no places to break a line at, such as those of a formula.
  var isUnbroken = false
  /// The neighbour that it stays on a line with, as a mark with what it marks.
  var neighbour: Neighbour?

  enum Neighbour { case previous, next }

  init(
    _ text: String, _ style: TextStyle = .plain, link: String? = nil, isUnbroken: Bool = false,
    with neighbour: Neighbour? = nil
  ) {
    self.text = TerminalText.escaped(text)
    self.style = style
    self.link = link
    self.isUnbroken = isUnbroken
    self.neighbour = neighbour
  }
}

extension Style {
  /// Returns a text that is safe to show, in a style.
  func set(_ text: String, _ style: TextStyle) -> String {
    let parameters = style.parameters
    guard isColored, !text.isEmpty, !parameters.isEmpty else { return text }
    return "\u{1B}[\(parameters)m\(text)\u{1B}[0m"
  }

  /// Returns runs as the text of one line.
  func line(_ runs: [TextRun], isLinking: Bool = false) -> String {
    runs.map { run in
      let text = set(run.text, run.style)
      guard isLinking, let link = run.link else { return text }
      return "\u{1B}]8;;\(link)\u{1B}\\\(text)\u{1B}]8;;\u{1B}\\"
    }.joined()
  }
}

extension [TextRun] {
  var width: Int { reduce(0) { $0 + TerminalText.width(of: $1.text) } }
}
