/// The alphabets of mathematics that Unicode has beside the usual one.
enum TeXAlphabet: String {
  case mathbf, mathbb, mathcal, mathscr, mathfrak, mathrm, mathit, mathsf, mathtt, mathnormal
  case boldsymbol, bm, bf, rm

  /// Returns what an argument's letters become.
  func apply(_ nodes: [TeXNode]) -> TeXNode {
    .group(nodes.map(apply))
  }

  private func apply(_ node: TeXNode) -> TeXNode {
    switch node {
    case .symbol(let text, let role): .symbol(String(text.map(letter)), role)
    case .group(let nodes): .group(nodes.map(apply))
    case .scripts(let base, let lower, let upper):
      .scripts(base: base.map(apply), lower: lower.map(apply), upper: upper.map(apply))
    case .accent(let accent, let nodes): .accent(accent, nodes.map(apply))
    default: node
    }
  }

  private func letter(_ character: Character) -> Character {
    guard let scalar = character.unicodeScalars.first, character.unicodeScalars.count == 1 else {
      return character
    }
    if let exception = exceptions[character] { return exception }
    let value = scalar.value
    let code: UInt32? =
      switch value {
      case 0x41...0x5A: capitals.map { $0 + value - 0x41 }
      case 0x61...0x7A: capitals.map { $0 + 26 + value - 0x61 }
      case 0x30...0x39: digits.map { $0 + value - 0x30 }
      case 0x391...0x3A9 where isBold: 0x1D6A8 + value - 0x391
      case 0x3B1...0x3C9 where isBold: 0x1D6C2 + value - 0x3B1
      default: nil
      }
    return code.flatMap(Unicode.Scalar.init).map(Character.init) ?? character
  }

  private var isBold: Bool {
    switch self {
    case .mathbf, .boldsymbol, .bm, .bf: true
    default: false
    }
  }

  /// Where the capital letters begin; the small ones follow them.
  private var capitals: UInt32? {
    switch self {
    case .mathbf, .boldsymbol, .bm, .bf: 0x1D400
    case .mathbb: 0x1D538
    case .mathcal, .mathscr: 0x1D49C
    case .mathfrak: 0x1D504
    case .mathsf, .mathtt, .mathrm, .mathit, .mathnormal, .rm: nil
    }
  }

  private var digits: UInt32? {
    switch self {
    case .mathbf, .boldsymbol, .bm, .bf: 0x1D7CE
    case .mathbb: 0x1D7D8
    default: nil
    }
  }

  /// Letters that Unicode had before it had the alphabets.
  private var exceptions: [Character: Character] {
    switch self {
    case .mathbb:
      ["C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ"]
    case .mathcal, .mathscr:
      [
        "B": "ℬ", "E": "ℰ", "F": "ℱ", "H": "ℋ", "I": "ℐ", "L": "ℒ", "M": "ℳ", "R": "ℛ",
        "e": "ℯ", "g": "ℊ", "o": "ℴ",
      ]
    case .mathfrak: ["C": "ℭ", "H": "ℌ", "I": "ℑ", "R": "ℜ", "Z": "ℨ"]
    default: [:]
    }
  }
}
