/// The first place where a cell's output departs from what the lesson promises.
package struct OutputDifference: Sendable, Equatable {
  package enum Kind: String, Sendable {
    /// A number is off by more than the digits written, or `rtol` and `atol`, allow.
    case number
    case text
    /// The cell printed lines that nothing promises.
    case extraLines = "extra-lines"
    /// The cell stopped before a promised line.
    case missingLines = "missing-lines"
    /// A `// Prints` comment's text doesn't occur after that of the comment before it.
    case missingClaim = "missing-claim"
    /// The lines differ in a carriage return alone, which no screen shows.
    case carriageReturn = "carriage-return"
    /// A NUL byte stands in the printed line.
    case nul
    /// The printed bytes aren't UTF-8.
    case invalidUTF8 = "invalid-utf8"
    /// The same letters, composed in one text and decomposed in the other.
    case normalization
    /// Blanks at the line's end, which no screen shows.
    case trailingBlanks = "trailing-blanks"
    /// The wildcards ask for more attempts than the comparison makes.
    case tooManyWildcards = "too-many-wildcards"
  }

  /// One line of the excerpt that shows the difference.
  package enum Line: Sendable, Equatable {
    case same(String)
    case expected(String)
    case actual(String)
  }

  /// A pair of numbers that should have been equal.
  package struct NumberPair: Sendable, Equatable {
    package var expected: String
    package var actual: String
    /// |actual − expected| / |expected|; infinite where the promise is zero, NaN where either is no
    /// finite number.
    package var relativeError: Double
    /// Where the promised number stands in the Markdown file.
    package var position: SourcePosition
  }

  package var kind: Kind
  /// Where the first promised line that differs stands in the Markdown file.
  package var position: SourcePosition
  /// The promised line, or nil where nothing more was promised.
  package var expected: String?
  /// The printed line, or nil where nothing more was printed.
  package var actual: String?
  /// The number of the printed line, from 1.
  package var actualLine: Int
  /// The lines around the difference, promised and printed.
  package var excerpt: [Line]
  /// The number that is furthest off in all of the output, where lines differ in numbers alone.
  package var worst: NumberPair?
}
