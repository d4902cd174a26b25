import Glibc

/// Adam with Nesterov's momentum.
///
///     μ_t = β₁ (1 - 0.96^(t · momentumDecay) / 2), and the product of all μ corrects the bias.
///
/// Source: Dozat, Incorporating Nesterov Momentum into Adam, 2016.
public final class NAdam: Optimizer {
  private let betas: (Double, Double)
  private let eps: Double
  private let momentumDecay: Double
  private let decoupledWeightDecay: Bool

  /// An optimiser of one group of parameters.
  ///
  /// - Parameters:
  ///   - parameters: What is changed.
  ///   - lr: The learning rate.
  ///   - betas: The share that the running mean and that of the squares keep.
  ///   - eps: What is added to each divisor.
  ///   - momentumDecay: How fast the momentum grows to its full size.
  ///   - decoupledWeightDecay: Whether the decay stands beside the gradient, as in `AdamW`.
  ///   - weightDecay: The share of each parameter in its gradient.
  ///   - maximize: Whether the steps climb.
  /// - Precondition: No number is negative, and betas are below 1; the parameters are contiguous
  ///   floating-point leaves.
  public convenience init(
    _ parameters: [Tensor], lr: Double = 0.002, betas: (Double, Double) = (0.9, 0.999),
    eps: Double = 1e-8, momentumDecay: Double = 0.004, decoupledWeightDecay: Bool = false,
    weightDecay: Double = 0, maximize: Bool = false,
    file: StaticString = #file, line: UInt = #line
  ) {
    self.init(
      groups: [(parameters, lr)], betas: betas, eps: eps, momentumDecay: momentumDecay,
      decoupledWeightDecay: decoupledWeightDecay, weightDecay: weightDecay, maximize: maximize,
      file: file, line: line)
  }

  /// An optimiser of several groups, each with its learning rate.
  ///
  /// - Parameters:
  ///   - groups: What is changed, with the learning rate of each group.
  ///   - betas: The share that the running mean and that of the squares keep.
  ///   - eps: What is added to each divisor.
  ///   - momentumDecay: How fast the momentum grows to its full size.
  ///   - decoupledWeightDecay: Whether the decay stands beside the gradient, as in `AdamW`.
  ///   - weightDecay: The share of each parameter in its gradient.
  ///   - maximize: Whether the steps climb.
  /// - Precondition: No number is negative, and betas are below 1; the parameters are contiguous
  ///   floating-point leaves.
  public init(
    groups: [(parameters: [Tensor], lr: Double)], betas: (Double, Double) = (0.9, 0.999),
    eps: Double = 1e-8, momentumDecay: Double = 0.004, decoupledWeightDecay: Bool = false,
    weightDecay: Double = 0, maximize: Bool = false,
    file: StaticString = #file, line: UInt = #line
  ) {
    requireOption(betas.0 >= 0 && betas.0 < 1, "NAdam", "betas.0", "in 0..<1", betas.0, file, line)
    requireOption(betas.1 >= 0 && betas.1 < 1, "NAdam", "betas.1", "in 0..<1", betas.1, file, line)
    requireOption(eps >= 0, "NAdam", "eps", "of 0 or more", eps, file, line)
    requireOption(
      momentumDecay >= 0, "NAdam", "momentumDecay", "of 0 or more", momentumDecay, file, line)
    self.betas = betas
    self.eps = eps
    self.momentumDecay = momentumDecay
    self.decoupledWeightDecay = decoupledWeightDecay
    super.init(
      groups, momentum: betas.0, weightDecay: weightDecay, maximize: maximize, "NAdam", file, line)
  }

  override func update(
    _ p: Tensor, _ g: Tensor, _ group: ParameterGroup, _ state: OptimizerState
  ) {
    if p.dtype == .f32 {
      kernel(p.f32, g.f32, p, group, state)
    } else {
      kernel(p.f64, g.f64, p, group, state)
    }
  }

  @inline(__always)
  private func kernel<T: BinaryFloatingPoint>(
    _ x: UnsafeMutablePointer<T>, _ g: UnsafeMutablePointer<T>, _ p: Tensor,
    _ group: ParameterGroup, _ state: OptimizerState
  ) {
    let (b1, b2, t) = (group.momentum, betas.1, Double(state.steps))
    let m = state.buffer(0, p, T.self)
    let v = state.buffer(1, p, T.self)
    let mu = b1 * (1 - 0.5 * Glibc.pow(0.96, t * momentumDecay))
    let next = b1 * (1 - 0.5 * Glibc.pow(0.96, (t + 1) * momentumDecay))
    // In single precision, as PyTorch keeps it.
    state.product = Double(Float(state.product) * Float(mu))
    let rateGradient = T(group.lr * (1 - mu) / (1 - state.product))
    let rateMean = T(group.lr * next / (1 - state.product * next))
    let correction = T(1 - Glibc.pow(b2, t))
    let (share1, beta2, share2) = (T(1 - b1), T(b2), T(1 - b2))
    let (floor, sign) = (T(eps), T(maximize ? -1 : 1))
    let keep = T(decoupledWeightDecay ? 1 - group.lr * weightDecay : 1)
    let decay = T(decoupledWeightDecay ? 0 : weightDecay)
    for i in 0..<p.count {
      x[i] *= keep
      var d = sign * g[i]
      if decay != 0 { d += decay * x[i] }
      m[i] += share1 * (d - m[i])
      v[i] = beta2 * v[i] + share2 * d * d
      let root = (v[i] / correction).squareRoot() + floor
      x[i] -= rateGradient * d / root
      x[i] -= rateMean * m[i] / root
    }
  }
}
