import Glibc

/// Steps in the unit of the parameter: running means of squared steps over squared gradients.
///
///     s = ρ s + (1 - ρ) d²,  Δ = √(u + eps) / √(s + eps) · d,  u = ρ u + (1 - ρ) Δ²,  x = x - lr Δ
///
/// Source: Zeiler, ADADELTA, 2012, arXiv:1212.5701.
public final class Adadelta: Optimizer {
  private let rho: Double
  private let eps: Double

  /// An optimiser of one group of parameters.
  ///
  /// - Parameters:
  ///   - parameters: What is changed.
  ///   - lr: The learning rate.
  ///   - rho: The share that the running means keep.
  ///   - eps: What is added under each root.
  ///   - weightDecay: The share of each parameter in its gradient.
  ///   - maximize: Whether the steps climb.
  /// - Precondition: `rho` is in `0...1`, and no other number is negative; the parameters are
  ///   contiguous floating-point leaves.
  public convenience init(
    _ parameters: [Tensor], lr: Double = 1, rho: Double = 0.9, eps: Double = 1e-6,
    weightDecay: Double = 0, maximize: Bool = false,
    file: StaticString = #file, line: UInt = #line
  ) {
    self.init(
      groups: [(parameters, lr)], rho: rho, eps: eps, weightDecay: weightDecay, maximize: maximize,
      file: file, line: line)
  }

  /// An optimiser of several groups, each with its learning rate.
  ///
  /// - Parameters:
  ///   - groups: What is changed, with the learning rate of each group.
  ///   - rho: The share that the running means keep.
  ///   - eps: What is added under each root.
  ///   - weightDecay: The share of each parameter in its gradient.
  ///   - maximize: Whether the steps climb.
  /// - Precondition: `rho` is in `0...1`, and no other number is negative; the parameters are
  ///   contiguous floating-point leaves.
  public init(
    groups: [(parameters: [Tensor], lr: Double)], rho: Double = 0.9, eps: Double = 1e-6,
    weightDecay: Double = 0, maximize: Bool = false,
    file: StaticString = #file, line: UInt = #line
  ) {
    requireOption(rho >= 0 && rho <= 1, "Adadelta", "rho", "in 0...1", rho, file, line)
    requireOption(eps >= 0, "Adadelta", "eps", "of 0 or more", eps, file, line)
    self.rho = rho
    self.eps = eps
    super.init(
      groups, momentum: 0, weightDecay: weightDecay, maximize: maximize, "Adadelta", file, line)
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
    let s = state.buffer(0, p, T.self)
    let u = state.buffer(1, p, T.self)
    let (lr, keep, share, floor) = (T(group.lr), T(rho), T(1 - rho), T(eps))
    let (decay, sign) = (T(weightDecay), T(maximize ? -1 : 1))
    for i in 0..<p.count {
      var d = sign * g[i]
      if decay != 0 { d += decay * x[i] }
      s[i] = keep * s[i] + share * d * d
      let step = (u[i] + floor).squareRoot() / (s[i] + floor).squareRoot() * d
      u[i] = keep * u[i] + share * step * step
      x[i] -= lr * step
    }
  }
}
