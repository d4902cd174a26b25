/// Holds what came of a cell against what its lesson promises.
package enum Checker {
  package static func verdict(cell: Cell, outcome: CellOutcome) -> CellVerdict {
    let verdict = plainVerdict(cell: cell, outcome: outcome)
    return cell.options.isExercise ? exerciseVerdict(verdict, cell: cell) : verdict
  }

  /// A starter passes by failing: a check that it already meets would tell a learner nothing.
  private static func exerciseVerdict(_ verdict: CellVerdict, cell: Cell) -> CellVerdict {
    switch verdict.status {
    case .pass:
      CellVerdict(
        status: .outputMismatch, position: cell.span.start, message: Wording.starterPasses)
    // These say something of the machine, not of the starter.
    case .environmentError, .notRun, .compileCrash, .leftoverProcess: verdict
    default: CellVerdict(status: .pass, position: cell.span.start)
    }
  }

  private static func plainVerdict(cell: Cell, outcome: CellOutcome) -> CellVerdict {
    func failure(_ status: CellStatus, _ message: String) -> CellVerdict {
      let cause =
        outcome.position ?? outcome.diagnostics.first { $0.severity == .error }?.position
      return CellVerdict(status: status, position: cause ?? cell.span.start, message: message)
    }
    let promise = cell.options.ending
    let failureText = PromisedFailure.text(of: outcome, for: cell)
    let endedAsPromised =
      promise == .success ? outcome.ending == .completed : failureText != nil
    guard endedAsPromised else {
      if outcome.ending == .completed {
        return CellVerdict(
          status: .outputMismatch, position: cell.span.start,
          message: Wording.completed(despite: promise))
      }
      let message = Wording.message(for: outcome, cell: cell)
      return failure(
        outcome.ending.failure,
        promise == .success ? message : Wording.otherFailure(promise, message))
    }
    if outcome.leftoverProcesses > 0 {
      return failure(.leftoverProcess, Wording.leftover(outcome.leftoverProcesses))
    }
    if let verdict = outputVerdict(cell: cell, stdout: outcome.stdout) { return verdict }
    if let expected = cell.expectedDiagnostics, let failureText,
      let difference = OutputComparison.difference(expected, Array(failureText.utf8))
    {
      return CellVerdict(
        status: .outputMismatch, position: difference.position,
        message: Wording.otherDiagnostics(promise, difference), difference: difference)
    }
    return CellVerdict(status: .pass, position: cell.span.start)
  }

  /// Returns what is wrong with a cell's output, or nil where it is right or nobody promised any.
  private static func outputVerdict(cell: Cell, stdout: [UInt8]) -> CellVerdict? {
    let options = cell.options
    guard !options.isNoRun, !options.isNondeterministic, options.ending != .compileFail else {
      return nil
    }
    if let offset = LessonLimits.firstInvalidByte(stdout) {
      return CellVerdict(
        status: .outputEncoding, position: cell.span.start,
        message: Wording.invalidOutput(stdout, at: offset))
    }
    let tolerance = NumberTolerance(options)
    let difference =
      cell.expectedOutput.flatMap {
        OutputComparison.difference($0, stdout, tolerance: tolerance)
      } ?? OutputComparison.difference(cell.printsClaims, stdout, tolerance: tolerance)
    return difference.map {
      CellVerdict(
        status: .outputMismatch, position: $0.position, message: Wording.message(for: $0),
        difference: $0)
    }
  }
}

extension NumberTolerance {
  package init(_ options: CellOptions) {
    self.init(relative: options.relativeTolerance, absolute: options.absoluteTolerance)
  }
}

extension CellOutcome.Ending {
  /// The status of a cell that ends so without having promised it.
  package var failure: CellStatus {
    switch self {
    case .completed: .pass
    case .compileError, .undefinedSymbol: .compileError
    case .compileTooComplex: .compileTooComplex
    case .compileTimeout: .compileTimeout
    case .compileMemory: .compileMemory
    case .compileCrash: .compileCrash
    case .trapped: .runtimeTrap
    case .uncaughtError: .uncaughtError
    case .stackOverflow: .stackOverflow
    case .signal: .signal
    case .exited(let status): status == 0 ? .earlyExit : .nonzeroExit
    case .timedOut: .timeout
    case .memoryLimit: .memoryLimit
    case .outputLimit: .outputLimit
    case .fileLimit: .fileLimit
    case .notRun: .notRun
    case .environment: .environmentError
    }
  }
}
