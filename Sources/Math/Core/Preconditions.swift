import Glibc

/// Stops with the rule, the offending value and a way out, naming the caller's line.
///
/// Every check of an argument in Math goes through here. `fatalError` and not `precondition`: Math
/// is compiled with optimisation, where `precondition` drops its message.
@inline(__always)
package func require(
  _ condition: Bool, _ message: @autoclosure () -> String,
  file: StaticString = #file, line: UInt = #line
) {
  if !condition { refuse(message(), file: file, line: line) }
}

/// Refuses a call: the branch of ``require(_:_:file:line:)`` kept out of the callers' way.
@inline(never)
package func refuse(
  _ message: String, file: StaticString = #file, line: UInt = #line
) -> Never {
  fflush(nil)  // what was printed before is not lost
  fatalError(message, file: file, line: line)
}
