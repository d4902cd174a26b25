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
