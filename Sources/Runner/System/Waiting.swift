internal import Glibc

/// Waits until one of several descriptors is readable or closed, or a moment has come.
///
/// Returns the positions of those that are ready; none when the deadline passed.
package func waitForInput(_ descriptors: [Int32], until deadline: ContinuousClock.Instant?) -> [Int]
{
  var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
  while true {
    let timeout: Int32
    if let deadline {
      let left = ContinuousClock.now.duration(to: deadline)
      if left <= .zero { return [] }
      // Rounded up, so that the deadline has passed when poll gives up.
      timeout = Int32(clamping: left.milliseconds.rounded(.up))
    } else {
      timeout = -1
    }
    let count = unsafe poll(&polled, nfds_t(polled.count), timeout)
    if count > 0 { return polled.indices.filter { polled[$0].revents != 0 } }
    if count < 0 && errno != EINTR { return [] }
  }
}

/// Runs blocking work on a thread of its own, so that it holds no thread of the concurrency pool.
package func onOwnThread<Result: Sendable>(
  _ work: @escaping @Sendable () -> Result
) async -> Result {
  await withCheckedContinuation { continuation in
    let job = Job { continuation.resume(returning: work()) }
    var thread = pthread_t()
    let context = unsafe Unmanaged.passRetained(job).toOpaque()
    let failure = unsafe pthread_create(
      &thread, nil,
      { context in
        unsafe Unmanaged<Job>.fromOpaque(context.unsafelyUnwrapped).takeRetainedValue().run()
        return nil
      }, context)
    if failure == 0 {
      pthread_detach(thread)
    } else {
      // No thread to be had: the work is done here rather than not at all.
      unsafe Unmanaged<Job>.fromOpaque(context).takeRetainedValue().run()
    }
  }
}

private final class Job: Sendable {
  let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) {
    self.run = run
  }
}

extension Duration {
  /// The duration in milliseconds, with fractions.
  package var milliseconds: Double {
    seconds * 1e3
  }

  /// The duration in seconds, with fractions.
  package var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}

extension Int32 {
  init(clamping value: Double) {
    self = value >= Double(Int32.max) ? .max : Int32(value)
  }
}
