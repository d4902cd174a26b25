internal import Glibc

/// Makes units of cells, or says why the compiler refuses.
package struct CellCompiler: Sendable {
  /// What came of compiling one cell.
  package struct Result: Sendable {
    package var unit: Unit?
    /// How the cell ended where there is no unit.
    package var failure: CellOutcome.Ending?
    package var messages: [CompilerMessage] = []
    /// True when no compiler process ran.
    package var isCached = false
    package var duration: Duration = .zero
  }

  package var toolchain: Toolchain
  package var installation: Installation
  package var cache: UnitCache
  package var interruption: Interruption?
  /// True to compile everything again, whatever the cache holds.
  package var ignoresCache = false
  package var limits = Confinement.Limits.compiler
  private let identity: String

  package init(
    toolchain: Toolchain, installation: Installation, cache: UnitCache,
    interruption: Interruption?, ignoresCache: Bool = false
  ) throws(SystemError) {
    self.toolchain = toolchain
    self.installation = installation
    self.cache = cache
    self.interruption = interruption
    self.ignoresCache = ignoresCache
    // Everything a unit depends on besides its own text and chain, hashed once.
    var digest = Digest()
    digest.add(toolchain.identity)
    digest.add(cache.moduleCache)  // units hold its path: a cache that was moved begins anew
    for name in installation.modules.keys.sorted() {
      digest.add(try FileSystem.read(installation.modules[name, default: ""]))
    }
    identity = digest.hexadecimal()
  }

  /// Compiles a cell on a chain, or finds it in the cache, which takes less than a thread to compile on.
  package func compile(_ cell: Cell, on chain: Chain) async -> Result {
    let job = job(cell, on: chain)
    if !ignoresCache, let record = cache.record(job.key) {
      return Result(record: record, key: job.key, module: job.module, isCached: true)
    }
    return await onOwnThread { timed(cell, job, chain: chain) }
  }

  /// What decides how one cell is compiled.
  private struct Job {
    var module: String
    var source: String
    var command: CompileCommand
    var key: String
  }

  private func job(_ cell: Cell, on chain: Chain) -> Job {
    let module = "cell_\(cell.index + 1)"
    let source = UnitSource(cell: cell, chain: chain).text
    let command = CompileCommand(
      toolchain: toolchain, installation: installation, moduleCache: cache.moduleCache)
    let key = key(
      source: source, chain: chain,
      flags: command.flags(module: module, isOptimized: cell.options.isOptimized)
        + command.linker(in: "", libraries: []).arguments)
    return Job(module: module, source: source, command: command, key: key)
  }

  /// Builds a cell and says how long it took.
  ///
  /// Blocks.
  private func timed(_ cell: Cell, _ job: Job, chain: Chain) -> Result {
    let start = ContinuousClock.now
    var result: Result
    do {
      result = try build(cell, job, chain: chain)
    } catch {
      result = Result(failure: .environment("compiling failed: \(error)"))
    }
    result.duration = ContinuousClock.now - start
    return result
  }

  private func key(source: String, chain: Chain, flags: [String]) -> String {
    var digest = Digest()
    digest.add(identity)
    for flag in flags { digest.add(flag) }
    digest.add(chain.units.last?.key ?? "")
    digest.add(source)
    return digest.hexadecimal()
  }

  private func build(_ cell: Cell, _ job: Job, chain: Chain) throws(SystemError) -> Result {
    let (module, command, key) = (job.module, job.command, job.key)
    let work = try cache.makeWorkDirectory()
    defer { FileSystem.remove(work) }
    let confinement = try confinement(in: work)
    try FileSystem.write(Array(job.source.utf8), to: "\(work)/\(CompileCommand.sourceName)")

    let compiled = try ToolRun.run(
      command.frontend(
        in: work, module: module, chain: chain, isOptimized: cell.options.isOptimized),
      within: limits.wall ?? .seconds(3600), interruption: interruption, confinement: confinement)
    if let failure = CompileFailure.ending(of: compiled, memoryLimit: limits.memory) {
      guard failure == .compileError || failure == .compileTooComplex else {
        return Result(failure: failure, messages: CompilerMessage.parse(compiled.output))
      }
      let record = try cache.publish(work, key: key, hasUnit: false, messages: compiled.output)
      return Result(record: record, key: key, module: module)
    }

    let object = ObjectFile(try FileSystem.read("\(work)/\(CompileCommand.objectName)"))
    if object.waitsAtTopLevel {
      let message = Array(CompileFailure.topLevelAwait(in: cell).utf8)
      let record = try cache.publish(work, key: key, hasUnit: false, messages: message)
      return Result(record: record, key: key, module: module)
    }
    let libraries = object.requestedLibraries.filter {
      $0 != CompileCommand.residentLibrary
        && FileSystem.isFile("\(toolchain.libraries)/lib\($0).so")
    }
    let linked = try ToolRun.run(
      command.linker(in: work, libraries: libraries), within: limits.wall ?? .seconds(3600),
      interruption: interruption, confinement: confinement)
    guard linked.end == .status(.exited(0)) else {
      return Result(
        failure: linked.end == .interrupted
          ? .notRun("interrupted")
          : .environment("linking failed: \(String(decoding: linked.output, as: UTF8.self))"))
    }
    unsafe unlink("\(work)/\(CompileCommand.objectName)")
    unsafe unlink("\(work)/\(CompileCommand.sourceName)")
    let record = try cache.publish(work, key: key, hasUnit: true, messages: compiled.output)
    return Result(record: record, key: key, module: module)
  }
}

extension CellCompiler {
  /// A compiler reads the toolchain, the importable modules, earlier units and how large pages are.
  ///
  /// It writes its own work and the cache of C modules.
  private func confinement(in work: String) throws(SystemError) -> Confinement {
    var confinement = Confinement(launcher: installation.launcher, limits: limits)
    confinement.executable = [toolchain.root]
    confinement.readable =
      installation.modules.values.sorted() + [cache.directory, CompileCommand.largePagesFolder]
    try FileSystem.makeDirectory(cache.moduleCache, mode: 0o700)
    confinement.writable = [work, cache.moduleCache]
    confinement.keepsUser = true
    return confinement
  }
}

extension CellCompiler.Result {
  fileprivate init(record: UnitCache.Record, key: String, module: String, isCached: Bool = false) {
    messages = CompilerMessage.parse(record.messages)
    self.isCached = isCached
    if let library = record.library, let path = record.module {
      unit = Unit(key: key, module: module, modulePath: path, libraryPath: library)
    } else {
      failure = CompileFailure.refusal(record.messages)
    }
  }
}
