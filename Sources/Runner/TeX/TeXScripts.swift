/// Characters that Unicode has raised or lowered.
enum TeXScripts {
  /// Returns a text raised, or nil where one of its characters has no such form.
  static func raised(_ text: String) -> String? { mapped(text, raised) }

  static func lowered(_ text: String) -> String? { mapped(text, lowered) }

  private static func mapped(_ text: String, _ table: [Character: Character]) -> String? {
    var result = ""
    for character in text where character != " " {
      guard let found = table[character] else { return nil }
      result.append(found)
    }
    return result
  }

  private static let raised = table(
    "0123456789+−-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθφχ′⊤∗",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᵠᵡ′ᵀ*")

  private static let lowered = table(
    "0123456789+−-=()aehijklmnoprstuvxβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ")

  private static func table(_ from: String, _ to: String) -> [Character: Character] {
    Dictionary(zip(from, to), uniquingKeysWith: { first, _ in first })
  }
}
