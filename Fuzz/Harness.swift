// The targets of the fuzzer: what reads text that others wrote. The first byte chooses one, the rest is
// its input. See README.md.

/// Called by libFuzzer with each input it thinks of.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  let bytes = [UInt8](UnsafeBufferPointer(start: start + 1, count: count - 1))
  switch start[0] % 4 {
  case 0: fuzzLesson(bytes)
  case 1: fuzzComparison(bytes)
  case 2: fuzzEscaping(bytes)
  default: fuzzMessages(bytes)
  }
  return 0
}

/// Any bytes are a lesson or a list of errors, all of it at positions inside the file.
private func fuzzLesson(_ bytes: [UInt8]) {
  do throws(LessonError) {
    let lesson = try LessonParser.parse(path: "fuzz.md", bytes: bytes)
    let ids = Set(lesson.cells.map(\.id))
    precondition(ids.count == lesson.cells.count, "two cells share an id")
    for cell in lesson.cells {
      precondition(bytes.indices.contains(cell.span.bytes.lowerBound), "a cell lies outside")
      precondition(cell.span.bytes.upperBound <= bytes.count, "a cell ends outside")
      let lines = cell.source.utf8.count { $0 == 10 }
      precondition(cell.lineStarts.count >= lines, "a line has no position")
      for promise in [cell.expectedOutput, cell.expectedDiagnostics] {
        guard let promise else { continue }
        precondition(promise.content.upperBound <= bytes.count, "a promise ends outside")
        _ = OutputComparison.difference(promise, Array(promise.text.utf8))
      }
      _ = SwiftOutline(of: cell.source).imports
    }
  } catch {
    precondition(!error.diagnostics.isEmpty, "a lesson is refused without a reason")
    checkHarmless(DiagnosticRenderer.text(error, bytes: bytes))
  }
}

/// A promise and an output, divided by 0xFF: they are compared in bounded time, an output meets the
/// promise of itself, and what is accepted is met.
private func fuzzComparison(_ bytes: [UInt8]) {
  let parts = bytes.split(separator: 0xFF, maxSplits: 1, omittingEmptySubsequences: false)
  let actual = Array(parts.last ?? [])
  let head = "```swift\nprint(1)\n```\n\n~~~~~~~~output\n"
  let file = Array(head.utf8) + parts[0] + Array("\n~~~~~~~~\n".utf8)
  guard let lesson = try? LessonParser.parse(path: "fuzz.md", bytes: file),
    let cell = lesson.cells.first, let promise = cell.expectedOutput
  else { return }
  let promised = Array(promise.text.utf8)
  let hasWildcards = promise.text.contains("...") || promise.text.contains("[..]")
  if !hasWildcards, LessonLimits.firstInvalidByte(promised) == nil {
    let difference = OutputComparison.difference(promise, promised)
    precondition(difference == nil, "an output differs from the promise of itself")
  }
  if let difference = OutputComparison.difference(promise, actual) {
    checkHarmless(TerminalText.escaped(Wording.message(for: difference)))
  }
  var outcome = CellOutcome(.completed)
  outcome.stdout = actual
  let accepted = Accept.rewriting(lesson, outcomes: [0: outcome])
  guard accepted.rewritten == [cell.id],
    let again = try? LessonParser.parse(path: "fuzz.md", bytes: accepted.bytes),
    let rewritten = again.cells.first?.expectedOutput
  else { return }
  precondition(
    OutputComparison.difference(rewritten, actual) == nil, "an accepted promise is not met")
}

/// No text acts once it is escaped, cut into pieces or whole.
private func fuzzEscaping(_ bytes: [UInt8]) {
  checkHarmless(TerminalText.escaped(bytes))
  var escaper = OutputEscaper()
  var text = ""
  for start in stride(from: 0, to: bytes.count, by: 3) {
    text += escaper.take(bytes[start..<min(start + 3, bytes.count)])
  }
  checkHarmless(text + escaper.finish())
}

/// What compilers, crashed cells and the launcher say is read without harm.
private func fuzzMessages(_ bytes: [UInt8]) {
  _ = CompilerMessage.parse(bytes)
  _ = RuntimeMessage(lastOf: bytes)
  _ = CompileFailure.refusal(bytes)
  let text = String(decoding: bytes, as: UTF8.self)
  _ = ConfinementRecord(text)
  _ = CrashLocator.parse(text, cells: ["cell-1"])
  _ = ObjectFile(bytes).requestedLibraries
}

private func checkHarmless(_ text: String) {
  for scalar in text.unicodeScalars {
    let value = scalar.value
    precondition(value >= 0x20 || value == 10 || value == 9, "a control character came through")
    precondition(!(0x7F...0x9F).contains(value), "a control character came through")
    precondition(!(0x202A...0x202E).contains(value), "a change of direction came through")
  }
}
