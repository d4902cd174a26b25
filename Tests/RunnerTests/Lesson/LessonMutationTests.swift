import Testing

@testable import Runner

/// A small generator, so that each run tries the same inputs.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    // SplitMix64.
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite struct LessonMutationTests {
  /// What Markdown and lessons give a meaning to.
  private static let pieces = [
    "```swift\n", "```\n", "~~~\n", "````", "```output\n", "```diagnostics\n", "> ", "- ", "1. ",
    "\t",
    "    ", "\n", "\r\n", "\r", "\n\n", "*", "_", "`", "$", "$`", "[", "](", ")", "<", ">", "\\",
    "&amp;",
    "// Prints \"a\"\n", "\"\"\"", "\\(", "#\"", "/*", "#", "===\n", "---\n", "[a]: b\n",
    "\u{FEFF}",
    "é", "🦉", "\u{2028}", "<!-- ", "-->", "|", "...\n", "[..]", "0.5", "nan", " id=a", " hiden",
  ]

  @Test(arguments: FixtureCase.all(in: "expect") + FixtureCase.all(in: "failure"))
  func `mutated lessons are read or refused, and spans hold`(fixture: FixtureCase) throws {
    let original = try fixture.lessonBytes()
    guard original.count < 4000 else { return }
    for seed in 0..<25 as Range<UInt64> {
      var generator = SeededGenerator(state: seed)
      var bytes = original
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let start = Int.random(in: 0...bytes.count, using: &generator)
        let length = min(Int.random(in: 0...12, using: &generator), bytes.count - start)
        let piece = Self.pieces.randomElement(using: &generator) ?? ""
        bytes.replaceSubrange(start..<(start + length), with: piece.utf8)
      }
      do {
        let lesson = try LessonParser.parse(path: "lesson.md", bytes: bytes)
        SpanProperty.expectSpansHold(in: lesson)
      } catch {
        #expect(!error.diagnostics.isEmpty)
        let positions = error.diagnostics.map(\.position)
        #expect(positions == positions.sorted())
        #expect(!DiagnosticRenderer.text(error, bytes: bytes).isEmpty)
      }
      // Blocks keep their spans also where a lesson is refused.
      if LessonLimits.firstInvalidByte(bytes) == nil,
        let blocks = try? MarkdownParser.parse(SourceText(bytes))
      {
        SpanProperty.expectSpansHold(in: blocks, of: bytes)
      }
    }
  }
}
