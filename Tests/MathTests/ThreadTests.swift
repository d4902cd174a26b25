import Foundation
import Synchronization
import Testing

@testable import Math

@Suite struct ThreadTests {
  /// A process that waits for its children (the runner's checkpoints do) lost the signal to a worker.
  @Test func `the pool's threads take no signal that is meant for the program`() async {
    // In a process of its own: other tests change how many threads there are.
    await #expect(processExitsWith: .success) {
      Math.threads = 2
      _ = matmul(Tensor.ones(400, 400), Tensor.ones(400, 400))  // starts the pool
      while ThreadPool.shared.begun.load(ordering: .acquiring) < 1 { sched_yield() }
      let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
      let masks = tasks.compactMap { task -> UInt64? in
        let status = try? String(
          contentsOfFile: "/proc/self/task/\(task)/status", encoding: .utf8)
        guard let lines = status?.split(separator: "\n"), lines[0].hasSuffix("math-pool"),
          let mask = lines.first(where: { $0.hasPrefix("SigBlk:") })
        else { return nil }
        return UInt64(mask.split(separator: "\t")[1], radix: 16)
      }
      #expect(masks.count == 1)
      for mask in masks {
        func isBlocked(_ signal: Int32) -> Bool { mask >> UInt64(signal - 1) & 1 == 1 }
        #expect(isBlocked(SIGCHLD) && isBlocked(SIGTERM))
        #expect(!isBlocked(SIGSEGV) && !isBlocked(SIGILL))
      }
    }
  }

  /// A worker that began while its process forked held a lock of the Swift runtime: the child waited for
  /// it for ever, one lesson in fifty that displayed a figure.
  @Test func `a fork waits until the pool's threads have begun`() async {
    await #expect(processExitsWith: .success) {
      for _ in 0..<20 {
        Math.threads = 64
        _ = matmul(Tensor.ones(400, 400), Tensor.ones(400, 400))
        let child = fork()
        // Each child starts workers of its own, and forks in turn.
        if child == 0 { continue }
        let pool = ThreadPool.shared
        let begun = pool.begun.load(ordering: .acquiring)
        var status: Int32 = 0
        waitpid(child, &status, 0)
        exit(begun == pool.started - 1 && pool.started == 64 && status == 0 ? 0 : 1)
      }
      exit(0)
    }
  }
}
