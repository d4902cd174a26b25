/// What GHM divides the weights of bins by.
public enum GHMDivisor: String, Sendable {
  /// All bins: the paper's density with ε = 1/M.
  case allBins = "all_bins"
  /// The bins that are not empty: the authors' code.
  case nonemptyBins = "nonempty_bins"
}

/// What a loss of the gradient harmonising mechanism gives.
public struct GHMResult {
  /// The loss.
  public let loss: Tensor
  /// The weight of each example, without gradient.
  public let weights: Tensor
  /// The running counts of the bins, where momentum is used: pass them to the next call.
  public let counts: Tensor?
}

private func requireBins(
  _ bins: Int, _ counts: Tensor?, _ function: StaticString, _ file: StaticString, _ line: UInt
) {
  require(
    bins > 0, "\(function) needs 1 or more bins, got \(bins); 10 is usual", file: file, line: line)
  guard let counts else { return }
  require(
    counts.shape == [bins],
    "\(function) needs counts of shape [\(bins)], got \(counts.shape); pass those of the result "
      + "before", file: file, line: line)
}

/// Weights inversely to how many examples have a gradient of about the same size.
private func harmonize(
  _ norms: Tensor, lastEdge: Double, bins: Int, momentum: Double, counts: Tensor?,
  _ divisor: GHMDivisor
) -> (weights: Tensor, counts: Tensor?) {
  let values = norms.detach().doubles
  // Bins are half open, [k/M, (k+1)/M); the last ends at `lastEdge`.
  let places = values.map { g -> Int? in
    if !(g >= 0 && g < lastEdge) { return nil }
    var k = min(bins - 1, Int(g * Double(bins)))
    while k > 0 && g < Double(k) / Double(bins) { k -= 1 }
    while k < bins - 1 && g >= Double(k + 1) / Double(bins) { k += 1 }
    return k
  }
  var found = [Double](repeating: 0, count: bins)
  for case let k? in places { found[k] += 1 }
  var density = found
  if momentum > 0 {
    density = counts?.doubles ?? [Double](repeating: 0, count: bins)
    for k in 0..<bins where found[k] > 0 {
      density[k] = momentum * density[k] + (1 - momentum) * found[k]
    }
  }
  let total = Double(max(values.count, 1))
  let used = divisor == .allBins ? bins : found.filter { $0 > 0 }.count
  let weights = places.map { k in k.map { total / density[$0] / Double(used) } ?? 0 }
  return (
    Tensor(weights, shape: norms.shape, dtype: norms.dtype),
    momentum > 0 ? Tensor(density, dtype: norms.dtype) : nil
  )
}

/// Cross-entropy with gradients harmonised: examples weigh less where many are as easy or as hard.
///
///     g = |sigmoid(x) - y|,  R_k = examples with g in bin k,  β = N / R_k / M,  loss = Σ β BCE / N
///
/// - Parameters:
///   - x: Scores (not probabilities: sigmoid is applied here), of any shape.
///   - target: Probabilities y, usually 0 or 1, of the shape of `x`.
///   - bins: M, into how many bins `0...1` is divided.
///   - momentum: The share of earlier counts in the counts of a bin; 0 counts each batch anew.
///   - counts: The running counts of an earlier result, shape `[bins]`; without them they begin at
///     0. Unused without `momentum`.
///   - divisor: Whether M counts all bins or those in use.
/// - Returns: The loss, a scalar, with the weights β of the shape of `x`, and the counts to pass on
///   with `momentum`.
/// - Precondition: The shapes are equal, `bins` is 1 or more, and `counts` has its shape.
///
/// Source: Li, Liu and Wang, Gradient Harmonized Single-stage Detector, 2019, eq. 5-10,
/// arXiv:1811.05181.
public func ghmClassificationLoss(
  _ x: Tensor, target: Tensor, bins: Int = 10, momentum: Double = 0, counts: Tensor? = nil,
  divisor: GHMDivisor = .allBins, file: StaticString = #file, line: UInt = #line
) -> GHMResult {
  let site = CallSite(file, line)
  defer { site.leave() }
  requireSameShape(x, target, "ghmClassificationLoss", file, line)
  requireBins(bins, counts, "ghmClassificationLoss", file, line)
  let norms = noGrad { abs(sigmoid(x) - target) }
  let (weights, next) = harmonize(
    norms, lastEdge: 1 + 1e-6, bins: bins, momentum: momentum, counts: counts, divisor)
  let losses = binaryCrossEntropyWithLogits(x, target: target, reduction: .none)
  let loss = (weights * losses).sum() / Double(max(x.count, 1))
  return GHMResult(loss: loss, weights: weights, counts: next)
}

/// A smooth absolute error with gradients harmonised.
///
///     d = x - y,  ASL1 = √(d² + μ²) - μ,  g = |d / √(d² + μ²)|
///     R_k = examples with g in bin k,  β = N / R_k / M,  loss = Σ β ASL1 / N
///
/// - Parameters:
///   - x: Predictions, of any shape.
///   - target: Of the shape of `x`.
///   - mu: μ, in the unit of the inputs: about there a square turns into an absolute error.
///   - bins: M, into how many bins `0...1` is divided.
///   - momentum: The share of earlier counts in the counts of a bin; 0 counts each batch anew.
///   - counts: The running counts of an earlier result, shape `[bins]`; without them they begin at
///     0. Unused without `momentum`.
///   - divisor: Whether M counts all bins or those in use.
/// - Returns: The loss, a scalar, with the weights β of the shape of `x`, and the counts to pass on
///   with `momentum`.
/// - Precondition: The shapes are equal, `bins` is 1 or more, and `counts` has its shape.
///
/// Source: Li, Liu and Wang, Gradient Harmonized Single-stage Detector, 2019, eq. 11-14.
public func ghmRegressionLoss(
  _ x: Tensor, target: Tensor, mu: Double = 0.02, bins: Int = 10, momentum: Double = 0,
  counts: Tensor? = nil, divisor: GHMDivisor = .allBins, file: StaticString = #file,
  line: UInt = #line
) -> GHMResult {
  let site = CallSite(file, line)
  defer { site.leave() }
  requireSameShape(x, target, "ghmRegressionLoss", file, line)
  requireBins(bins, counts, "ghmRegressionLoss", file, line)
  let d = x - target
  let root = sqrt(d * d + mu * mu)
  let norms = noGrad { abs(d.detach() / root.detach()) }
  let (weights, next) = harmonize(
    norms, lastEdge: .infinity, bins: bins, momentum: momentum, counts: counts, divisor)
  let loss = (weights * (root - mu)).sum() / Double(max(x.count, 1))
  return GHMResult(loss: loss, weights: weights, counts: next)
}
