import Glibc

/// Scales the gradients of parameters together, so that their common norm is at most `maxNorm`.
///
/// The factor is min(1, maxNorm / (norm + 1e-6)), so that a norm of exactly `maxNorm` shrinks a
/// little.
///
/// - Parameters:
///   - parameters: The tensors whose gradients are scaled, in place; those without one are passed
///     over.
///   - maxNorm: The largest common norm left.
///   - normType: The order of the norm; infinity takes the largest |g|.
///   - errorIfNonfinite: Whether a norm that is infinite or NaN is refused.
/// - Returns: The norm before, a scalar; 0 if there is no gradient.
/// - Precondition: The norm is finite, if so asked.
///
/// Source: Pascanu, Mikolov and Bengio, On the Difficulty of Training Recurrent Neural Networks,
/// 2013, arXiv:1211.5063.
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
/// - Parameters:
///   - parameters: The tensors whose gradients are limited, in place; those without one are passed
///     over.
///   - clipValue: The bound, 0 or more; a negative one is not refused, and takes the place of every
///     element.
public func clipGradValue(
  _ parameters: [Tensor], clipValue: Double, file: StaticString = #file, line: UInt = #line
) {
  noGrad {
    for g in parameters.compactMap(\.grad) {
      g.overwrite(g.clamped(min: -clipValue, max: clipValue))
    }
  }
}
