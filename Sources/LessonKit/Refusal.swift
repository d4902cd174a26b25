internal import Glibc

/// Stops with what is wrong, naming the caller's line.
///
/// `precondition` would drop the message where the module is optimised.
func refuse(_ message: String, _ file: StaticString, _ line: UInt) -> Never {
  fflush(nil)
  fatalError(message, file: file, line: line)
}
