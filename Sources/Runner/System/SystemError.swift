internal import Glibc

/// A system call that failed: what was attempted, and the system's reason.
package struct SystemError: Error, Sendable, CustomStringConvertible {
  package var attempt: String
  package var code: Int32

  package init(_ attempt: String, code: Int32 = errno) {
    self.attempt = attempt
    self.code = code
  }

  package var description: String {
    "\(attempt): \(unsafe String(cString: strerror(code)))"
  }
}
