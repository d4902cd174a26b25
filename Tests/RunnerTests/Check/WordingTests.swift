import Testing

@testable import Runner

@Suite struct WordingTests {
  private func message(
    _ ending: CellOutcome.Ending, at position: SourcePosition? = SourcePosition(line: 4)
  ) throws -> String {
    let cell = try #require(try CheckSupport.lesson("```swift\n```").cells.first)
    var outcome = CellOutcome(ending)
    outcome.position = position
    return Wording.message(for: outcome, cell: cell)
  }

  @Test func `a time limit asks for the endless loop and names the way to raise it`() throws {
    #expect(
      try message(.timedOut(limit: .seconds(10), isWaiting: false)) == """
        The cell was still busy after 10 s: an endless loop? \
        If it needs longer, raise the limit, such as timeout=30s on its fence.
        """)
    #expect(
      try message(.timedOut(limit: .seconds(600), isWaiting: false)).contains("timeout=600s"))
  }

  @Test func `a cell that only waited is told from one that computed`() throws {
    #expect(
      try message(.timedOut(limit: .seconds(2), isWaiting: true)) == """
        The cell was still waiting after 2 s, and computed next to nothing: \
        a sleep, a lock or a signal that never comes? \
        If it needs longer, raise the limit, such as timeout=6s on its fence.
        """)
  }

  @Test func `times read as people say them`() {
    #expect(Wording.text(.milliseconds(500)) == "500 ms")
    #expect(Wording.text(.seconds(90)) == "90 s")
    #expect(Wording.text(.seconds(120)) == "2 min")
    #expect(Wording.text(.zero) == "0 s")
  }

  @Test func `Swift's own traps are explained and quoted`() throws {
    #expect(
      try message(.trapped(message: "Index out of range")) == """
        An element was asked for that the collection doesn't have (Index out of range). \
        Valid indices run from 0 to count - 1: print the index and the count before this line.
        """)
    #expect(
      try message(.trapped(message: "")) == """
        A run-time check stopped the cell, without saying which. \
        Look for arithmetic that overflows, for an index or for an optional that is nil.
        """)
  }

  @Test func `a trap in its author's words is left in them`() throws {
    #expect(
      try message(.trapped(message: "index 3 is out of range for 3 elements")) == """
        The cell stopped itself: index 3 is out of range for 3 elements. \
        Look at the line that the position names.
        """)
  }

  @Test func `exits, signals and limits say what happened and what to do`() throws {
    #expect(
      try message(.exited(status: 0))
        == "The cell called exit(0) before its end, so nothing after that ran. Remove the call.")
    #expect(
      try message(.exited(status: 3)) == """
        The cell called exit(3) before its end. Remove the call, or throw an error instead.
        """)
    #expect(
      try message(.exited(status: 0), at: nil) == """
        The cell's process ended with the status 0 before the cell's end: by a call like exit, \
        by another program in its place, or for want of the files it works with. Remove what ends it.
        """)
    #expect(
      try message(.signal(11)) == """
        The cell was ended by the signal 11 (SIGSEGV). \
        Look for unsafe pointers, for C functions, or for what ends processes.
        """)
    #expect(
      try message(.memoryLimit(bytes: 2 << 30)) == """
        The cell asked for more than the 2 GB of memory that it may have: \
        an array that grows without end? Make the data smaller.
        """)
    #expect(
      try message(.outputLimit(bytes: 1 << 20)) == """
        The cell printed more than 1 MB, and the rest was cut: a print in an endless loop? Print less.
        """)
  }

  @Test(
    arguments: [
      .compileError, .undefinedSymbol("f"), .compileTooComplex, .compileTimeout, .compileMemory,
      .compileCrash("x"),
      .uncaughtError("x"), .stackOverflow, .fileLimit(bytes: 1000), .notRun("needs cell 3"),
      .environment("no compiler"),
    ] as [CellOutcome.Ending])
  func `every failure has a sentence`(ending: CellOutcome.Ending) throws {
    let text = try message(ending)
    #expect(text.hasSuffix(".") || text.hasSuffix("x"))
    #expect(text.first?.isUppercase == true)
  }

  @Test(arguments: [
    (0.25, "0.25"), (0.012, "0.012"), (1.5, "1.5"), (15, "15"), (150, "150"), (1500, "1.5e3"),
    (99.9, "100"),
    (0.00012, "1.2e-4"), (9.99, "10"), (0.0999, "0.10"), (1e-300, "1.0e-300"),
  ])
  func `errors are given with two digits`(value: Double, text: String) {
    #expect(Wording.short(value) == text)
  }

  @Test func `a wrong number is named with its error`() {
    let difference = CheckSupport.difference("x = 0.50", "x = 0.75")
    #expect(
      difference.map { Wording.message(for: $0) } == """
        Line 1 of the output differs in its numbers: 0.75 is printed where 0.50 is promised, \
        a relative error of 0.50. Correct the number, or write fewer digits, rtol= or atol=.
        """)
  }
}
