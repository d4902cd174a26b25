import Glibc

/// Steps scaled by a running mean of squared gradients.
///
///     s = α s + (1 - α) d²,  x = x - lr · d / (√s + eps)
///
/// `centered` takes the variance in place of s; with momentum the quotient enters a buffer.
///
/// Source: Tieleman and Hinton, Lecture 6.5, 2012; Graves, 2013, for the centred form.
public final class RMSprop: Optimizer {
  private let alpha: Double
  private let eps: Double
  private let centered: Bool

  /// An optimiser of one group of parameters.
  ///
  /// - Parameters:
  ///   - parameters: What is changed.
  ///   - lr: The learning rate.
  ///   - alpha: The share that the running mean of squares keeps.
  ///   - eps: What is added to each divisor.
  ///   - momentum: The share that the buffer of steps keeps.
  ///   - centered: Whether the variance takes the place of the mean square.
  ///   - weightDecay: The share of each parameter in its gradient.
  ///   - maximize: Whether the steps climb.
  /// - Precondition: No number is negative; the parameters are contiguous floating-point leaves.
  public convenience init(
    _ parameters: [Tensor], lr: Double = 0.01, alpha: Double = 0.99, eps: Double = 1e-8,
    momentum: Double = 0, centered: Bool = false, weightDecay: Double = 0, maximize: Bool = false,
    file: StaticString = #file, line: UInt = #line
  ) {
    self.init(
      groups: [(parameters, lr)], alpha: alpha, eps: eps, momentum: momentum, centered: centered,
      weightDecay: weightDecay, maximize: maximize, file: file, line: line)
  }

  /// An optimiser of several groups, each with its learning rate.
  ///
  /// - Parameters:
  ///   - groups: What is changed, with the learning rate of each group.
  ///   - alpha: The share that the running mean of squares keeps.
  ///   - eps: What is added to each divisor.
  ///   - momentum: The share that the buffer of steps keeps; 0 has no buffer.
  ///   - centered: Whether the variance takes the place of the mean square.
  ///   - weightDecay: The share of each parameter in its gradient.
  ///   - maximize: Whether the steps climb.
  /// - Precondition: No number is negative; the parameters are contiguous floating-point leaves.
  public init(
    groups: [(parameters: [Tensor], lr: Double)], alpha: Double = 0.99, eps: Double = 1e-8,
    momentum: Double = 0, centered: Bool = false, weightDecay: Double = 0, maximize: Bool = false,
    file: StaticString = #file, line: UInt = #line
  ) {
    requireOption(momentum >= 0, "RMSprop", "momentum", "of 0 or more", momentum, file, line)
    requireOption(alpha >= 0, "RMSprop", "alpha", "of 0 or more", alpha, file, line)
    requireOption(eps >= 0, "RMSprop", "eps", "of 0 or more", eps, file, line)
    self.alpha = alpha
    self.eps = eps
    self.centered = centered
    super.init(
      groups, momentum: momentum, weightDecay: weightDecay, maximize: maximize, "RMSprop", file,
      line)
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
    let b = state.buffer(1, p, T.self)
    let mean = state.buffer(2, p, T.self)
    let (lr, keep, share, floor) = (T(group.lr), T(alpha), T(1 - alpha), T(eps))
    let (decay, sign, momentum) = (T(weightDecay), T(maximize ? -1 : 1), T(group.momentum))
    for i in 0..<p.count {
      var d = sign * g[i]
      if decay != 0 { d += decay * x[i] }
      s[i] = keep * s[i] + share * d * d
      var spread = s[i]
      if centered {
        mean[i] += share * (d - mean[i])
        spread -= mean[i] * mean[i]
      }
      let quotient = d / (spread.squareRoot() + floor)
      if momentum > 0 {
        b[i] = momentum * b[i] + quotient
        x[i] -= lr * b[i]
      } else {
        x[i] -= lr * quotient
      }
    }
  }
}
