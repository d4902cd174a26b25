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
