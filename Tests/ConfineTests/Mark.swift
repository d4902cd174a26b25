import Foundation
import Glibc

/// A word in the command line of a program and of all that it forks, by which they are found among the
/// processes of other tests.
struct Mark {
  let text = UUID().uuidString

  /// Waits until a process of the program itself is there; its launcher has the mark, too.
  func appears() -> Bool {
    Self.within(.seconds(20)) { processes.contains { $0.hasPrefix(Confined.hostile) } }
  }

  /// Waits until none is left.
  ///
  /// What has been killed may take a moment to go.
  func vanishes() -> Bool {
    Self.within(.seconds(20)) { processes.isEmpty }
  }

  private static func within(_ time: Duration, _ condition: () -> Bool) -> Bool {
    let deadline = ContinuousClock.now + time
    while !condition() {
      if ContinuousClock.now > deadline { return false }
      usleep(5000)
    }
    return true
  }

  /// The command lines of the living processes that have the mark; those of the dead are empty.
  private var processes: [String] {
    let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return numbers.filter { $0.allSatisfy(\.isNumber) }.compactMap { number in
      let line = FileHandle(forReadingAtPath: "/proc/\(number)/cmdline")?.readDataToEndOfFile()
      let command = String(decoding: line ?? Data(), as: UTF8.self)
      return command.contains(text) ? command : nil
    }
  }
}
