/// A formula in TeX, within a line or on lines of its own.
package struct Formula: Hashable, Sendable, Codable {
  package var tex: String
  package var isDisplay: Bool

  package init(_ tex: String, isDisplay: Bool = false) {
    self.tex = tex
    self.isDisplay = isDisplay
  }
}

/// Why a formula can't be set.
package struct FormulaError: Error, Sendable, Equatable, Codable {
  package var message: String
  /// Where in the TeX, counted in UTF-16 units, where that is known.
  package var offset: Int?

  package init(_ message: String, offset: Int? = nil) {
    self.message = message
    self.offset = offset
  }
}

/// Sets formulas as markup for pages.
package protocol FormulaRenderer {
  /// Returns a formula's markup.
  func markup(of formula: Formula) throws(FormulaError) -> String
}

/// Formulas with the markup that came of each.
package struct FormulaBook: Sendable, Equatable, Codable {
  /// What a renderer made of one formula.
  package enum Entry: Sendable, Equatable, Codable {
    case markup(String)
    case refused(FormulaError)
  }

  package private(set) var entries: [Formula: Entry] = [:]

  package init() {}

  package subscript(formula: Formula) -> Entry? { entries[formula] }

  /// Takes what another book has.
  package mutating func merge(_ other: FormulaBook) {
    entries.merge(other.entries) { first, _ in first }
  }

  /// Returns a book of some formulas alone.
  package func restricted(to formulas: some Sequence<Formula>) -> FormulaBook {
    var book = FormulaBook()
    for formula in formulas { book.entries[formula] = entries[formula] }
    return book
  }

  /// Sets those of some formulas that the book lacks, and forgets all others.
  ///
  /// - Parameter renderer: Asked for only where something is missing: starting one takes a while.
  package mutating func complete<Failure: Error>(
    with formulas: some Sequence<Formula>,
    renderer: () throws(Failure) -> any FormulaRenderer
  ) throws(Failure) {
    let old = entries
    entries = [:]
    var started: (any FormulaRenderer)?
    for formula in formulas where entries[formula] == nil {
      if let known = old[formula] {
        entries[formula] = known
        continue
      }
      let active: any FormulaRenderer
      if let started { active = started } else { active = try renderer() }
      started = active
      do throws(FormulaError) {
        entries[formula] = .markup(try active.markup(of: formula))
      } catch {
        entries[formula] = .refused(error)
      }
    }
  }
}
