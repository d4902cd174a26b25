import ArgumentParser
import Math
import Runner

struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check what running lessons takes on this machine.",
    discussion: "Each line says ok, or how to mend it.")

  @OptionGroup var options: CourseOptions

  func run() async throws {
    let style = options.style()
    var isHealthy = true
    await Checkup(executable: Executable.path, math: Self.math).run { finding in
      let mark =
        finding.isOK
        ? style.green("ok    ") : finding.isMinor ? style.yellow("weak  ") : style.red("broken")
      Output.write("\(mark) \(finding.name): \(TerminalText.escaped(finding.detail))\n")
      if let remedy = finding.remedy { Output.write("       \(remedy)\n") }
      if !finding.isOK, !finding.isMinor { isHealthy = false }
    }
    if !isHealthy { throw ExitCode.environment }
  }

  /// Which kernels of Math were built in, and whether this processor has what they need.
  private static var math: Checkup.Finding {
    if Processor.isPortable {
      return Checkup.Finding(
        name: "math",
        detail: "portable kernels, for processors without AVX2 and FMA: several times slower")
    }
    return Checkup.Finding(
      name: "math", detail: "kernels for AVX2 and FMA",
      remedy: Processor.suffices
        ? nil : "this processor lacks them; build again on it with Scripts/lessons")
  }
}
