/// Adam with the decay apart from the gradient: first x = x - lr · weightDecay · x, then as `Adam`.
///
///     m = m + (1 - β₁) (d - m),  v = β₂ v + (1 - β₂) d²
///     x = x - lr · m/(1 - β₁ᵗ) / (√(v/(1 - β₂ᵗ)) + eps)
///
/// With `amsgrad`, v is the largest so far.
///
/// Source: Loshchilov and Hutter, Decoupled Weight Decay Regularization, 2019, arXiv:1711.05101.
public final class AdamW: Optimizer {
  private let betas: (Double, Double)
  private let eps: Double
  private let amsgrad: Bool

  /// An optimiser of one group of parameters.
  ///
  /// - Parameters:
  ///   - parameters: What is changed.
  ///   - lr: The learning rate.
  ///   - betas: The share that the running mean and that of the squares keep.
  ///   - eps: What is added to each divisor.
  ///   - amsgrad: Whether the largest mean square so far counts.
  ///   - weightDecay: The share of the rate that each parameter loses in a step, beside the
  ///     gradient.
  ///   - maximize: Whether the steps climb.
  /// - Precondition: No number is negative, and betas are below 1; the parameters are contiguous
  ///   floating-point leaves.
  public convenience init(
    _ parameters: [Tensor], lr: Double = 0.001, betas: (Double, Double) = (0.9, 0.999),
    eps: Double = 1e-8, amsgrad: Bool = false, weightDecay: Double = 0.01, maximize: Bool = false,
    file: StaticString = #file, line: UInt = #line
  ) {
    self.init(
      groups: [(parameters, lr)], betas: betas, eps: eps, amsgrad: amsgrad,
      weightDecay: weightDecay, maximize: maximize, file: file, line: line)
  }

  /// An optimiser of several groups, each with its learning rate.
  ///
  /// - Parameters:
  ///   - groups: What is changed, with the learning rate of each group.
  ///   - betas: The share that the running mean and that of the squares keep.
  ///   - eps: What is added to each divisor.
  ///   - amsgrad: Whether the largest mean square so far counts.
  ///   - weightDecay: The share of the rate that each parameter loses in a step, beside the
  ///     gradient.
  ///   - maximize: Whether the steps climb.
  /// - Precondition: No number is negative, and betas are below 1; the parameters are contiguous
  ///   floating-point leaves.
  public init(
    groups: [(parameters: [Tensor], lr: Double)], betas: (Double, Double) = (0.9, 0.999),
    eps: Double = 1e-8, amsgrad: Bool = false, weightDecay: Double = 0.01, maximize: Bool = false,
    file: StaticString = #file, line: UInt = #line
  ) {
    requireOption(betas.0 >= 0 && betas.0 < 1, "AdamW", "betas.0", "in 0..<1", betas.0, file, line)
    requireOption(betas.1 >= 0 && betas.1 < 1, "AdamW", "betas.1", "in 0..<1", betas.1, file, line)
    requireOption(eps >= 0, "AdamW", "eps", "of 0 or more", eps, file, line)
    self.betas = betas
    self.eps = eps
    self.amsgrad = amsgrad
    super.init(
      groups, momentum: betas.0, weightDecay: weightDecay, maximize: maximize, "AdamW", file, line)
  }

  override func update(_ due: [ParameterUpdate], _ group: ParameterGroup) {
    AdamStep(
      group: group, beta2: betas.1, eps: eps, amsgrad: amsgrad, maximize: maximize,
      keep: 1 - group.lr * weightDecay)(due)
  }
}
