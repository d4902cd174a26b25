internal import CWorker
internal import Glibc

/// Ctrl-C and its kin as a descriptor that stays readable once the signal came.
///
/// Every wait includes it, so that whoever waits ends its children and returns.
package final class Interruption: Sendable {
  private let descriptor: Descriptor

  /// Takes over SIGINT, SIGTERM and SIGHUP; those that the parent has this process ignore stay ignored.
  package init() throws(SystemError) {
    let number = worker_interruption()
    guard number >= 0 else { throw SystemError("eventfd", code: -number) }
    descriptor = Descriptor(owning: number)
  }

  /// The descriptor to wait on.
  ///
  /// Nobody reads it.
  package var number: Int32 { descriptor.number }

  /// True once one of the signals came.
  package var isRaised: Bool {
    var polled = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&polled, 1, 0) > 0
  }
}
