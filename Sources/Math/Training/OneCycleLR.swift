import Glibc

/// How `OneCycleLR` moves between its rates.
public enum AnnealStrategy: String, Sendable {
  /// Along half a cosine.
  case cos
  /// Along a line.
  case linear
}

/// One rise of the rate to `maxLR` and a long fall far below, with momentum the other way.
///
/// Source: Smith and Topin, Super-Convergence, 2018, arXiv:1708.07120.
public final class OneCycleLR: LRScheduler {
  private struct Phase {
    let end: Double
    let rates: (Double, Double)
    let momenta: (Double, Double)
  }
  private let phases: [Phase]
  private let totalSteps: Int
  private let strategy: AnnealStrategy
  private let cyclesMomentum: Bool

  /// A schedule for an optimiser; sets the rate of step 0 at once.
  ///
  /// - Parameters:
  ///   - optimizer: Whose rates change, those of all its groups.
  ///   - maxLR: The highest rate, of all groups.
  ///   - totalSteps: How many steps there are; `nil` takes `epochs` times `stepsPerEpoch`.
  ///   - epochs: How many passes over the data there are; unused beside `totalSteps`.
  ///   - stepsPerEpoch: How many steps each of them has; unused beside `totalSteps`.
  ///   - pctStart: The part of the steps in which the rate rises.
  ///   - annealStrategy: Along which curve rates and momentum move.
  ///   - cycleMomentum: Whether the momentum, or first beta, of every group moves, too.
  ///   - baseMomentum: The lowest momentum, where the rate is highest.
  ///   - maxMomentum: The highest momentum, at both ends.
  ///   - divFactor: The rate starts at maxLR / divFactor
  ///   - finalDivFactor: and ends at that / finalDivFactor.
  ///   - threePhase: Whether the fall is as long as the rise, and a third phase follows.
  /// - Precondition: The number of steps is given, `pctStart` is in `0...1` and not exactly one
  ///   step.
  public init(
    _ optimizer: Optimizer, maxLR: Double, totalSteps: Int? = nil, epochs: Int? = nil,
    stepsPerEpoch: Int? = nil, pctStart: Double = 0.3, annealStrategy: AnnealStrategy = .cos,
    cycleMomentum: Bool = true, baseMomentum: Double = 0.85, maxMomentum: Double = 0.95,
    divFactor: Double = 25, finalDivFactor: Double = 1e4, threePhase: Bool = false,
    file: StaticString = #file, line: UInt = #line
  ) {
    var steps = totalSteps
    if steps == nil, let epochs, let stepsPerEpoch { steps = epochs * stepsPerEpoch }
    require(
      (steps ?? 0) > 0,
      "OneCycleLR needs totalSteps, or epochs and stepsPerEpoch, of 1 or more; "
        + "count the steps of all epochs", file: file,
      line: line)
    require(
      pctStart >= 0 && pctStart <= 1,
      "OneCycleLR needs a pctStart in 0...1, got \(pctStart); "
        + "it is a part, not a percentage",
      file: file, line: line)
    let total = steps ?? 1
    require(
      pctStart * Double(total) != 1,
      "OneCycleLR needs a rise of more or less than one step, got pctStart \(pctStart) of \(total); "
        + "change either", file: file, line: line)
    self.totalSteps = total
    strategy = annealStrategy
    cyclesMomentum = cycleMomentum
    let first = maxLR / divFactor
    let last = first / finalDivFactor
    let (low, high) = (baseMomentum, maxMomentum)
    let rise = pctStart * Double(total) - 1
    if threePhase {
      phases = [
        Phase(end: rise, rates: (first, maxLR), momenta: (high, low)),
        Phase(end: 2 * pctStart * Double(total) - 2, rates: (maxLR, first), momenta: (low, high)),
        Phase(end: Double(total - 1), rates: (first, last), momenta: (high, high)),
      ]
    } else {
      phases = [
        Phase(end: rise, rates: (first, maxLR), momenta: (high, low)),
        Phase(end: Double(total - 1), rates: (maxLR, last), momenta: (low, high)),
      ]
    }
    super.init(optimizer)
    apply()
    applyMomentum()
  }

  /// Moves on to the next step.
  ///
  /// - Precondition: There is one.
  public override func step(file: StaticString = #file, line: UInt = #line) {
    require(
      epoch < totalSteps,
      "OneCycleLR has \(totalSteps) steps and cannot take one more; give it more totalSteps",
      file: file, line: line)
    super.step(file: file, line: line)
    applyMomentum()
  }

  override func rate(_ current: Double, _ base: Double) -> Double { value(\.rates) }

  private func applyMomentum() {
    if !cyclesMomentum { return }
    for group in optimizer.groups { group.momentum = value(\.momenta) }
  }

  private func value(_ part: KeyPath<Phase, (Double, Double)>) -> Double {
    var start = 0.0
    let now = Double(epoch)
    for (i, phase) in phases.enumerated() {
      if now <= phase.end || i == phases.count - 1 {
        let x = (now - start) / (phase.end - start)
        let (a, b) = phase[keyPath: part]
        return strategy == .linear
          ? (b - a) * x + a : b + (a - b) / 2 * (Glibc.cos(Double.pi * x) + 1)
      }
      start = phase.end
    }
    return 0
  }
}
