/// A compiled cell that a checkpoint can load: a module for later cells, a library to execute.
package struct Unit: Sendable, Equatable {
  /// The key in the cache; everything that went into the unit is hashed in it.
  package var key: String
  /// The module's name, unique in its chain, such as `cell_3`.
  package var module: String
  package var modulePath: String
  package var libraryPath: String

  /// The function that runs the cell's statements.
  package var entry: String { Self.entry(module) }

  static func entry(_ module: String) -> String { "\(module)_main" }
}

/// What a cell is compiled against: the units of the cells before it, and the imports they made.
package struct Chain: Sendable, Equatable {
  package var units: [Unit] = []
  /// Import statements of earlier cells, without repeats, in order.
  package var imports: [String] = []

  package init() {}

  /// Returns the chain after one more cell.
  package func extended(by unit: Unit, imports more: [String]) -> Chain {
    var chain = self
    chain.units.append(unit)
    chain.imports += more.filter { !imports.contains($0) }
    return chain
  }
}
