import ArgumentParser
import Glibc
import Runner

/// When to colour.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never
}

/// Where lessons are and how they are shown; every verb takes these.
struct CourseOptions: ParsableArguments {
  @Option(
    name: .customLong("lessons"),
    help: ArgumentHelp(
      "The course folder, instead of the nearest Lessons/ here or above.", valueName: "dir"))
  var directory: String?

  @Option(help: "When to colour: auto, always or never. NO_COLOR is honoured.")
  var color = ColorChoice.auto

  func course() throws(Course.SelectionError) -> Course {
    try Course.find(
      named: directory, from: FileSystem.currentDirectory,
      installed: RunnerVersion.installedCourse(executable: Executable.path))
  }

  func style(for descriptor: Int32 = STDOUT_FILENO) -> Style {
    switch color {
    case .always: Style(isColored: true)
    case .never: Style(isColored: false)
    case .auto:
      Style(
        isColored: isatty(descriptor) != 0 && environmentVariable("NO_COLOR") == nil
          && environmentVariable("TERM") != "dumb")
    }
  }
}

/// How wide text is; the verbs that show prose take this.
struct WidthOption: ParsableArguments {
  @Option(
    help: "Columns to write for, from 40; else $COLUMNS, the terminal's, or 80.")
  var width: Int?

  func validate() throws {
    guard let width, width < 40 else { return }
    throw ValidationError("--width takes a number from 40, got \(width)")
  }

  var columns: Int { width ?? Terminal.width }
}

/// The running executable, which also serves as the worker.
enum Executable {
  static let path = FileSystem.canonical("/proc/self/exe") ?? CommandLine.arguments[0]
}

/// The terminal that output goes to, if one does.
enum Terminal {
  static var isInteractive: Bool { isatty(STDERR_FILENO) != 0 && environmentVariable("CI") == nil }

  /// Columns to write for: what the reader asks for in `COLUMNS`, else what the terminal has, else 80.
  static var width: Int {
    let wanted = environmentVariable("COLUMNS").flatMap { Int($0) }
    if let wanted, wanted > 0 { return wanted }
    return Int(size?.ws_col ?? 80)
  }

  static var height: Int { Int(size?.ws_row ?? 24) }

  private static var size: winsize? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
    else { return nil }
    return size
  }
}
