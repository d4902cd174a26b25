/// Compiles a lesson's cells ahead of their execution, each on the chain of those before it, on the
/// assumption that every compiled cell will reach its end.
///
/// A cell that doesn't makes the rest wrong: the pipeline starts again behind it.
struct CompilePipeline {
  /// A compiled cell, and the chain before and after it.
  struct Step: Sendable {
    var result: CellCompiler.Result
    var before: Chain
    var after: Chain
  }

  private let compiler: CellCompiler
  private let cells: [Cell]
  private var first = 0
  private var tasks: [Task<Step, Never>] = []

  init(compiler: CellCompiler, cells: [Cell]) {
    self.compiler = compiler
    self.cells = cells
    restart(at: 0, on: Chain())
  }

  /// Waits for a cell at or behind the last start.
  func step(_ index: Int) async -> Step {
    await tasks[index - first].value
  }

  /// Drops what is under way and compiles from a cell on.
  mutating func restart(at index: Int, on chain: Chain) {
    cancel()
    first = index
    tasks = []
    for cell in cells[index...] {
      let (compiler, before) = (compiler, tasks.last)
      tasks.append(
        Task {
          await Self.compile(cell, on: before?.value.after ?? chain, with: compiler)
        })
    }
  }

  /// Starts no more compilers.
  ///
  /// One that runs comes to its end, and its unit into the cache.
  func cancel() {
    for task in tasks { task.cancel() }
  }

  private static func compile(_ cell: Cell, on chain: Chain, with compiler: CellCompiler) async
    -> Step
  {
    if Task.isCancelled {
      let result = CellCompiler.Result(failure: .notRun("compiling it was given up"))
      return Step(result: result, before: chain, after: chain)
    }
    let base = cell.options.isIsolated ? Chain() : chain
    let result = await compiler.compile(cell, on: base)
    var after = chain
    if let unit = result.unit, cell.staysInChain {
      after = chain.extended(by: unit, imports: SwiftOutline(of: cell.source).imports)
    }
    return Step(result: result, before: chain, after: after)
  }
}

extension Cell {
  /// True where later cells may use what this one declares, once it reached its end.
  var staysInChain: Bool {
    options.ending == .success && !options.isIsolated && !options.isNoRun
  }
}
