/// A piece of Swift source text: its kind and its bytes.
package struct SwiftToken: Sendable, Equatable {
  package enum Kind: Sendable {
    /// A word: a name or a keyword; the consumer decides which by its text and neighbours.
    case word
    /// A name in backticks.
    case quotedWord
    /// `@` and the name after it.
    case attribute
    /// `$0`, `$name`.
    case dollarWord
    /// `#if`, `#elseif`, `#else`, `#endif` with their condition.
    case directive
    /// `#file`, `#selector` and other words that begin with `#`.
    case poundWord
    case number
    /// A string literal or, where it has interpolations, a piece of one.
    case string
    case regex
    case comment
    case `operator`
    /// One of `( ) [ ] { } , : ;` or a dot.
    case punctuation
  }

  package var kind: Kind
  package var bytes: Range<Int>

  package init(_ kind: Kind, _ bytes: Range<Int>) {
    self.kind = kind
    self.bytes = bytes
  }
}
