/// Rewrites what a lesson promises into what its cells did, and nothing else of the file.
package enum Accept {
  package struct Result: Sendable {
    /// The whole file, new where it is rewritten.
    package var bytes: [UInt8]
    /// The ids of the cells whose promises are rewritten.
    package var rewritten: [String]
    /// Why the promises of other cells stay as they are.
    package var refusals: [Diagnostic]
  }

  /// Returns the lesson's file with the promises of some of its cells rewritten.
  ///
  /// Promises that are met stay byte for byte, and so do the lines of others that still match, `...` and
  /// `[..]` among them.
  ///
  /// - Parameter outcomes: What came of each cell to rewrite, by its index.
  package static func rewriting(_ lesson: Lesson, outcomes: [Int: CellOutcome]) -> Result {
    let source = SourceText(lesson.bytes)
    var edits: [(range: Range<Int>, bytes: [UInt8])] = []
    var result = Result(bytes: lesson.bytes, rewritten: [], refusals: [])
    for cell in lesson.cells {
      guard let outcome = outcomes[cell.index], !isUnchecked(cell) else { continue }
      let (found, refusals) = self.edits(cell, outcome, in: source)
      result.refusals += refusals
      // All of a cell or nothing.
      guard refusals.isEmpty, !found.isEmpty else { continue }
      // A solution's promise may be its exercise's; two solutions can't both rewrite it.
      guard !found.contains(where: { edit in edits.contains { $0.range == edit.range } }) else {
        result.refusals.append(refusal(cell, "its promise is rewritten for another cell already"))
        continue
      }
      edits += found
      result.rewritten.append(cell.id)
    }
    for edit in edits.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
      result.bytes.replaceSubrange(edit.range, with: edit.bytes)
    }
    return proven(result, lesson: lesson, outcomes: outcomes)
  }

  /// Starters must fail their check, and what isn't compared isn't wrong.
  private static func isUnchecked(_ cell: Cell) -> Bool {
    cell.options.isExercise || cell.options.isNondeterministic || cell.options.isNoRun
  }

  private static func edits(
    _ cell: Cell, _ outcome: CellOutcome, in source: SourceText
  ) -> ([(range: Range<Int>, bytes: [UInt8])], [Diagnostic]) {
    let failure = PromisedFailure.text(of: outcome, for: cell)
    guard cell.options.ending == .success ? outcome.ending == .completed : failure != nil else {
      return ([], [refusal(cell, "it didn't end as promised (\(outcome.ending.failure.rawValue))")])
    }
    var edits: [(range: Range<Int>, bytes: [UInt8])] = []
    var refusals: [Diagnostic] = []
    let tolerance = NumberTolerance(cell.options)
    let promises: [(ExpectedText?, [UInt8], NumberTolerance)] = [
      (cell.expectedOutput, outcome.stdout, tolerance),
      (cell.expectedDiagnostics, Array((failure ?? "").utf8), NumberTolerance()),
    ]
    for case (let expected?, let actual, let tolerance) in promises
    where OutputComparison.difference(expected, actual, tolerance: tolerance) != nil {
      if let reason = reasonAgainst(actual, in: expected) {
        refusals.append(refusal(cell, reason))
      } else {
        let rewriter = PromiseRewriter(source: source, expected: expected, tolerance: tolerance)
        edits.append((expected.content, rewriter.rewritten(OutputComparison.lines(of: actual))))
      }
    }
    return (edits, refusals)
  }

  private static func reasonAgainst(_ actual: [UInt8], in expected: ExpectedText) -> String? {
    if let offset = LessonLimits.firstInvalidByte(actual) {
      return "it printed the byte 0x\(LessonLimits.hexadecimal(actual[offset])), which isn't UTF-8"
    }
    let isControl: (UInt8) -> Bool = {
      ($0 < 0x20 && $0 != Ascii.tab && $0 != Ascii.lineFeed) || $0 == 0x7F
    }
    if let control = actual.first(where: isControl) {
      return "it printed the control character 0x\(LessonLimits.hexadecimal(control)), "
        + "which no reader would see"
    }
    guard let fence = expected.fence else { return nil }
    for (index, line) in OutputComparison.lines(of: actual).enumerated() {
      let marks = line.drop { $0 == Ascii.space }
      let rest = marks.drop { $0 == fence.mark }
      if marks.startIndex <= 3, rest.startIndex - marks.startIndex >= fence.length,
        rest.allSatisfy(Ascii.isBlank)
      {
        return "line \(index + 1) that it printed would close the fence; make the fence longer"
      }
    }
    return nil
  }

  private static func refusal(_ cell: Cell, _ reason: String) -> Diagnostic {
    Diagnostic(
      at: cell.span.start, "what cell '\(cell.id)' printed can't be accepted: \(reason)",
      help: "mend the cell, or edit the promise by hand")
  }

  /// Reads the new file and holds the outcomes against it: a rewritten promise has to be met.
  private static func proven(
    _ result: Result, lesson: Lesson, outcomes: [Int: CellOutcome]
  ) -> Result {
    guard !result.rewritten.isEmpty else { return result }
    let again = try? LessonParser.parse(path: lesson.path, bytes: result.bytes)
    let failed = lesson.cells.filter { cell in
      guard result.rewritten.contains(cell.id), let outcome = outcomes[cell.index] else {
        return false
      }
      guard let again, again.cells.count == lesson.cells.count else { return true }
      let rewritten = again.cells[cell.index]
      let isOutputMet = rewritten.expectedOutput.map {
        OutputComparison.difference(
          $0, outcome.stdout, tolerance: NumberTolerance(cell.options)) == nil
      }
      let failure = PromisedFailure.text(of: outcome, for: rewritten)
      let isFailureMet = rewritten.expectedDiagnostics.map {
        OutputComparison.difference($0, Array((failure ?? "").utf8)) == nil
      }
      return isOutputMet == false || isFailureMet == false
    }
    guard !failed.isEmpty else { return result }
    let refusals = failed.map { refusal($0, "Markdown would read the new text in another way") }
    return Result(bytes: lesson.bytes, rewritten: [], refusals: result.refusals + refusals)
  }
}
