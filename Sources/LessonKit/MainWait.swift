internal import Dispatch
internal import Glibc
internal import Synchronization

/// One wait of the main thread for a task, during which the main queue goes on.
final class MainWait<Success>: Sendable {
  private let outcome = Mutex<Result<Success, any Error>?>(nil)
  /// A pipe: its reading end becomes readable once the task is done.
  private let done: [Int32]

  init() {
    var ends: [Int32] = [-1, -1]
    let failure = pipe(&ends)
    precondition(
      failure == 0, "blocking needs two descriptors, and none are left; close some files")
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    done = ends
  }

  deinit {
    for end in done { close(end) }
  }

  func result(
    of work: @escaping @Sendable () async throws -> Success
  ) -> Result<Success, any Error> {
    Task.detached { [self] in
      let result: Result<Success, any Error>
      do { result = .success(try await work()) } catch { result = .failure(error) }
      finish(UncheckedTransfer(value: result))
    }
    while true {
      var sources = [
        pollfd(fd: done[0], events: Int16(POLLIN), revents: 0),
        pollfd(fd: MainQueue.handle, events: Int16(POLLIN), revents: 0),
      ]
      poll(&sources, 2, -1)
      if sources[1].revents != 0 { MainQueue.run() }
      if sources[0].revents != 0, let result = taken() { return result }
    }
  }

  private func finish(_ result: UncheckedTransfer<Result<Success, any Error>>) {
    outcome.withLock { $0 = result.value }
    write(done[1], [1], 1)
  }

  private func taken() -> Result<Success, any Error>? {
    outcome.withLock { outcome -> UncheckedTransfer<Result<Success, any Error>>? in
      outcome.map { UncheckedTransfer(value: $0) }
    }?.value
  }
}

/// A value handed from the task that made it to the one place that waits for it.
private struct UncheckedTransfer<Value>: @unchecked Sendable {
  let value: Value
}

/// The main dispatch queue, turned by hand: the main thread belongs to the cells and no run loop
/// turns on it.
///
/// Dispatch offers this pair of functions to run loops that are not its own.
private enum MainQueue {
  typealias HandleFunction = @convention(c) () -> Int32
  typealias RunFunction = @convention(c) (UnsafeMutableRawPointer?) -> Void

  static let handle: Int32 =
    function("_dispatch_get_main_queue_handle_4CF", as: HandleFunction.self)?() ?? -1
  private static let callback = function("_dispatch_main_queue_callback_4CF", as: RunFunction.self)

  static func run() {
    callback?(nil)
  }

  private static func function<Function>(_ name: String, as type: Function.Type) -> Function? {
    // Naming the queue loads Dispatch, where the functions are.
    _ = DispatchQueue.main
    return dlsym(nil, name).map { unsafeBitCast($0, to: type) }
  }
}
