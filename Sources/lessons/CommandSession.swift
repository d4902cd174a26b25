import ArgumentParser
import Runner

/// What every verb that runs cells sets up first.
struct CommandSession {
  let interruption: Interruption
  let engine: Engine

  init(fresh: Bool) throws {
    do {
      interruption = try Interruption()
    } catch {
      throw Failure.environment(EnvironmentFailure("\(error)", help: "run 'lessons doctor'"))
    }
    do {
      engine = try Engine(
        executable: Executable.path, ignoresCache: fresh, interruption: interruption)
    } catch { throw Failure.environment(error) }
    if let warning = engine.warning { Failure.say("warning: \(warning)\n") }
  }
}
