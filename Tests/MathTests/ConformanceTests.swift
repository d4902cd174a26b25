import ConformanceCases
import Foundation
import Testing

@Suite struct ConformanceTests {
  @Test(arguments: ["torch", "papers", "drawn"])
  func `every recorded call gives what it gave in PyTorch`(file: String) throws {
    let url = try #require(
      Bundle.module.url(forResource: file, withExtension: "jsonl.gz", subdirectory: "Cases"))
    let cases = try Case.read([UInt8](Data(contentsOf: url)))
    #expect(cases.count > 200)
    var failures: [String] = []
    Replay.run(cases) { test, verdict in
      if verdict != .passed { failures.append("\(test.id): \(verdict)") }
    }
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
  }
}
