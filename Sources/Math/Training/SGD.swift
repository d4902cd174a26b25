/// Stochastic gradient descent, with momentum.
///
///     d = g + weightDecay · x
///     b = momentum · b + (1 - dampening) · d      (at first b = d)
///     x = x - lr · b                              (Nesterov: d + momentum · b)
///
/// Source: Sutskever et al., On the importance of initialization and momentum, 2013.
public final class SGD: Optimizer {
  private let dampening: Double
  private let nesterov: Bool

  /// An optimiser of one group of parameters.
  ///
  /// - Parameters:
  ///   - parameters: What is changed.
  ///   - lr: The learning rate.
  ///   - momentum: The share of the last step that the next one keeps.
  ///   - dampening: The share of a gradient that the momentum leaves out.
  ///   - weightDecay: The share of each parameter in its gradient.
  ///   - nesterov: Whether the gradient is looked at one step ahead.
  ///   - maximize: Whether the steps climb.
  /// - Precondition: Learning rate, momentum and decay are not negative; Nesterov needs momentum
  ///   and no dampening; the parameters are contiguous floating-point leaves.
  public convenience init(
    _ parameters: [Tensor], lr: Double = 0.001, momentum: Double = 0, dampening: Double = 0,
    weightDecay: Double = 0, nesterov: Bool = false, maximize: Bool = false,
    file: StaticString = #file, line: UInt = #line
  ) {
    self.init(
      groups: [(parameters, lr)], momentum: momentum, dampening: dampening,
      weightDecay: weightDecay, nesterov: nesterov, maximize: maximize, file: file, line: line)
  }

  /// An optimiser of several groups, each with its learning rate.
  ///
  /// - Parameters:
  ///   - groups: What is changed, with the learning rate of each group.
  ///   - momentum: The share of the last step that the next one keeps; 0 has no buffer.
  ///   - dampening: The share of a gradient that the momentum leaves out.
  ///   - weightDecay: The share of each parameter in its gradient.
  ///   - nesterov: Whether the gradient is looked at one step ahead.
  ///   - maximize: Whether the steps climb.
  /// - Precondition: Learning rates, momentum and decay are not negative; Nesterov needs momentum
  ///   and no dampening; the parameters are contiguous floating-point leaves.
  public init(
    groups: [(parameters: [Tensor], lr: Double)], momentum: Double = 0, dampening: Double = 0,
    weightDecay: Double = 0, nesterov: Bool = false, maximize: Bool = false,
    file: StaticString = #file, line: UInt = #line
  ) {
    requireOption(momentum >= 0, "SGD", "momentum", "of 0 or more", momentum, file, line)
    require(
      !nesterov || (momentum > 0 && dampening == 0),
      "SGD with nesterov needs momentum and no dampening, got \(momentum) and \(dampening); "
        + "set momentum: 0.9 and no dampening",
      file: file, line: line)
    self.dampening = dampening
    self.nesterov = nesterov
    super.init(
      groups, momentum: momentum, weightDecay: weightDecay, maximize: maximize, "SGD", file, line)
  }

  override func update(_ due: [ParameterUpdate], _ group: ParameterGroup) {
    for one in due {
      one.state.steps += 1
      if one.p.dtype == .f32 {
        change(one, one.p.f32, one.g.f32, group)
      } else {
        change(one, one.p.f64, one.g.f64, group)
      }
    }
  }

  @inline(__always)
  private func change<T: BinaryFloatingPoint>(
    _ one: ParameterUpdate, _ x: UnsafeMutablePointer<T>, _ g: UnsafeMutablePointer<T>,
    _ group: ParameterGroup
  ) {
    let (lr, decay, sign) = (T(group.lr), T(weightDecay), T(maximize ? -1 : 1))
    let momentum = T(group.momentum)
    let b = momentum == 0 ? nil : one.state.buffer(0, one.p, T.self)
    // The first gradient enters the buffer undampened.
    let share = one.state.steps == 1 ? 1 : T(1 - dampening)
    parallel(one.p.count, grain: elementGrain) { lo, hi in
      guard let b else {
        if decay == 0 {
          for i in lo..<hi { x[i] -= lr * (sign * g[i]) }
        } else {
          for i in lo..<hi { x[i] -= lr * (sign * g[i] + decay * x[i]) }
        }
        return
      }
      for i in lo..<hi {
        var d = sign * g[i]
        if decay != 0 { d += decay * x[i] }
        b[i] = momentum * b[i] + share * d
        x[i] -= lr * (nesterov ? d + momentum * b[i] : b[i])
      }
    }
  }
}
