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
///
/// Where no line of the caller's came as an argument, the one that ``CallSite`` notes is named.
@inline(never)
package func refuse(
  _ message: String, file: StaticString = #file, line: UInt = #line
) -> Never {
  if let onRefusal { onRefusal(message) }
  fflush(nil)  // what was printed before is not lost
  if CallSite.isMath(file), let place = CallSite.current {
    fatalError(message, file: place.file, line: place.line)
  }
  fatalError(message, file: file, line: line)
}

/// What a process that expects refusals does on one; set by conformance tests alone, in a child
/// process of their own, to tell a refusal from a crash.
nonisolated(unsafe) package var onRefusal: ((String) -> Never)?
