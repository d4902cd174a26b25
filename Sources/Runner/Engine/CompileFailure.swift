internal import Glibc

/// Tells the ways apart in which compiling a cell fails.
enum CompileFailure {
  /// How a cell ended whose compiler ended so; nil where it was compiled.
  static func ending(of run: ToolRun, memoryLimit: Int) -> CellOutcome.Ending? {
    switch run.end {
    case .status(.exited(0)): return nil
    case .interrupted: return .notRun("interrupted")
    case .timedOut, .status(.signalled(SIGXCPU)): return .compileTimeout
    case .status(.exited(1)) where !isCrash(run.output):
      return machineFault(run.output).map { .environment($0) } ?? refusal(run.output)
    case .status:
      let text = String(decoding: run.output, as: UTF8.self)
      let peak = (run.record?.peakKilobytes ?? 0) << 10
      if text.contains("out of memory") || text.contains("bad_alloc") || peak > memoryLimit / 10 * 7
      {
        return .compileMemory
      }
      return .compileCrash(firstLines(of: text))
    }
  }

  /// The compiler's complaint about files of its own, where the cell gave it no cause.
  private static func machineFault(_ output: [UInt8]) -> String? {
    let errors = CompilerMessage.parse(output).filter { $0.severity == .error }
    guard errors.allSatisfy({ $0.line == 0 }) else { return nil }
    let text = errors.first?.text ?? String(decoding: output, as: UTF8.self)
    let causes = [
      "No space left on device", "Permission denied", "Read-only file system",
      "Input/output error", "Disk quota exceeded", "unable to open output file",
      "cannot open file", "error opening",
    ]
    return causes.contains(where: text.contains) ? "the compiler failed: \(text)" : nil
  }

  /// Which refusal the compiler's messages tell of.
  static func refusal(_ messages: [UInt8]) -> CellOutcome.Ending {
    let text = String(decoding: messages, as: UTF8.self)
    return text.contains("unable to type-check this expression in reasonable time")
      ? .compileTooComplex : .compileError
  }

  /// The message for a cell whose top level waits, in the compiler's own format.
  ///
  /// Such a cell's variables become the main actor's, out of reach for the cells after it, and its
  /// entry never returns: `docs/architecture.md` has the details.
  static func topLevelAwait(in cell: Cell) -> String {
    let offset = SwiftOutline(of: cell.source).topLevelAwait ?? 0
    let before = cell.source.utf8.prefix(offset)
    let line = before.count { $0 == 10 } + 1
    let column = before.reversed().prefix { $0 != 10 }.count + 1
    return """
      \(cell.id):\(line):\(column): error: 'await' can't stand at the top level of a cell; \
      import LessonKit and write 'blocking { await … }'

      """
  }

  private static func isCrash(_ output: [UInt8]) -> Bool {
    let text = String(decoding: output, as: UTF8.self)
    return text.contains("Please submit a bug report") && text.contains("Stack dump")
  }

  /// The first words that say something of this crash, where there are any.
  private static func firstLines(of text: String) -> String {
    text.split(separator: "\n").filter { !$0.hasPrefix("Please submit a bug report") }
      .prefix { !$0.hasPrefix("Stack dump") }.prefix(3).joined(separator: "\n")
  }
}
