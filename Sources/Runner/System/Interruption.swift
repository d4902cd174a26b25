internal import Glibc

/// Ctrl-C and its kin as a descriptor that stays readable once the signal came.
///
/// Every wait includes it, so that whoever waits ends its children and returns.
package final class Interruption: Sendable {
  private let descriptor: Descriptor

  /// Takes over SIGINT, SIGTERM and SIGHUP. Call before any thread is made: threads inherit the mask.
  package init() throws(SystemError) {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&signals, number) }
    unsafe sigprocmask(SIG_BLOCK, &signals, nil)
    let number = unsafe signalfd(-1, &signals, Int32(SFD_CLOEXEC) | Int32(SFD_NONBLOCK))
    guard number >= 0 else { throw SystemError("signalfd") }
    descriptor = Descriptor(owning: number)
  }

  /// The descriptor to wait on. Nobody reads it.
  package var number: Int32 { descriptor.number }

  /// True once one of the signals came.
  package var isRaised: Bool { !waitForInput([number], until: .now).isEmpty || peek() }

  private func peek() -> Bool {
    var polled = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&polled, 1, 0) > 0
  }
}
