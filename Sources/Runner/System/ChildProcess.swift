internal import CWorker
internal import Glibc

/// A program to start: everything it gets is in here, nothing is inherited.
package struct Command: Sendable {
  package var program: String
  package var arguments: [String]
  package var environment: [String]
  package var directory: String?

  package init(
    _ program: String, _ arguments: [String], environment: [String] = [], directory: String? = nil
  ) {
    self.program = program
    self.arguments = arguments
    self.environment = environment
    self.directory = directory
  }
}

/// A started process.
///
/// It is ended when its last owner lets go before it ended by itself.
package final class ChildProcess: Sendable {
  package let id: Int32
  /// Readable once the process ended.
  private let handle: Descriptor
  /// How long the process may take to end in order, once told to; zero to kill it at once.
  private let patience: Duration

  /// Starts a program with exactly the given descriptors, numbered from 0.
  ///
  /// - Parameter patience: How long the process gets after SIGTERM before SIGKILL.
  package init(
    _ command: Command, descriptors: [Descriptor], patience: Duration = .zero
  ) throws(SystemError) {
    self.patience = patience
    var arguments: [UnsafeMutablePointer<CChar>?] = unsafe ([command.program] + command.arguments)
      .map { unsafe strdup($0) }
    var environment: [UnsafeMutablePointer<CChar>?] = unsafe command.environment.map {
      unsafe strdup($0)
    }
    unsafe arguments.append(nil)
    unsafe environment.append(nil)
    defer {
      unsafe (arguments + environment).forEach { unsafe free($0) }
    }
    let pid = withExtendedLifetime(descriptors) {
      unsafe worker_spawn(
        command.program, arguments, environment, descriptors.map(\.number),
        Int32(descriptors.count), command.directory)
    }
    guard pid > 0 else { throw SystemError(command.program, code: -pid) }
    id = pid
    let number = worker_process_handle(pid)
    guard number >= 0 else {
      kill(pid, SIGKILL)
      waitpid(pid, nil, 0)
      throw SystemError("pidfd_open", code: -number)
    }
    handle = Descriptor(owning: number)
  }

  deinit {
    // Fails harmlessly for a process that was waited for.
    if waitpid(id, nil, WNOHANG) == 0 {
      if patience > .zero {
        kill(id, SIGTERM)
        _ = waitForInput([endNumber], until: .now + patience)
      }
      kill(id, SIGKILL)
      waitpid(id, nil, 0)
    }
  }

  /// A descriptor that is readable once the process ended.
  package var endNumber: Int32 { handle.number }

  package func signal(_ number: Int32) {
    kill(id, number)
  }

  /// Waits for the end and says how it came.
  package func wait() -> ExitStatus {
    var status: Int32 = 0
    while unsafe waitpid(id, &status, 0) < 0 && errno == EINTR {}
    return ExitStatus(waitStatus: status)
  }
}

/// How a process ended.
package enum ExitStatus: Sendable, Equatable {
  case exited(Int32)
  case signalled(Int32)

  /// Reads the number that `waitpid` gives.
  package init(waitStatus: Int32) {
    self =
      waitStatus & 0x7f == 0 ? .exited(waitStatus >> 8 & 0xff) : .signalled(waitStatus & 0x7f)
  }
}
