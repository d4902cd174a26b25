import ArgumentParser
import Glibc
import Runner

extension ExitCode {
  /// This machine can't run lessons.
  static let environment = ExitCode(2)
  static let interrupted = ExitCode(130)
}

/// Prints to the terminal and ends the command, the way each kind of failure asks for.
enum Failure {
  static func usage(_ error: Course.SelectionError) -> ExitCode {
    say(
      "error: \(TerminalText.escaped(error.message))\nhelp: \(TerminalText.escaped(error.help))\n")
    return .validationFailure
  }

  static func environment(_ failure: EnvironmentFailure) -> ExitCode {
    say("error: \(failure.message)\nhelp: \(failure.help)\n")
    return .environment
  }

  static func say(_ text: String) {
    Output.write(text, to: STDERR_FILENO)
  }
}

/// Writes text at once and whole.
///
/// A reader that went away ends the command quietly, as it does `cat`.
enum Output {
  static func write(_ text: String, to descriptor: Int32 = STDOUT_FILENO) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        exit(descriptor == STDOUT_FILENO ? 1 : 2)
      }
      rest = rest.dropFirst(count)
    }
  }
}
