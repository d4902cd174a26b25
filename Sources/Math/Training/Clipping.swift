import Glibc

/// Scales the gradients of parameters together, so that their common norm is at most `maxNorm`.
///
/// The factor is min(1, maxNorm / (norm + 1e-6)), so that a norm of exactly `maxNorm` shrinks a
/// little.
///
/// - Parameters:
///   - normType: The order of the norm; infinity takes the largest |g|.
///   - errorIfNonfinite: Whether a norm that is infinite or NaN is refused.
/// - Returns: The norm before.
/// - Precondition: The norm is finite, if so asked.
@discardableResult
public func clipGradNorm(
  _ parameters: [Tensor], maxNorm: Double, normType: Double = 2, errorIfNonfinite: Bool = false,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  noGrad {
    let grads = parameters.compactMap(\.grad)
    guard let first = grads.first else { return Tensor(0) }
    let norms = stack(grads.map { $0.norm(p: normType).to(first.dtype) })
    let total = norms.norm(p: normType)
    require(
      !errorIfNonfinite || total.item().isFinite,
      "clipGradNorm needs a finite norm, got \(total.item()); look for overflow in the loss",
      file: file, line: line)
    let factor = (maxNorm / (total + 1e-6)).clamped(max: 1.0)
    for g in grads { g.overwrite(g * factor.to(g.dtype)) }
    return total
  }
}

/// Limits every gradient element to -clipValue...clipValue.
///
/// - Precondition: `clipValue` is 0 or more.
public func clipGradValue(
  _ parameters: [Tensor], clipValue: Double, file: StaticString = #file, line: UInt = #line
) {
  noGrad {
    for g in parameters.compactMap(\.grad) {
      g.overwrite(g.clamped(min: -clipValue, max: clipValue))
    }
  }
}
