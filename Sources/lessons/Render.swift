import ArgumentParser
import Glibc
import Runner

struct Render: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Verify lessons and make a static site of them.",
    discussion: """
      The site opens from its folder, without a server or a network. A lesson that fails is part of it, \
      with a red badge, and the command ends with status 1.

      Lessons named one by one are added to the site that the folder holds, or take the place of their old \
      pages. Its other lessons stay; those whose text changed since they ran are run again. 'all' makes the \
      site anew.
      """)

  @Argument(help: "'all', slugs, Markdown files or folders; all lessons if none is named.")
  var lessons: [String] = ["all"]

  @Option(name: .shortAndLong, help: "The folder of the site, or of an earlier one to update.")
  var output = "site"

  @Flag(inversion: .prefixedNo, help: "Run the cells, or show what they did when they last ran.")
  var run = true

  @Option(
    name: .shortAndLong, help: "How many lessons run at a time; the number of cores if not given.")
  var jobs: Int?

  @Flag(help: "Compile every cell again.")
  var fresh = false

  @OptionGroup var isolation: IsolationOptions

  @OptionGroup var options: CourseOptions

  func validate() throws {
    if let jobs, jobs < 1 { throw ValidationError("--jobs takes a number from 1, got \(jobs)") }
  }

  func run() async throws {
    let folder = SiteFolder(output)
    do throws(SiteFolder.Refusal) { try folder.prepare() } catch {
      throw Failure.usage(Course.SelectionError(message: error.message, help: error.help))
    }
    let update: SiteUpdate
    do {
      let paths = try CourseFiles.paths(lessons, options: options)
      update = SiteUpdate(
        rendering: paths, into: lessons.contains("all") ? [] : try folder.lessons())
    } catch let refusal as SiteFolder.Refusal {
      throw Failure.usage(Course.SelectionError(message: refusal.message, help: refusal.help))
    } catch let error as Course.SelectionError { throw Failure.usage(error) }

    let store = OutcomeStore()
    let start = ContinuousClock.now
    let run = try await pages(of: update, store: store)
    var maker = SiteMaker(pages: run.pages, stamp: run.stamp, store: store)
    let files: [SiteFile]
    do throws(EnvironmentFailure) { files = try await maker.files() } catch {
      throw Failure.environment(error)
    }
    do { try folder.replace(with: files, lessons: update.paths) } catch {
      throw Failure.environment(
        EnvironmentFailure(
          "the site can't be written: \(error)", help: "check the folder and the disk"))
    }
    let text = RunText(style: options.style(), width: Terminal.width)
    for page in maker.plan.lessons where !page.report.isPassing {
      Output.write(text.lessonEnd(page.report))
    }
    let time = RunText.seconds(ContinuousClock.now - start)
    let failed = maker.plan.lessons.count { !$0.report.isPassing }
    let lessons = RunText.count(update.paths.count, "lesson")
    let what = "\(lessons) in \(folder.path)/index.html (\(time))\n"
    Output.write(failed == 0 ? "✓ \(what)" : "✗ \(failed) of \(what)")
    if failed > 0 { throw ExitCode.failure }
  }

  /// Runs the lessons, or recalls what they did.
  private func pages(of update: SiteUpdate, store: OutcomeStore) async throws
    -> (pages: [PageLesson], stamp: RunStamp)
  {
    guard run else {
      let pages = update.paths.map { PageLesson(path: $0, record: store.record(for: $0)) }
      let stamp = pages.lazy.compactMap(\.earlier).first
      return (pages, stamp ?? RunStamp(date: "–", toolchain: "–", platform: "–"))
    }
    let session = try CommandSession(fresh: fresh, isolation: isolation)
    let stamp: RunStamp
    do throws(EnvironmentFailure) {
      stamp = try RunStamp.now(toolchain: session.engine.toolchain, store: store)
    } catch { throw Failure.environment(error) }
    let verification = Verification(
      engine: session.engine, jobs: jobs ?? sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    async let unchanged = store.unchanged(update.kept)
    let chosen = update.paths.filter { !update.kept.contains($0) }
    var reports = await verification.run(chosen)
    var pages = await unchanged
    if !session.interruption.isRaised {
      reports += await verification.run(update.kept.filter { pages[$0] == nil })
    }
    if session.interruption.isRaised { throw interrupted() }
    for report in reports {
      var page = PageLesson(report: report)
      if report.errors.isEmpty { page.variants = await verification.variants(of: page) }
      if session.interruption.isRaised { throw interrupted() }
      store.keep(OutcomeStore.Record(page, stamp: stamp), for: report.path)
      pages[report.path] = page
    }
    return (update.paths.compactMap { pages[$0] }, stamp)
  }

  private func interrupted() -> ExitCode {
    Failure.say("interrupted: '\(output)' is as it was\n")
    return ExitCode.interrupted
  }
}

/// The lesson files that a site is made of.
enum CourseFiles {
  /// Returns the files that some names mean; for `all` also the course's lessons in other languages.
  static func paths(_ names: [String], options: CourseOptions) throws(Course.SelectionError)
    -> [String]
  {
    var paths = try Selection.paths(names) { () throws(Course.SelectionError) in
      try options.course()
    }
    guard names.contains("all") else { return paths }
    let course = try options.course()
    for language in PageLanguage.allCases where !language.folder.isEmpty {
      let folder = "\(course.directory)/\(language.folder.dropLast())"
      if FileSystem.isDirectory(folder) { paths += Course(directory: folder).paths }
    }
    return paths
  }
}
