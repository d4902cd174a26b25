import Foundation

/// Lets a few commands run at a time, on threads of their own: many of them only wait for a limit, but
/// those that compute would be late if all ran at once.
actor Turns {
  static let shared = Turns(ProcessInfo.processInfo.activeProcessorCount + 1)

  private var free: Int
  private var waiting: [CheckedContinuation<Void, Never>] = []

  init(_ count: Int) {
    free = count
  }

  nonisolated func take<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result)
    async throws
    -> Result
  {
    await begin()
    let result = await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: Swift.Result { try body() }) }
    }
    await end()
    return try result.get()
  }

  private func begin() async {
    guard free == 0 else {
      free -= 1
      return
    }
    await withCheckedContinuation { waiting.append($0) }
  }

  private func end() {
    if waiting.isEmpty {
      free += 1
    } else {
      waiting.removeFirst().resume()
    }
  }
}
