/// The state of a lesson between cells: the checkpoint to go on from, and how to get back to it.
///
/// A process with threads of its own can't be forked, so the next cell runs in place. Should that cell
/// fail, the state before it is gone with it, and the cells since the last forkable checkpoint run
/// again.
struct LessonState {
  private var session: Session
  /// A state known to be forkable, at or before `current`.
  private var base: Checkpoint
  private var current: Checkpoint
  /// The cells between the two, in order.
  private var sinceBase: [Step] = []
  /// All cells of the state, in order.
  private var history: [Step] = []

  private struct Step {
    var unit: Unit
    var seed: UInt64?
    var limits: RunLimits
  }

  init(session: Session) {
    self.session = session
    base = session.root
    current = session.root
  }

  /// Runs one unit on the state; the state moves on only where the cell reached its end.
  ///
  /// Blocks.
  mutating func run(
    _ unit: Unit, limits: RunLimits, seed: UInt64?,
    sink: @escaping @Sendable (OutputStream, ArraySlice<UInt8>) -> Void
  ) -> RunRecord {
    let (record, next) = CellRun.run(
      unit, on: current, after: base, in: session, limits: limits, seed: seed, sink: sink)
    let step = Step(unit: unit, seed: seed, limits: limits)
    if let next {
      history.append(step)
      advance(to: next, by: step)
    } else if record.isWorkerLost {
      isLost = true
    } else if record.wasInPlace {
      replay()
    }
    return record
  }

  private mutating func advance(to next: Checkpoint, by step: Step) {
    if next.isInPlace {
      sinceBase.append(step)
    } else {
      // The cell was forked off `current`, which proves it forkable.
      if base !== current, base !== session.root { base.leave() }
      base = current
      sinceBase = [step]
    }
    current = next
  }

  /// True where cells have run.
  var isDeep: Bool { !history.isEmpty }

  /// True once the processes that hold the state are gone: a cell may signal all that it sees.
  var isLost = false

  /// Brings the state about again, in a new worker.
  ///
  /// Blocks.
  mutating func restart(in session: Session) {
    self.session = session
    isLost = false
    base = session.root
    sinceBase = history
    replay()
  }

  private mutating func replay() {
    let steps = sinceBase
    current = base
    sinceBase = []
    for step in steps {
      let (_, next) = CellRun.run(
        step.unit, on: current, after: base, in: session, limits: step.limits, seed: step.seed,
        sink: { _, _ in })
      // What ran once and fails now depends on more than its own state; the state stays before it.
      guard let next else { return }
      advance(to: next, by: step)
    }
  }
}
