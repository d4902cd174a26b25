/// What `lessons doctor` looks at, one finding after another.
package struct Checkup: Sendable {
  package struct Finding: Sendable {
    package var name: String
    package var detail: String
    /// What to do about it, where something is broken.
    package var remedy: String?

    /// True where lessons run all the same, with less than they should have.
    package var isMinor = false

    package init(name: String, detail: String, remedy: String? = nil, isMinor: Bool = false) {
      self.name = name
      self.detail = detail
      self.remedy = remedy
      self.isMinor = isMinor
    }

    package var isOK: Bool { remedy == nil }
  }

  private let executable: String
  private let math: Finding

  /// - Parameter math: What the executable knows of the kernels that it brings along.
  package init(executable: String, math: Finding) {
    self.executable = executable
    self.math = math
  }

  /// Looks at one thing after another and tells of each as soon as it is known.
  package func run(_ report: (Finding) -> Void) async {
    report(toolchain())
    report(Finding(name: "cmark", detail: "version \(MarkdownParser.version)"))
    report(modules())
    report(math)
    report(cache())
    report(isolation())
    report(await engine())
  }

  private func toolchain() -> Finding {
    do {
      let toolchain = try Toolchain.find()
      return Finding(name: "toolchain", detail: "\(try toolchain.version()) in \(toolchain.root)")
    } catch {
      return Finding(name: "toolchain", detail: error.message, remedy: error.help)
    }
  }

  private func modules() -> Finding {
    do {
      let installation = try Installation(executable: executable)
      let paths = installation.modules.sorted { $0.key < $1.key }.map(\.value)
      return Finding(name: "modules", detail: paths.joined(separator: ", "))
    } catch {
      return Finding(name: "modules", detail: error.message, remedy: error.help)
    }
  }

  private func cache() -> Finding {
    let path = UnitCache.userDirectory()
    do {
      let (cache, warning) = try UnitCache.open(path)
      guard let warning else { return Finding(name: "cache", detail: cache.directory) }
      FileSystem.remove(cache.directory)
      return Finding(
        name: "cache", detail: warning, remedy: "name a writable directory in LESSONS_CACHE")
    } catch {
      return Finding(name: "cache", detail: error.message, remedy: error.help)
    }
  }

  private func isolation() -> Finding {
    guard let installation = try? Installation(executable: executable) else {
      return Finding(
        name: "isolation", detail: "unknown without an installation", remedy: "see above",
        isMinor: true)
    }
    let isolation = Isolation.probe(launcher: installation.launcher)
    var finding = Finding(name: "isolation", detail: isolation.layers.joined(separator: ", "))
    guard let warning = isolation.warning else { return finding }
    finding.detail += "; \(warning)"
    finding.remedy = isolation.remedy
    finding.isMinor = true
    return finding
  }

  /// Runs a lesson of two cells that need Math, LessonKit, each other and the worker.
  private func engine() async -> Finding {
    let remedy = "the lines above may say why; otherwise build again with Scripts/lessons"
    do {
      let engine = try Engine(executable: executable)
      let lesson = try LessonParser.parse(path: "self-test.md", bytes: Array(Self.selfTest.utf8))
      let outcomes = await LessonRun.run(lesson, with: engine)
      let verdicts = zip(lesson.cells, outcomes).map { Checker.verdict(cell: $0, outcome: $1) }
      if let failure = verdicts.first(where: { $0.status != .pass }) {
        return Finding(name: "engine", detail: failure.message, remedy: remedy)
      }
      return Finding(name: "engine", detail: "compiled, ran and checked a lesson of two cells")
    } catch let failure as EnvironmentFailure {
      return Finding(name: "engine", detail: failure.message, remedy: failure.help)
    } catch {
      return Finding(name: "engine", detail: "\(error)", remedy: remedy)
    }
  }

  private static let selfTest = """
    # Self-test

    ```swift
    import LessonKit
    import Math
    let half = 0.5
    ```

    ```swift
    print(half + 1)
    ```

    ```output
    1.5
    ```

    """
}
