import ArgumentParser
import Runner

/// How cells must be isolated; every verb that runs cells takes this.
struct IsolationOptions: ParsableArguments {
  @Flag(
    help: "Run nothing unless this machine can isolate cells by every layer; see lessons doctor.")
  var requireIsolation = false

  @OptionGroup(title: "Limits") var limits: LimitOptions
}

/// What every verb that runs cells sets up first.
struct CommandSession {
  let interruption: Interruption
  let engine: Engine

  init(fresh: Bool, isolation options: IsolationOptions) throws {
    do {
      interruption = try Interruption()
    } catch {
      throw Failure.environment(EnvironmentFailure("\(error)", help: "run 'lessons doctor'"))
    }
    do {
      var engine = try Engine(
        executable: Executable.path, ignoresCache: fresh, interruption: interruption)
      options.limits.apply(to: &engine)
      self.engine = engine
    } catch { throw Failure.environment(error) }
    if let warning = engine.warning { Failure.say("warning: \(warning)\n") }
    guard options.requireIsolation else { return }
    let isolation = engine.probeIsolation()
    if let warning = isolation.warning {
      throw Failure.environment(EnvironmentFailure(warning, help: isolation.remedy))
    }
  }

  /// Begins to find out how this machine isolates cells.
  ///
  /// It takes the start of a process, which is free while cells run. At first the worker and the
  /// compiler start and want the processors, so it waits a moment, or until somebody asks.
  func probe() -> Task<Isolation, Never> {
    Task { [engine] in
      try? await Task.sleep(for: .milliseconds(50))
      return await onOwnThread { engine.probeIsolation() }
    }
  }

  /// Waits for what a probe finds, and warns where cells were not isolated by every layer.
  func isolation(by probe: Task<Isolation, Never>) async -> Isolation {
    probe.cancel()  // ends its waiting, if it still does
    let isolation = await probe.value
    if let warning = isolation.warning { Failure.say("warning: \(warning)\n") }
    return isolation
  }
}
