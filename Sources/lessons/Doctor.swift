import ArgumentParser
import Runner

struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check what running lessons takes on this machine.",
    discussion: "Each line says ok, or how to mend it.")

  @OptionGroup var options: CourseOptions

  func run() async throws {
    let style = options.style()
    var isHealthy = true
    await Checkup(executable: Executable.path).run { finding in
      let mark =
        finding.isOK
        ? style.green("ok    ") : finding.isMinor ? style.yellow("weak  ") : style.red("broken")
      Output.write("\(mark) \(finding.name): \(TerminalText.escaped(finding.detail))\n")
      if let remedy = finding.remedy { Output.write("       \(remedy)\n") }
      if !finding.isOK, !finding.isMinor { isHealthy = false }
    }
    if !isHealthy { throw ExitCode.environment }
  }
}
