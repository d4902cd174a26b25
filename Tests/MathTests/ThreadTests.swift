import Foundation
import Math
import Testing

@Suite struct ThreadTests {
  /// A process that waits for its children (the runner's checkpoints do) lost the signal to a worker.
  @Test func `the pool's threads take no signal that is meant for the program`() throws {
    _ = matmul(Tensor.ones(400, 400), Tensor.ones(400, 400))  // starts the pool
    let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
    let masks = tasks.compactMap { task -> UInt64? in
      let status = try? String(contentsOfFile: "/proc/self/task/\(task)/status", encoding: .utf8)
      guard let lines = status?.split(separator: "\n"), lines[0].hasSuffix("math-pool"),
        let mask = lines.first(where: { $0.hasPrefix("SigBlk:") })
      else { return nil }
      return UInt64(mask.split(separator: "\t")[1], radix: 16)
    }
    #expect(Math.threads == 1 || !masks.isEmpty)
    func isBlocked(_ signal: Int32, _ mask: UInt64) -> Bool { mask >> UInt64(signal - 1) & 1 == 1 }
    for mask in masks {
      #expect(isBlocked(SIGCHLD, mask) && isBlocked(SIGTERM, mask))
      #expect(!isBlocked(SIGSEGV, mask) && !isBlocked(SIGILL, mask))
    }
  }
}
