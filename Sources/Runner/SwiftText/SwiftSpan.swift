/// A run of Swift source text and what it is to a reader.
package struct SwiftSpan: Sendable, Equatable {
  /// What a run is; the raw value names it on a page.
  package enum Kind: String, Sendable, CaseIterable {
    case keyword, type, number, string, comment, regex
    /// `@main`, and macros such as `#expect`.
    case attribute
    /// `#if` and its like.
    case directive
    /// `$0`.
    case parameter
    case `operator`
  }

  package var kind: Kind
  /// Offsets into the text's UTF-8.
  package var bytes: Range<Int>

  package init(_ kind: Kind, _ bytes: Range<Int>) {
    self.kind = kind
    self.bytes = bytes
  }
}
