import Glibc

/// Changes the learning rates of an optimiser after each epoch (or step): call `step()` after the
/// optimiser's.
public class LRScheduler {
  /// The optimiser whose rates change.
  public let optimizer: Optimizer
  /// The rates at the start, one a group.
  let baseRates: [Double]
  /// How many steps have been taken.
  public private(set) var epoch = 0

  init(_ optimizer: Optimizer) {
    self.optimizer = optimizer
    baseRates = optimizer.groups.map(\.lr)
  }

  /// Moves on to the next epoch.
  public func step(file: StaticString = #file, line: UInt = #line) {
    epoch += 1
    apply()
  }

  final func apply() {
    for (group, base) in zip(optimizer.groups, baseRates) { group.lr = rate(group.lr, base) }
  }

  /// The rate of this epoch, from that of the last and that at the start.
  func rate(_ current: Double, _ base: Double) -> Double { current }
}

/// Multiplies the rate by `gamma` every `stepSize` epochs.
public final class StepLR: LRScheduler {
  private let stepSize: Int
  private let gamma: Double

  /// A schedule for an optimiser.
  ///
  /// - Parameters:
  ///   - optimizer: Whose rates change, those of all its groups.
  ///   - stepSize: After how many epochs the rate falls.
  ///   - gamma: What the rate is then multiplied by.
  /// - Precondition: `stepSize` is 1 or more.
  public init(
    _ optimizer: Optimizer, stepSize: Int, gamma: Double = 0.1, file: StaticString = #file,
    line: UInt = #line
  ) {
    require(
      stepSize > 0,
      "StepLR needs a stepSize of 1 or more, got \(stepSize); "
        + "1 changes the rate every epoch", file: file, line: line)
    self.stepSize = stepSize
    self.gamma = gamma
    super.init(optimizer)
  }

  override func rate(_ current: Double, _ base: Double) -> Double {
    epoch % stepSize == 0 ? current * gamma : current
  }
}

/// Multiplies the rate by `gamma` every epoch.
public final class ExponentialLR: LRScheduler {
  private let gamma: Double

  /// A schedule for an optimiser.
  ///
  /// - Parameters:
  ///   - optimizer: Whose rates change, those of all its groups.
  ///   - gamma: What the rate is multiplied by each epoch.
  public init(_ optimizer: Optimizer, gamma: Double) {
    self.gamma = gamma
    super.init(optimizer)
  }

  override func rate(_ current: Double, _ base: Double) -> Double { current * gamma }
}

/// Half a cosine from the rate at the start down to `etaMin` in `tMax` epochs, and up again.
///
/// Each rate follows from the last one, so that changes from elsewhere are kept.
///
/// Source: Loshchilov and Hutter, SGDR, 2017, arXiv:1608.03983.
public final class CosineAnnealingLR: LRScheduler {
  private let tMax: Int
  private let etaMin: Double

  /// A schedule for an optimiser.
  ///
  /// - Parameters:
  ///   - optimizer: Whose rates change, those of all its groups.
  ///   - tMax: After how many epochs the rate is lowest.
  ///   - etaMin: The lowest rate.
  /// - Precondition: `tMax` is 1 or more.
  public init(
    _ optimizer: Optimizer, tMax: Int, etaMin: Double = 0, file: StaticString = #file,
    line: UInt = #line
  ) {
    require(
      tMax > 0,
      "CosineAnnealingLR needs a tMax of 1 or more, got \(tMax); "
        + "count epochs down to etaMin", file: file, line: line)
    self.tMax = tMax
    self.etaMin = etaMin
    super.init(optimizer)
  }

  override func rate(_ current: Double, _ base: Double) -> Double {
    let step = Double.pi / Double(tMax)
    if (epoch - 1 - tMax) % (2 * tMax) == 0 {
      return current + (base - etaMin) * (1 - Glibc.cos(step)) / 2
    }
    return (1 + Glibc.cos(step * Double(epoch))) / (1 + Glibc.cos(step * Double(epoch - 1)))
      * (current - etaMin) + etaMin
  }
}

/// The rate at the start times a function of the epoch.
public final class LambdaLR: LRScheduler {
  private let factor: (Int) -> Double

  /// A schedule for an optimiser; sets the rate of epoch 0 at once.
  ///
  /// - Parameters:
  ///   - optimizer: Whose rates change, those of all its groups.
  ///   - factor: From an epoch, counted from 0, what the rate at the start is multiplied by.
  public init(_ optimizer: Optimizer, _ factor: @escaping (Int) -> Double) {
    self.factor = factor
    super.init(optimizer)
    apply()
  }

  override func rate(_ current: Double, _ base: Double) -> Double { base * factor(epoch) }
}

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

/// Which metrics are better for `ReduceLROnPlateau`.
public enum PlateauMode: String, Sendable {
  /// Smaller ones.
  case min
  /// Larger ones.
  case max
}

/// What the threshold of `ReduceLROnPlateau` is measured by.
public enum ThresholdMode: String, Sendable {
  /// The best metric so far.
  case rel
  /// The unit of the metric.
  case abs
}

/// Multiplies the rate by `factor` when a metric has stopped getting better.
public final class ReduceLROnPlateau {
  private let optimizer: Optimizer
  private let mode: PlateauMode
  private let thresholdMode: ThresholdMode
  private let factor: Double
  private let threshold: Double
  private let minLR: Double
  private let eps: Double
  private let patience: Int
  private let cooldown: Int
  private var best: Double
  private var badEpochs = 0
  private var resting = 0

  /// A schedule for an optimiser.
  ///
  /// - Parameters:
  ///   - optimizer: Whose rates change, those of all its groups.
  ///   - mode: Which metrics are better: smaller or larger ones.
  ///   - factor: What the rate is multiplied by.
  ///   - patience: How many epochs without improvement are waited for; the next one reduces the
  ///     rate.
  ///   - threshold: By how much a metric has to beat the best so far.
  ///   - thresholdMode: Whether that is a share of the best or in the unit of the metric.
  ///   - cooldown: How many epochs after a reduction do not count.
  ///   - minLR: The lowest rate.
  ///   - eps: The smallest reduction made; lesser ones are left out.
  /// - Precondition: `factor` is below 1.
  public init(
    _ optimizer: Optimizer, mode: PlateauMode = .min, factor: Double = 0.1, patience: Int = 10,
    threshold: Double = 1e-4, thresholdMode: ThresholdMode = .rel, cooldown: Int = 0,
    minLR: Double = 0, eps: Double = 1e-8, file: StaticString = #file, line: UInt = #line
  ) {
    require(
      factor < 1,
      "ReduceLROnPlateau needs a factor below 1, got \(factor); 0.1 is usual", file: file,
      line: line)
    self.optimizer = optimizer
    self.mode = mode
    self.thresholdMode = thresholdMode
    self.factor = factor
    self.threshold = threshold
    self.minLR = minLR
    self.eps = eps
    self.patience = patience
    self.cooldown = cooldown
    best = mode == .min ? .infinity : -.infinity
  }

  /// Notes the metric of an epoch; NaN counts as no improvement.
  public func step(_ metric: Double) {
    let bound: Double
    switch (mode, thresholdMode) {
    case (.min, .rel): bound = best * (1 - threshold)
    case (.min, .abs): bound = best - threshold
    case (.max, .rel): bound = best * (1 + threshold)
    case (.max, .abs): bound = best + threshold
    }
    if mode == .min ? metric < bound : metric > bound {
      best = metric
      badEpochs = 0
    } else {
      badEpochs += 1
    }
    if resting > 0 {
      resting -= 1
      badEpochs = 0
    }
    if badEpochs > patience {
      for group in optimizer.groups {
        let rate = Swift.max(group.lr * factor, minLR)
        if group.lr - rate > eps { group.lr = rate }
      }
      resting = cooldown
      badEpochs = 0
    }
  }
}
