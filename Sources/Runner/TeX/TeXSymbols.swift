/// What TeX's commands stand for.
enum TeXSymbols {
  /// Returns the node of a character that stands for itself.
  static func node(for character: Character) -> TeXNode {
    switch character {
    case "+", "*": .symbol(character == "*" ? "∗" : "+", .binary)
    case "-": .symbol("−", .binary)
    case "=", "<", ">", ":": .symbol(String(character), .relation)
    case ",", ";": .symbol(String(character), .punctuation)
    case "(", "[": .symbol(String(character), .opening)
    case ")", "]", "!", "?": .symbol(String(character), .closing)
    default: .symbol(String(character), .ordinary)
    }
  }

  static let commands: [String: TeXNode] = {
    var nodes: [String: TeXNode] = [:]
    func add(_ role: TeXNode.Role, _ pairs: String) {
      let words = pairs.split(separator: " ").map(String.init)
      for index in stride(from: 0, to: words.count - 1, by: 2) {
        nodes[words[index]] = .symbol(words[index + 1], role)
      }
    }
    add(
      .ordinary,
      """
      alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι \
      kappa κ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ \
      upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ \
      Upsilon Υ Phi Φ Psi Ψ Omega Ω infty ∞ partial ∂ nabla ∇ ell ℓ hbar ℏ imath ı jmath ȷ Re ℜ Im ℑ \
      aleph ℵ forall ∀ exists ∃ nexists ∄ emptyset ∅ varnothing ∅ neg ¬ lnot ¬ top ⊤ bot ⊥ angle ∠ \
      triangle △ square □ Box □ blacksquare ■ prime ′ backslash \\ dots … ldots … cdots ⋯ vdots ⋮ \
      ddots ⋱ dotsc … dotsb ⋯ dotsm ⋯ degree ° checkmark ✓ star ⋆ | ‖ Vert ‖ vert | { { } } % % & & \
      # # $ $ _ _ lbrace { rbrace } S § dagger † ddagger ‡ clubsuit ♣ natural ♮ flat ♭ sharp ♯ \
      complement ∁ mho ℧ eth ð wp ℘ bigstar ★ lozenge ◊ surd √ colon :
      """)
    add(
      .binary,
      """
      cdot · times × div ÷ pm ± mp ∓ ast ∗ circ ∘ bullet • oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙ \
      cap ∩ cup ∪ sqcap ⊓ sqcup ⊔ wedge ∧ land ∧ vee ∨ lor ∨ setminus ∖ uplus ⊎ amalg ⨿ wr ≀ \
      bigtriangleup △ diamond ⋄ triangleleft ◁ triangleright ▷ boxplus ⊞ boxtimes ⊠
      """)
    add(
      .relation,
      """
      le ≤ leq ≤ leqslant ≤ ge ≥ geq ≥ geqslant ≥ ne ≠ neq ≠ equiv ≡ approx ≈ approxeq ≊ sim ∼ simeq ≃ \
      cong ≅ propto ∝ ll ≪ gg ≫ prec ≺ succ ≻ preceq ⪯ succeq ⪰ in ∈ ni ∋ notin ∉ subset ⊂ supset ⊃ \
      subseteq ⊆ supseteq ⊇ subsetneq ⊊ to → rightarrow → leftarrow ← gets ← leftrightarrow ↔ \
      Rightarrow ⇒ implies ⟹ Leftarrow ⇐ impliedby ⟸ Leftrightarrow ⇔ iff ⟺ mapsto ↦ longmapsto ⟼ \
      longrightarrow ⟶ longleftarrow ⟵ hookrightarrow ↪ hookleftarrow ↩ uparrow ↑ downarrow ↓ \
      Uparrow ⇑ Downarrow ⇓ updownarrow ↕ nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖ mid ∣ nmid ∤ \
      parallel ∥ perp ⊥ models ⊨ vdash ⊢ dashv ⊣ asymp ≍ doteq ≐ coloneqq ≔ triangleq ≜ defeq ≝ \
      lesssim ≲ gtrsim ≳ rightharpoonup ⇀ leftharpoonup ↼ rightleftharpoons ⇌ leadsto ⇝ \
      rightsquigarrow ⇝ xrightarrow → vcentcolon : therefore ∴ because ∵ smile ⌣ frown ⌢
      """)
    add(
      .opening,
      "langle ⟨ lfloor ⌊ lceil ⌈ lvert | lVert ‖ lbrack [ lgroup ( ulcorner ⌜ llbracket ⟦")
    add(
      .closing,
      "rangle ⟩ rfloor ⌋ rceil ⌉ rvert | rVert ‖ rbrack ] rgroup ) urcorner ⌝ rrbracket ⟧")
    nodes["{"] = .symbol("{", .opening)
    nodes["}"] = .symbol("}", .closing)
    for name in """
    sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth log ln lg exp det dim ker deg \
    hom arg
    """.split(separator: " ") {
      nodes[String(name)] = .symbol(String(name), .function)
    }
    for name in "max min sup inf lim limsup liminf Pr gcd argmax argmin".split(separator: " ") {
      nodes[String(name)] = .limits(.symbol(String(name), .function))
    }
    let large = """
      sum ∑ prod ∏ coprod ∐ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigvee ⋁ bigwedge ⋀ bigsqcup ⨆ \
      biguplus ⨄ bigodot ⨀
      """.split(separator: " ")
    for index in stride(from: 0, to: large.count - 1, by: 2) {
      nodes[String(large[index])] = .limits(.symbol(String(large[index + 1]), .large))
    }
    for (name, sign) in [("int", "∫"), ("iint", "∬"), ("iiint", "∭"), ("oint", "∮")] {
      nodes[name] = .symbol(sign, .large)
    }
    return nodes
  }()

  static let spaces = [
    ",": 1, ":": 1, ";": 1, " ": 1, "\n": 1, ">": 1, "!": 0, "quad": 2, "qquad": 4, "enspace": 1,
    "thinspace": 1, "medspace": 1, "thickspace": 1, "negthinspace": 0, "space": 1,
    "nobreakspace": 1,
    "/": 0,
  ]

  /// What says how something looks where we have one look.
  static let ignored: Set<String> = [
    "displaystyle", "textstyle", "scriptstyle", "scriptscriptstyle", "nonumber", "notag", "hfill",
    "strut", "mathstrut", "allowbreak", "nobreak", "relax", "normalsize", "small", "large", "Large",
    "footnotesize", "noindent", "centering", "hline", "limits", "nolimits", "mathsurround",
  ]

  static let accents: [String: TeXNode.Accent] = [
    "hat": .mark("\u{302}", wide: "^"), "widehat": .mark("\u{302}", wide: "^"),
    "check": .mark("\u{30C}", wide: "ˇ"), "tilde": .mark("\u{303}", wide: "~"),
    "widetilde": .mark("\u{303}", wide: "~"), "acute": .mark("\u{301}", wide: "´"),
    "grave": .mark("\u{300}", wide: "`"), "dot": .mark("\u{307}", wide: "."),
    "ddot": .mark("\u{308}", wide: ".."), "breve": .mark("\u{306}", wide: "˘"),
    "bar": .mark("\u{304}", wide: "_"), "vec": .mark("\u{20D7}", wide: "→"),
    "mathring": .mark("\u{30A}", wide: "°"), "overrightarrow": .mark("\u{20D7}", wide: "→"),
    "overline": .overline, "underline": .underline, "overbrace": .overbrace,
    "underbrace": .underbrace,
  ]

  static let negated = [
    "=": "≠", "∈": "∉", "≡": "≢", "∼": "≁", "≈": "≉", "≤": "≰", "≥": "≱", "<": "≮", ">": "≯",
    "⊂": "⊄", "⊆": "⊈", "∃": "∄", "∣": "∤", "∥": "∦", "→": "↛", "⇒": "⇏",
  ]

  static let sizes: Set<String> = [
    "big", "Big", "bigg", "Bigg", "bigl", "Bigl", "biggl", "Biggl", "bigr", "Bigr", "biggr",
    "Biggr",
    "bigm", "Bigm", "biggm", "Biggm",
  ]

  static func sizeRole(of name: String) -> TeXNode.Role {
    switch name.last {
    case "l": .opening
    case "r": .closing
    case "m": .relation
    default: .ordinary
    }
  }

  struct Environment {
    var opening = ""
    var closing = ""
    var columns: [TeXBox.Side] = [.center]
    var gap = 2
  }

  static let environments: [String: Environment] = [
    "matrix": Environment(), "smallmatrix": Environment(gap: 1),
    "pmatrix": Environment(opening: "(", closing: ")"),
    "bmatrix": Environment(opening: "[", closing: "]"),
    "Bmatrix": Environment(opening: "{", closing: "}"),
    "vmatrix": Environment(opening: "|", closing: "|"),
    "Vmatrix": Environment(opening: "‖", closing: "‖"),
    "array": Environment(), "cases": Environment(opening: "{", columns: [.left], gap: 2),
    "rcases": Environment(closing: "}", columns: [.left], gap: 2),
    "aligned": Environment(columns: [.right, .left], gap: 0),
    "align": Environment(columns: [.right, .left], gap: 0),
    "alignat": Environment(columns: [.right, .left], gap: 0),
    "alignedat": Environment(columns: [.right, .left], gap: 0),
    "split": Environment(columns: [.right, .left], gap: 0),
    "eqnarray": Environment(columns: [.right, .center, .left], gap: 1),
    "gathered": Environment(), "gather": Environment(), "equation": Environment(),
  ]
}
