import ArgumentParser
import Runner

/// What cells and compilers may use, where a cell's own `timeout=` doesn't say.
struct LimitOptions: ParsableArguments {
  @Option(help: ArgumentHelp("How long a cell may run, such as 30s.", valueName: "time"))
  var cellTime: TimeLimit?

  @Option(help: ArgumentHelp("What a cell's process may take of memory: 2GB.", valueName: "size"))
  var cellMemory: SizeLimit?

  @Option(help: ArgumentHelp("How much a cell may print: 1MB.", valueName: "size"))
  var cellOutput: SizeLimit?

  @Option(help: ArgumentHelp("How large a file of a cell may be: 32MB.", valueName: "size"))
  var cellFileSize: SizeLimit?

  @Option(help: ArgumentHelp("How long compiling a cell may take: 30s.", valueName: "time"))
  var compileTime: TimeLimit?

  @Option(help: ArgumentHelp("What a compiler may take of memory: 4GB.", valueName: "size"))
  var compileMemory: SizeLimit?

  func validate() throws {
    if let cellMemory, cellMemory.bytes < Self.leastMemory {
      throw ValidationError("--cell-memory takes at least 512MB: less, and nothing starts")
    }
  }

  /// The executable alone, which cells are loaded into, takes most of it.
  private static let leastMemory = 512 << 20

  func apply(to engine: inout Engine) {
    if let cellTime { engine.limits.time = cellTime.duration }
    if let cellMemory { engine.limits.memory = cellMemory.bytes }
    if let cellOutput { engine.limits.output = cellOutput.bytes }
    if let cellFileSize { engine.limits.fileSize = cellFileSize.bytes }
    if let compileTime {
      engine.compiler.limits.wall = compileTime.duration
      let seconds = Int(compileTime.duration.components.seconds)
      engine.compiler.limits.processorSeconds = max(seconds, 1)
    }
    if let compileMemory { engine.compiler.limits.memory = compileMemory.bytes }
  }
}

struct TimeLimit: ExpressibleByArgument {
  var duration: Duration

  init?(argument: String) {
    guard let duration = Quantity.duration(argument) else { return nil }
    self.duration = duration
  }
}

struct SizeLimit: ExpressibleByArgument {
  var bytes: Int

  init?(argument: String) {
    guard let bytes = Quantity.bytes(argument) else { return nil }
    self.bytes = bytes
  }
}
