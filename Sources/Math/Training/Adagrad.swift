import Glibc

/// Steps scaled by the sum of all squared gradients.
///
///     s = s + d²,  x = x - lr/(1 + (t - 1) lrDecay) · d / (√s + eps)
///
/// Source: Duchi, Hazan and Singer, Adaptive Subgradient Methods, 2011.
public final class Adagrad: Optimizer {
  private let lrDecay: Double
  private let initialAccumulatorValue: Double
  private let eps: Double

  /// An optimiser of one group of parameters.
  ///
  /// - Parameters:
  ///   - parameters: What is changed.
  ///   - lr: The learning rate.
  ///   - lrDecay: How fast the rate falls: lr / (1 + (t - 1) lrDecay).
  ///   - initialAccumulatorValue: What the sums of squares begin with.
  ///   - eps: What is added to each divisor.
  ///   - weightDecay: The share of each parameter in its gradient.
  ///   - maximize: Whether the steps climb.
  /// - Precondition: No number is negative; the parameters are contiguous floating-point leaves.
  public convenience init(
    _ parameters: [Tensor], lr: Double = 0.01, lrDecay: Double = 0,
    initialAccumulatorValue: Double = 0, eps: Double = 1e-10, weightDecay: Double = 0,
    maximize: Bool = false,
    file: StaticString = #file, line: UInt = #line
  ) {
    self.init(
      groups: [(parameters, lr)], lrDecay: lrDecay,
      initialAccumulatorValue: initialAccumulatorValue, eps: eps, weightDecay: weightDecay,
      maximize: maximize, file: file, line: line)
  }

  /// An optimiser of several groups, each with its learning rate.
  ///
  /// - Parameters:
  ///   - groups: What is changed, with the learning rate of each group.
  ///   - lrDecay: How fast the rate falls: lr / (1 + (t - 1) lrDecay).
  ///   - initialAccumulatorValue: What the sums of squares begin with.
  ///   - eps: What is added to each divisor.
  ///   - weightDecay: The share of each parameter in its gradient.
  ///   - maximize: Whether the steps climb.
  /// - Precondition: No number is negative; the parameters are contiguous floating-point leaves.
  public init(
    groups: [(parameters: [Tensor], lr: Double)], lrDecay: Double = 0,
    initialAccumulatorValue: Double = 0, eps: Double = 1e-10, weightDecay: Double = 0,
    maximize: Bool = false,
    file: StaticString = #file, line: UInt = #line
  ) {
    requireOption(lrDecay >= 0, "Adagrad", "lrDecay", "of 0 or more", lrDecay, file, line)
    requireOption(
      initialAccumulatorValue >= 0, "Adagrad", "initialAccumulatorValue", "of 0 or more",
      initialAccumulatorValue, file, line)
    requireOption(eps >= 0, "Adagrad", "eps", "of 0 or more", eps, file, line)
    self.lrDecay = lrDecay
    self.initialAccumulatorValue = initialAccumulatorValue
    self.eps = eps
    super.init(
      groups, momentum: 0, weightDecay: weightDecay, maximize: maximize, "Adagrad", file, line)
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
    let s = state.buffer(0, p, T.self, value: initialAccumulatorValue)
    let rate = T(group.lr / (1 + Double(state.steps - 1) * lrDecay))
    let (decay, sign, floor) = (T(weightDecay), T(maximize ? -1 : 1), T(eps))
    for i in 0..<p.count {
      var d = sign * g[i]
      if decay != 0 { d += decay * x[i] }
      s[i] += d * d
      x[i] -= rate * d / (s[i].squareRoot() + floor)
    }
  }
}
