/// The Swift text that the compiler sees for a cell: a generated prelude, then the author's code.
struct UnitSource {
  /// How positions in the prelude are named in the compiler's messages.
  static let preludeName = "<prelude>"

  let text: String

  /// Puts the cell on its chain.
  ///
  /// - The re-export makes a later declaration shadow an earlier one of the same name.
  /// - Imports of earlier cells are repeated, as a notebook reader expects.
  /// - Positions are relative to the cell, so that prose edited above it doesn't change the unit; the
  ///   mapping stays on to the end of the file, where a missing brace is reported.
  init(cell: Cell, chain: Chain) {
    var prelude = ""
    if let last = chain.units.last { prelude += "@_exported import \(last.module)\n" }
    for statement in chain.imports { prelude += statement + "\n" }
    text = prelude + "#sourceLocation(file: \"\(cell.id)\", line: 1)\n" + cell.source
  }
}
