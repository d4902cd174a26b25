import ArgumentParser
import Glibc
import Runner
import Synchronization

struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run lessons and check every promise in them.",
    discussion: """
      Links, labels, images and formulas are checked as for a page. Never writes a lesson, unless --accept \
      asks for it.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, junit, github
  }

  @Argument(help: "'all', slugs, Markdown files or folders.")
  var lessons: [String] = []

  @Option(
    name: .shortAndLong, help: "How many lessons run at a time; the number of cores if not given.")
  var jobs: Int?

  @Flag(help: "Compile every cell again.")
  var fresh = false

  @Flag(help: "Stop at the first failure.")
  var stop = false

  @Option(
    help: ArgumentHelp("Verify one part of the lessons: 1/3 is every third.", valueName: "i/n"))
  var shard: String?

  @Option(help: "How to report: text, json, junit or github.")
  var format = Format.text

  @Option(
    defaultAsFlag: AcceptTarget.everything,
    help: ArgumentHelp(
      "Rewrite what lessons promise into what their cells print, or --accept=lesson#cell for one.",
      valueName: "lesson#cell"))
  var accept: AcceptTarget?

  @OptionGroup var isolation: IsolationOptions
  @OptionGroup var options: CourseOptions

  mutating func validate() throws {
    // The cell to accept names its lesson already.
    if lessons.isEmpty, case .cell(let lesson, _) = accept { lessons = [lesson] }
    if lessons.isEmpty {
      throw ValidationError("name the lessons to verify: 'all', slugs, Markdown files or folders")
    }
    if let jobs, jobs < 1 { throw ValidationError("--jobs takes a number from 1, got \(jobs)") }
    if let shard, Shard(shard) == nil {
      throw ValidationError("--shard takes I/N with 1 ≤ I ≤ N, got '\(shard)'")
    }
  }

  func run() async throws {
    let session = try CommandSession(fresh: fresh, isolation: isolation)
    var paths: [String]
    do throws(Course.SelectionError) {
      paths = try Selection.paths(lessons) { () throws(Course.SelectionError) in
        try options.course()
      }
      if let shard = shard.flatMap(Shard.init) {
        paths = shard.part(of: paths)
        if paths.isEmpty {
          throw Course.SelectionError(
            message: "shard \(shard.index)/\(shard.count) holds no lesson",
            help: "use no more shards than there are lessons")
        }
      }
    } catch { throw Failure.usage(error) }

    let start = ContinuousClock.now
    let text = RunText(style: options.style(), width: Terminal.width)
    let printer = Mutex(
      VerifyPrinter(
        paths: paths, text: text, isTextual: format == .text, showsProgress: Terminal.isInteractive)
    )
    var verification = Verification(
      engine: session.engine, jobs: jobs ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)),
      stopsAtFailure: stop)
    verification.review = { SiteMaker.diagnostics(of: $0, store: OutcomeStore()) }
    let probe = session.probe()
    let reports = await verification.run(paths) { event in
      printer.withLock { $0.take(event) }
    }
    printer.withLock { $0.finish() }
    if session.interruption.isRaised {
      Failure.say("interrupted: \(reports.count) of \(paths.count) lessons were started\n")
      throw ExitCode.interrupted
    }
    let isolation = await session.isolation(by: probe)
    let report = RunReport(
      toolchain: try toolchainVersion(session), lessons: reports,
      duration: ContinuousClock.now - start, isolation: isolation)
    switch format {
    case .text: Output.write(text.summary(report))
    case .json: Output.write(try JSONReport.text(report))
    case .junit: Output.write(JUnitReport.text(report))
    case .github: Output.write(GitHubReport.text(report))
    }
    if let accept { throw Acceptance(target: accept, style: options.style()).apply(to: reports) }
    if report.isEnvironmentFailure { throw ExitCode.environment }
    if !report.isPassing { throw ExitCode.failure }
  }

  private func toolchainVersion(_ session: CommandSession) throws -> String {
    guard format == .json else { return "" }
    do { return try session.engine.toolchain.version() } catch { throw Failure.environment(error) }
  }
}
