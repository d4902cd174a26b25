/// Everything that executing lessons on this machine takes.
package struct Engine: Sendable {
  package var toolchain: Toolchain
  package var installation: Installation
  package var compiler: CellCompiler
  package var interruption: Interruption?
  /// What a cell may use where its options don't say.
  package var limits = RunLimits()
  /// Set where units can't be cached between runs.
  package var warning: String?

  /// Finds the toolchain, the modules and the cache.
  ///
  /// - Parameter executable: The `lessons` executable, which serves as the worker.
  package init(
    executable: String, cacheDirectory: String = UnitCache.userDirectory(),
    ignoresCache: Bool = false, interruption: Interruption? = nil
  ) throws(EnvironmentFailure) {
    toolchain = try Toolchain.find()
    installation = try Installation(executable: executable)
    let cache: UnitCache
    (cache, warning) = try UnitCache.open(cacheDirectory)
    do {
      compiler = try CellCompiler(
        toolchain: toolchain, installation: installation, cache: cache, interruption: interruption,
        ignoresCache: ignoresCache)
    } catch {
      throw EnvironmentFailure(
        "\(error)", help: "build again with Scripts/lessons, or install again with Scripts/install")
    }
    self.interruption = interruption
  }

  /// Which layers of isolation this machine gives.
  ///
  /// Starts a process, so ask once.
  package func probeIsolation() -> Isolation {
    Isolation.probe(launcher: installation.launcher)
  }

  /// Starts a worker for one lesson.
  func startSession(limits: RunLimits) throws(EnvironmentFailure) -> Session {
    var bounds = Confinement.Limits.cells
    bounds.memory = limits.memory
    bounds.fileSize = limits.fileSize
    return try Session(
      installation: installation, toolchain: toolchain, units: compiler.cache.directory,
      limits: bounds, interruption: interruption)
  }
}
