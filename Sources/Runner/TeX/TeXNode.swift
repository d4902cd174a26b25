/// A part of a formula.
indirect enum TeXNode: Equatable, Sendable {
  /// How a symbol stands to its neighbours, which decides the blanks around it.
  enum Role: Equatable, Sendable {
    case ordinary, binary, relation, opening, closing, punctuation, function
    /// A sum or another sign that stands for many terms.
    case large
  }

  case symbol(String, Role)
  /// Upright words, with their blanks.
  case text(String)
  case group([TeXNode])
  case space(Int)
  case fraction([TeXNode], [TeXNode], hasBar: Bool)
  case root([TeXNode], degree: [TeXNode])
  case scripts(base: TeXNode?, lower: [TeXNode], upper: [TeXNode])
  /// A sum, a product, `max`: in a formula of its own, what would be scripts stands above and below.
  case limits(TeXNode)
  case accent(Accent, [TeXNode])
  case delimited(String, [TeXNode], String)
  case matrix(Matrix)
  case stacked(above: [TeXNode], TeXNode, below: [TeXNode])
  case boxed([TeXNode])
  case phantom([TeXNode])
  case tag([TeXNode])
  case lineBreak

  struct Matrix: Equatable, Sendable {
    var rows: [[[TeXNode]]]
    var opening: String
    var closing: String
    var columns: [TeXBox.Side]
    /// Columns of an alignment meet at their mark, those of a matrix keep apart.
    var gap: Int
  }

  enum Accent: Equatable, Sendable {
    /// A mark that joins a single character, and what stands for it over more.
    case mark(Unicode.Scalar, wide: String)
    case overline, underline, overbrace, underbrace
  }
}

/// Why a formula can't be laid out.
struct TeXError: Error {
  var message: String
}
