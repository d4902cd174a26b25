import Foundation
import Testing

@testable import Runner

/// The README shows real output: each `$ lessons …` in it is run again.
@Suite struct ReadmeTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// A command of the README and what stands under it; `...` is any lines.
  struct Example: CustomTestStringConvertible {
    var arguments: [String]
    var output: String

    var testDescription: String { arguments.joined(separator: " ") }
  }

  static let examples: [Example] = {
    let text = (try? String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)) ?? ""
    let blocks = text.components(separatedBy: "```console\n").dropFirst()
    return blocks.compactMap { block in
      let lines = block.components(separatedBy: "\n```")[0].components(separatedBy: "\n")
      guard let command = lines.first, command.hasPrefix("$ lessons ") else { return nil }
      return Example(
        arguments: command.split(separator: " ").dropFirst(2).map(String.init),
        output: lines.dropFirst().joined(separator: "\n") + "\n")
    }
  }()

  @Test func `the README shows each of the main verbs`() {
    #expect(Set(Self.examples.map { $0.arguments[0] }).isSuperset(of: ["list", "run", "verify"]))
  }

  /// A lesson may get another cell without a change of the README.
  private static func normalized(_ text: String) -> String {
    FixtureTests.normalized(text).replacing(/[0-9]+ cells/, with: "MANY cells")
  }

  @Test(arguments: examples)
  func `a command of the README prints what stands under it`(example: Example) throws {
    let run = try CommandRun(arguments: example.arguments, in: Self.root)
    let printed = Self.normalized(run.output + run.errors)
    let promised = Self.normalized(example.output)
    let expected = ExpectedText(
      text: promised, span: SourceSpan(start: SourcePosition(line: 1), bytes: 0..<0),
      content: 0..<0,
      linePrefix: "", firstLine: 1)
    let difference = OutputComparison.difference(expected, Array(printed.utf8), tolerance: .init())
    #expect(difference == nil, "\(printed)")
  }
}
