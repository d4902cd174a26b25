import Testing

@testable import Runner

@Suite struct TeXTextTests {
  private func shown(_ tex: String, width: Int = 80) -> String {
    TeXText.lines(tex, width: width)?.joined(separator: "\n") ?? "–"
  }

  @Test(arguments: [
    (#"\cos\theta"#, "cos θ"), (#"x_1^2 + y_i"#, "x₁² + yᵢ"), (#"a/b"#, "a/b"),
    (#"\frac12"#, "1/2"), (#"\frac{a+b}{c}"#, "(a + b)/c"), (#"\lVert v\rVert"#, "‖v‖"),
    (#"|a| + |b|"#, "|a| + |b|"), (#"\mathbb{R}^d"#, "ℝᵈ"), (#"\mathbf{x}"#, "𝐱"),
    (#"\hat v"#, "v\u{302}"), (#"-1"#, "−1"), (#"(1 - x)"#, "(1 − x)"), (#"e^{-z_i}"#, "e^(−zᵢ)"),
    (#"\sum_i p_i"#, "∑ᵢ pᵢ"), (#"\max(0, m - d)"#, "max(0, m − d)"), (#"\sqrt2"#, "√2"),
    (#"\sqrt{a+b}"#, "√(a + b)"), (#"p \mid q"#, "p ∣ q"), (#"f'(x)"#, "f′(x)"),
    (#"\mathrm{KL}(P \,\|\, Q)"#, "KL(P ‖ Q)"), (#"a \ne b"#, "a ≠ b"), (#"x \not= y"#, "x ≠ y"),
    (#"\text{if } x > 0"#, "if x > 0"), (#"\left(\frac ab\right)"#, "(a/b)"), (#"10^{-8}"#, "10⁻⁸"),
    (#"\operatorname{softmax}(z)_k"#, "softmax(z)ₖ"), (#"a\,b"#, "a b"), (#"\{0, 1\}"#, "{0, 1}"),
    (#"(\lvert C\rvert - U)/\lvert C\rvert"#, "(|C| − U)/|C|"), (#"D^*"#, "D*"),
    (#"\sqrt{1.01}"#, "√1.01"), (#"\sqrt{-1}"#, "√(−1)"),
    (#"x_{\text{new}}"#, "x_(new)"), (#"O(n \log n)"#, "O(n log n)"), (#"x \to \infty"#, "x → ∞"),
  ])
  func `a formula in the text takes one line`(tex: String, expected: String) {
    #expect(TeXText.line(tex) == expected)
  }

  @Test(arguments: [
    #"\begin{pmatrix}1&2\\3&4\end{pmatrix}"#, #"\foo"#, #"\frac{a}"#, #"{a"#, #"a}"#, #"x^a^b"#,
    #"\left( a"#, #"\begin{x}a\end{x}"#, #"a \\ b"#, #"\hat{abc}"#, #"\underset{a}{b}"#, #"&"#,
    "\\", #"\text{a"#, #"\binom nk"#, #"$"#,
  ])
  func `what one line can't show has none`(tex: String) {
    #expect(TeXText.line(tex) == nil)
  }

  @Test func `fractions and sums stand in two dimensions`() {
    #expect(
      shown(#"L = \frac{1}{N}\sum_{i=1}^{N} (p_i - t_i)^2"#) == """
             1  N
        L = ─── ∑ (pᵢ − tᵢ)²
             N i=1
        """)
    #expect(
      shown(#"\frac ab \frac cd"#) == """
         a   c
        ─── ───
         b   d
        """)
  }

  @Test func `a sign keeps off the bar of the fraction after it`() {
    #expect(
      shown(#"x = -\frac{a}{b}"#) == """
               a
        x = − ───
               b
        """)
  }

  @Test func `a matrix has brackets as high as it is`() {
    #expect(
      shown(#"A = \begin{bmatrix}1&20\\3&4\end{bmatrix}"#) == """
        A = ⎡1  20⎤
            ⎣3  4 ⎦
        """)
  }

  @Test func `cases have a brace and aligned conditions`() {
    #expect(
      shown(#"f(x) = \begin{cases} x & x > 0 \\ -x & \text{else} \\ 0 & x = 0\end{cases}"#) == """
               ⎧x   x > 0
        f(x) = ⎨−x  else
               ⎩0   x = 0
        """)
  }

  @Test func `roots have a line over all that they hold`() {
    #expect(
      shown(#"\sqrt{a^2 + b^2}"#) == """
         _______
        √a² + b²
        """)
    #expect(
      shown(#"\sqrt{\frac ab}"#) == """
         ┌───
         │ a
         │───
        √│ b
        """)
  }

  @Test func `signs of aligned lines stand under each other`() {
    #expect(
      shown(#"\begin{aligned} a + b &= c \\ d &= e - f \end{aligned}"#) == """
        a + b = c
            d = e − f
        """)
  }

  @Test func `scripts that Unicode hasn't stand above and below`() {
    #expect(
      shown(#"e^{z_y} + W_{ij,Q}"#) == """
         z_y
        e    + W
                ij,Q
        """)
  }

  @Test func `a formula that is too wide breaks before its relations`() {
    #expect(
      shown(#"a + b + c = d + e + f = g"#, width: 16) == """
        a + b + c
            = d + e + f
            = g
        """)
    #expect(shown(#"a = b, \qquad c = d"#, width: 8) == "a = b,\nc = d")
    #expect(TeXText.lines(#"\text{a word that no break helps}"#, width: 16) == nil)
  }

  @Test func `a formula too deep or too long is refused instead of taking long`() {
    #expect(TeXText.line(String(repeating: "{", count: 5_000)) == nil)
    #expect(TeXText.line(String(repeating: "x", count: 9_000)) == nil)
    #expect(TeXText.line(String(repeating: #"\sqrt"#, count: 1_000) + "x") == nil)
    #expect(TeXText.lines(String(repeating: #"\frac{a}{b}"#, count: 700), width: 80) == nil)
  }

  @Test(arguments: ["\u{1B}[31m", "\u{202E}", "\\text{\u{1B}c}", "\u{7}"])
  func `no control character of a formula reaches the terminal`(tex: String) {
    let text = (TeXText.line(tex) ?? "") + shown(tex)
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
  }
}
