import Testing

@testable import Runner

@Suite struct CheckerTests {
  /// Returns the verdict on the first cell of a lesson.
  private func verdict(_ lesson: String, _ outcome: CellOutcome) throws -> CellVerdict {
    let cell = try #require(try CheckSupport.lesson(lesson).cells.first)
    return Checker.verdict(cell: cell, outcome: outcome)
  }

  private func outcome(_ ending: CellOutcome.Ending, _ stdout: String = "") -> CellOutcome {
    CheckSupport.outcome(ending, stdout)
  }

  private func compileError(_ diagnostics: Diagnostic...) -> CellOutcome {
    var outcome = CellOutcome(.compileError)
    outcome.diagnostics = diagnostics
    return outcome
  }

  @Test func `a cell without promises passes when it ends well`() throws {
    let verdict = try verdict("Text.\n\n```swift\n```", outcome(.completed, "anything\n"))
    #expect(verdict.status == .pass)
    #expect(verdict.position == SourcePosition(line: 3))
    #expect(verdict.message == "")
  }

  @Test func `output and claims are both compared`() throws {
    let lesson = "```swift\n// Prints \"b\"\n```\n```output\n...\na\n```\n"
    #expect(try verdict(lesson, outcome(.completed, "b\na\n")).status == .pass)
    let noClaim = try verdict(lesson, outcome(.completed, "a\n"))
    #expect(noClaim.status == .outputMismatch)
    #expect(noClaim.position == SourcePosition(line: 2))
    #expect(
      noClaim.message == """
        The cell never prints "b" after what the comments before it promise. \
        Correct the comment, or the code.
        """)
    let noOutput = try verdict(lesson, outcome(.completed, "b\n"))
    #expect(noOutput.difference?.kind == .text)
    #expect(noOutput.position == SourcePosition(line: 6))
  }

  @Test func `the fence's tolerances reach the comparison`() throws {
    let lesson = "```swift rtol=0.1 atol=1\n```\n```output\n100\n```\n"
    #expect(try verdict(lesson, outcome(.completed, "110.9\n")).status == .pass)
    #expect(try verdict(lesson, outcome(.completed, "111.1\n")).status == .outputMismatch)
  }

  @Test func `what isn't text is an encoding error, and its line is named`() throws {
    var broken = outcome(.completed)
    broken.stdout = [0x61, 0x0A, 0xC3, 0x28]
    let verdict = try verdict("```swift\n```", broken)
    #expect(verdict.status == .outputEncoding)
    #expect(
      verdict.message == """
        Line 2 of the output isn't text: the byte 0xC3 isn't valid UTF-8 there. \
        Print text, or describe the bytes as numbers.
        """)
    #expect(try self.verdict("```swift nondeterministic\n```", broken).status == .pass)
  }

  @Test func `nondeterministic output isn't compared but has to end well`() throws {
    let lesson = "```swift nondeterministic\n```\n```output\n1\n```\n"
    #expect(try verdict(lesson, outcome(.completed, "2\n")).status == .pass)
    #expect(try verdict(lesson, outcome(.exited(status: 0))).status == .earlyExit)
  }

  @Test(arguments: ["compile-fail", "no-run", "nondeterministic"])
  func `claims of a cell whose output isn't compared are comments`(word: String) throws {
    let ending: CellOutcome.Ending = word == "compile-fail" ? .compileError : .completed
    let lesson = "```swift \(word)\n// Prints \"a\"\n```\n"
    #expect(try verdict(lesson, outcome(ending)).status == .pass)
  }

  @Test func `a nondeterministic failure's message is still compared`() throws {
    let lesson = "```swift throws nondeterministic\n```\n```diagnostics\na\n```\n"
    #expect(try verdict(lesson, outcome(.uncaughtError("a"), "x")).status == .pass)
    #expect(try verdict(lesson, outcome(.uncaughtError("b"))).status == .outputMismatch)
  }

  @Test func `a process left behind spoils a cell that is right otherwise`() throws {
    var left = outcome(.completed)
    left.leftoverProcesses = 2
    let verdict = try verdict("```swift\n```", left)
    #expect(verdict.status == .leftoverProcess)
    #expect(
      verdict.message == """
        The cell left 2 processes running, which had to be ended. \
        Wait for what it starts before the cell ends.
        """)
  }

  @Test(
    arguments: [
      ("throws", .uncaughtError("E"), .pass), ("traps", .trapped(message: "E"), .pass),
      ("compile-fail", .compileError, .pass), ("throws", .trapped(message: "E"), .runtimeTrap),
      ("traps", .uncaughtError("E"), .uncaughtError), ("traps", .stackOverflow, .stackOverflow),
      ("compile-fail", .compileCrash(""), .compileCrash), ("throws", .completed, .outputMismatch),
      ("traps", .completed, .outputMismatch), ("compile-fail", .completed, .outputMismatch),
      ("throws", .compileError, .compileError), ("no-run", .completed, .pass),
      ("no-run", .compileError, .compileError), ("hidden", .notRun("x"), .notRun),
    ] as [(String, CellOutcome.Ending, CellStatus)])
  func `a promised failure passes only when it comes`(
    word: String, ending: CellOutcome.Ending, status: CellStatus
  ) throws {
    #expect(try verdict("```swift \(word)\n```", outcome(ending)).status == status)
  }

  @Test func `a failure that stays away is told with both ways out`() throws {
    #expect(
      try verdict("```swift traps\n```", outcome(.completed)).message == """
        The cell promises to trap, but it ended well. \
        Bring the mistake back that it should show, or remove the word 'traps'.
        """)
    #expect(
      try verdict("```swift compile-fail\n```", outcome(.completed)).message == """
        The cell promises to not compile, but it compiles. \
        Bring the mistake back that it should show, or remove the word 'compile-fail'.
        """)
  }

  @Test func `the message and the output of a promised failure are compared`() throws {
    let lesson = "```swift traps\n```\n```output\n1\n```\n```diagnostics\nIndex [..]\n```\n"
    let trap = CellOutcome.Ending.trapped(message: "Index out of range")
    #expect(try verdict(lesson, outcome(trap, "1\n")).status == .pass)
    #expect(try verdict(lesson, outcome(trap, "2\n")).position == SourcePosition(line: 4))
    let other = try verdict(lesson, outcome(.trapped(message: "Division by zero"), "1\n"))
    #expect(other.status == .outputMismatch)
    #expect(other.position == SourcePosition(line: 7))
    #expect(
      other.message == """
        The cell fails as promised, but with other words than its 'diagnostics' fence. \
        Line 1 of the failure's text differs from the promised text. \
        Correct the code, or let --accept correct the promise.
        """)
  }

  @Test func `compiler errors read as message alone or with their place in the cell`() throws {
    let error = Diagnostic(at: SourcePosition(line: 3, column: 6), "no 'x'")
    let warning = Diagnostic(.warning, at: SourcePosition(line: 2, column: 3), "unused 'y'")
    let outcome = compileError(warning, error)
    func lesson(_ text: String) -> String {
      "> ```swift compile-fail\n> let y = 1\n> let z = x\n> ```\n> ```diagnostics\n> \(text)\n> ```\n"
    }
    #expect(try verdict(lesson("error: no 'x'"), outcome).status == .pass)
    #expect(try verdict(lesson("2:4: error: no 'x'"), outcome).status == .pass)
    #expect(try verdict(lesson("2:5: error: no 'x'"), outcome).status == .outputMismatch)
    #expect(try verdict(lesson("warning: unused 'y'\n> error: no 'x'"), outcome).status == .pass)
    #expect(try verdict(lesson("error: no 'y'"), outcome).status == .outputMismatch)
    #expect(try verdict(lesson("..."), outcome).status == .pass)
  }

  @Test func `a failure is reported where it happened`() throws {
    var trap = outcome(.trapped(message: "x"))
    trap.position = SourcePosition(line: 7, column: 3)
    #expect(try verdict("```swift\n```", trap).position == SourcePosition(line: 7, column: 3))
    let error = Diagnostic(at: SourcePosition(line: 9), "x")
    #expect(try verdict("```swift\n```", compileError(error)).position == SourcePosition(line: 9))
  }

  private static let exercise = """
    ```swift exercise
    ```

    ```output
    42
    ```

    ```swift solution
    ```
    """

  @Test func `a starter passes by failing`() throws {
    let lesson = Self.exercise
    #expect(try verdict(lesson, outcome(.completed, "0\n")).status == .pass)
    #expect(try verdict(lesson, outcome(.trapped(message: ""))).status == .pass)
    #expect(try verdict(lesson, compileError()).status == .pass)
    #expect(try verdict(lesson, outcome(.environment("no compiler"))).status == .environmentError)
    #expect(try verdict(lesson, outcome(.notRun("x"))).status == .notRun)
    let solved = try verdict(lesson, outcome(.completed, "42\n"))
    #expect(solved.status == .outputMismatch)
    #expect(
      solved.message == """
        The exercise's starter already passes its check, so there is nothing left to solve. \
        Take the answer out of the starter, or make the check ask for more.
        """)
  }

  @Test func `a solution has to meet its exercise's check`() throws {
    let solution = try #require(try CheckSupport.lesson(Self.exercise).cells.last)
    let right = Checker.verdict(cell: solution, outcome: outcome(.completed, "42\n"))
    let wrong = Checker.verdict(cell: solution, outcome: outcome(.completed, "0\n"))
    #expect(right.status == .pass)
    #expect(wrong.status == .outputMismatch)
    #expect(wrong.position == SourcePosition(line: 5))
  }
}
