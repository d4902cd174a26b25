/// What a learner is told: what happened, in a sentence, and the next thing to try.
package enum Wording {
  /// Returns the message for a cell that ended in a way it didn't promise.
  package static func message(for outcome: CellOutcome, cell: Cell) -> String {
    switch outcome.ending {
    case .completed: ""
    case .compileError: compileError(outcome.diagnostics)
    case .undefinedSymbol(let name):
      "The cell uses the symbol '\(name)', and no library that cells have defines it. "
        + "Import the module that does, or correct the name."
    case .compileTooComplex:
      "An expression is too complex for the compiler to find its types in time. "
        + "Split it into several lines and give the parts names with types."
    case .compileTimeout:
      "The compiler was still busy with this cell when its time was up. "
        + "Split long expressions, and write types down where they are left out."
    case .compileMemory:
      "The compiler needed more memory than a cell may take. "
        + "Split the cell, and replace large literals by loops."
    case .compileCrash(let text):
      "The compiler itself crashed on this cell: that is its defect, not yours. "
        + "Write the same in another way."
        + (firstLine(text).isEmpty ? "" : " It said: \(firstLine(text))")
    case .trapped(let message): TrapWording.message(for: message)
    case .uncaughtError(let error):
      "An error was thrown and nothing caught it: \(error). "
        + "Catch it with do and catch, or mark the cell 'throws' where the error is the lesson."
    case .stackOverflow:
      "The cell's calls nested until no stack was left: a function that calls itself without end? "
        + "Look for the case in which it should stop."
    case .signal(let number):
      "The cell was ended by the signal \(signalName(number)). "
        + "Look for unsafe pointers, for C functions, or for what ends processes."
    case .exited(let status) where outcome.position == nil:
      "The cell's process ended with the status \(status) before the cell's end: "
        + "by a call like exit, by another program in its place, or for want of the files it works with. "
        + "Remove what ends it."
    case .exited(let status) where status == 0:
      "The cell called exit(0) before its end, so nothing after that ran. Remove the call."
    case .exited(let status):
      "The cell called exit(\(status)) before its end. "
        + "Remove the call, or throw an error instead."
    case .timedOut(let limit, let isWaiting):
      (isWaiting
        ? "The cell was still waiting after \(text(limit)), and computed next to nothing: "
          + "a sleep, a lock or a signal that never comes? "
        : "The cell was still busy after \(text(limit)): an endless loop? ")
        + "If it needs longer, raise the limit, such as \(raised(limit)) on its fence."
    case .memoryLimit(let bytes):
      "The cell asked for more than the \(size(bytes)) of memory that it may have: "
        + "an array that grows without end? Make the data smaller."
    case .outputLimit(let bytes):
      "The cell printed more than \(size(bytes)), and the rest was cut: a print in an endless loop? "
        + "Print less."
    case .fileLimit(let bytes):
      "The cell wrote a file larger than \(size(bytes)). Write less."
    case .notRun(let reason): "The cell didn't run: \(reason)."
    case .environment(let reason):
      "This machine can't run the cell: \(reason). "
        + (reason.contains("No space left on device")
          ? "Free some space there, or name another directory in LESSONS_CACHE."
          : "Ask lessons doctor what is missing.")
    }
  }

  package static let starterPasses =
    "The exercise's starter already passes its check, so there is nothing left to solve. "
    + "Take the answer out of the starter, or make the check ask for more."

  static func completed(despite promise: CellOptions.Ending) -> String {
    let (what, way) =
      switch promise {
      case .success: ("end well", "")
      case .compileFail: ("not compile, but it compiles", "compile-fail")
      case .throws: ("throw an error, but it ended without one", "throws")
      case .traps: ("trap, but it ended well", "traps")
      }
    return "The cell promises to \(what). "
      + "Bring the mistake back that it should show, or remove the word '\(way)'."
  }

  static func otherFailure(_ promise: CellOptions.Ending, _ message: String) -> String {
    "The cell promises '\(promise.rawValue)' and failed in another way. \(message)"
  }

  static func otherDiagnostics(
    _ promise: CellOptions.Ending, _ difference: OutputDifference
  ) -> String {
    "The cell fails as promised, but with other words than its 'diagnostics' fence. "
      + message(for: difference, in: "the failure's text")
  }

  static func leftover(_ count: Int) -> String {
    let what = count == 1 ? "a process" : "\(count) processes"
    return "The cell left \(what) running, which had to be ended. "
      + "Wait for what it starts before the cell ends."
  }

  static func invalidOutput(_ bytes: [UInt8], at offset: Int) -> String {
    let line = bytes[..<offset].count { $0 == Ascii.lineFeed } + 1
    return
      "Line \(line) of the output isn't text: the byte 0x\(LessonLimits.hexadecimal(bytes[offset])) "
      + "isn't valid UTF-8 there. Print text, or describe the bytes as numbers."
  }

  private static func compileError(_ diagnostics: [Diagnostic]) -> String {
    let errors = diagnostics.filter { $0.severity == .error }
    guard let first = errors.first else {
      return "The cell doesn't compile, and the compiler doesn't say why. Make the cell smaller."
    }
    let rest =
      switch errors.count {
      case 1: ". Correct it, or mark the cell 'compile-fail' where the error is the lesson."
      case 2: " (and one more error). \(firstOfMany)"
      default: " (and \(errors.count - 1) more errors). \(firstOfMany)"
      }
    return "The cell doesn't compile: \(first.message)\(rest)"
  }

  private static let firstOfMany =
    "Correct the first error first: the others often follow from it."

  private static func firstLine(_ text: String) -> Substring {
    text.split(separator: "\n").first ?? ""
  }

  /// Returns a time as a reader says it.
  package static func text(_ duration: Duration) -> String {
    let milliseconds =
      duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
    if milliseconds % 60_000 == 0, milliseconds > 0 { return "\(milliseconds / 60_000) min" }
    return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
  }

  private static func raised(_ limit: Duration) -> String {
    let seconds = max(limit.components.seconds, 1) * 3
    let cap = CellOptionsParser.timeoutCap.components.seconds
    return "timeout=\(min(seconds, cap))s"
  }

  private static func size(_ bytes: Int) -> String {
    switch bytes {
    case (1 << 30)... where bytes % (1 << 30) == 0: "\(bytes >> 30) GB"
    case (1 << 20)...: "\(bytes >> 20) MB"
    case (1 << 10)...: "\(bytes >> 10) kB"
    default: "\(bytes) bytes"
    }
  }

  private static func signalName(_ number: Int32) -> String {
    let names: [Int32: String] = [
      1: "SIGHUP", 2: "SIGINT", 3: "SIGQUIT", 4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS",
      8: "SIGFPE", 9: "SIGKILL", 10: "SIGUSR1", 11: "SIGSEGV", 12: "SIGUSR2", 13: "SIGPIPE",
      14: "SIGALRM",
      15: "SIGTERM", 24: "SIGXCPU", 25: "SIGXFSZ", 26: "SIGVTALRM", 27: "SIGPROF", 31: "SIGSYS",
    ]
    return names[number].map { "\(number) (\($0))" } ?? String(number)
  }
}
