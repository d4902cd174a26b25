/// What a loss makes of the losses of single elements.
public enum LossReduction: String, Sendable {
  /// Leaves them as they are.
  case none
  /// Their mean.
  case mean
  /// Their sum.
  case sum
}

extension Tensor {
  @inline(__always)
  func reduced(_ reduction: LossReduction) -> Tensor {
    switch reduction {
    case .none: self
    case .mean: mean()
    case .sum: sum()
    }
  }
}

/// Refuses operands of different shapes.
func requireSameShape(
  _ x: Tensor, _ y: Tensor, _ function: StaticString, _ file: StaticString, _ line: UInt
) {
  require(
    x.dims == y.dims,
    "\(function) needs one shape for input and target, got \(x.shape) and \(y.shape); reshape one",
    file: file, line: line)
}
