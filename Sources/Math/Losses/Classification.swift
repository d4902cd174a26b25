/// The dimension of classes: 1, or 0 for a single row.
private func classDim(_ x: Tensor) -> Int { x.rank == 1 ? 0 : 1 }

/// Checks class indices; returns them with the class dimension put in, and where they count.
private func resolveTargets(
  _ x: Tensor, _ target: Tensor, _ weight: Tensor?, _ ignoreIndex: Int, _ name: StaticString,
  _ file: StaticString, _ line: UInt
) -> (index: Tensor, counts: Tensor) {
  require(
    x.rank >= 1,
    "\(name) needs input [n, c, *] or [c], got \(x.shape); "
      + "put the classes into dim 1", file: file, line: line)
  let d = classDim(x)
  let classes = x.dims[d]
  var expected = x.shape
  expected.remove(at: d)
  require(
    target.shape == expected,
    "\(name) needs a target of shape \(expected) for input \(x.shape), got \(target.shape); "
      + "pass class numbers, one a row",
    file: file, line: line)
  require(
    target.dtype == .i64, "\(name) needs i64 class indices, got \(target.dtype); use to(.i64)",
    file: file, line: line)
  if let weight {
    require(
      weight.rank == 1 && weight.count == classes,
      "\(name) needs a weight for each of \(classes) classes, got \(weight.shape); "
        + "one number a class", file: file,
      line: line)
  }
  let packed = target.packed()
  let index = Tensor(empty: target.dims, .i64)
  let counts = Tensor(empty: target.dims, .bool)
  for i in 0..<packed.count {
    let t = packed.i64[i]
    counts.bool[i] = t != ignoreIndex
    index.i64[i] = t == ignoreIndex ? 0 : t
    require(
      t == ignoreIndex || (t >= 0 && t < classes),
      "\(name) needs classes in 0..<\(classes), got \(t); "
        + "check the number of outputs, or set ignoreIndex", file: file, line: line)
  }
  return (index, counts)
}

/// -w[y] · x[y], of log-probabilities x.
///
/// - Parameters:
///   - x: Log-probabilities, shape `[n, c, *]` or `[c]`.
///   - target: Classes, `i64`, shape `[n, *]` or `[]`.
///   - weight: A weight a class, shape `[c]`, or none.
///   - ignoreIndex: A target that does not count: its loss is 0, and the mean leaves it out.
///   - reduction: The mean divides by the sum of the weights used.
/// - Returns: The mean is NaN if nothing counts.
/// - Precondition: `x` holds floating-point numbers. The shapes fit, and classes are in `0..<c`.
///
/// Source: PyTorch 2.13, `torch.nn.functional.nll_loss`.
public func nllLoss(
  _ x: Tensor, target: Tensor, weight: Tensor? = nil, ignoreIndex: Int = -100,
  reduction: LossReduction = .mean, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  x.requireFloat("nllLoss", file, line)
  let (index, counts) = resolveTargets(x, target, weight, ignoreIndex, "nllLoss", file, line)
  return negativeLikelihood(x, index, counts, weight, reduction)
}

private func negativeLikelihood(
  _ x: Tensor, _ index: Tensor, _ counts: Tensor, _ weight: Tensor?, _ reduction: LossReduction
) -> Tensor {
  let d = classDim(x)
  let classes = x.dims[d]
  let picked =
    x.count == 0
    ? Tensor.full(index.dims, 0, x.dtype)
    : x.gathered(dim: d, index: index.unsqueezed(dim: d)).squeezed(dim: d)
  let zero = Tensor.scalar(0, x.dtype)
  var losses = -picked
  var weights = counts.to(x.dtype)
  if let weight, classes > 0 {
    let w = weight.to(x.dtype).indexSelected(dim: 0, index: index.flattened())
      .reshaped(index.shape)
    losses = losses * w
    weights = `where`(counts, w, zero)
  }
  losses = `where`(counts, losses, zero)
  switch reduction {
  case .none: return losses
  case .sum: return losses.sum()
  case .mean: return losses.sum() / weights.sum()
  }
}

/// The cross-entropy of scores and classes: -w[y] ln softmax(x)[y], without overflow.
///
/// - Parameters:
///   - x: Scores (not probabilities: softmax is applied here), shape `[n, c, *]` or `[c]`.
///   - target: Classes, `i64`, shape `[n, *]` or `[]`; or probabilities of the shape of `x`.
///   - weight: A weight a class, shape `[c]`, or none.
///   - ignoreIndex: A class index that does not count; of no effect on probabilities.
///   - reduction: The mean divides by the sum of the weights used; for probabilities by their
///     number.
///   - labelSmoothing: The share given evenly to all classes, in `0...1`.
/// - Precondition: The shapes fit, classes are in `0..<c`, and `labelSmoothing` is in `0...1`.
///
/// Source: PyTorch 2.13, `torch.nn.functional.cross_entropy`.
public func crossEntropy(
  _ x: Tensor, target: Tensor, weight: Tensor? = nil, ignoreIndex: Int = -100,
  reduction: LossReduction = .mean, labelSmoothing: Double = 0, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  require(
    labelSmoothing >= 0 && labelSmoothing <= 1,
    "crossEntropy needs a labelSmoothing in 0...1, got \(labelSmoothing); 0 is none", file: file,
    line: line)
  if target.dtype.isFloatingPoint {
    return softCrossEntropy(x, target, weight, reduction, labelSmoothing, file, line)
  }
  let (index, counts) = resolveTargets(x, target, weight, ignoreIndex, "crossEntropy", file, line)
  if x.dtype == .f32 && x.rank == 2 && x.count > 0 && weight == nil && labelSmoothing == 0
    && reduction == .mean
  {
    return crossEntropyFused(x, index, counts)
  }
  let d = classDim(x)
  let classes = x.dims[d]
  let logs = logSoftmax(x, dim: d)
  if labelSmoothing == 0 { return negativeLikelihood(logs, index, counts, weight, reduction) }
  let zero = Tensor.scalar(0, x.dtype)
  let along = (0..<x.rank).map { $0 == d ? classes : 1 }
  let w = weight?.to(x.dtype)
  let weighted = w.map { logs * $0.reshaped(along) } ?? logs
  let smooth = `where`(counts, -weighted.sum(dim: d), zero)
  let likelihood = negativeLikelihood(logs, index, counts, weight, reduction)
  let (keep, spread) = (1 - labelSmoothing, labelSmoothing / Double(classes))
  switch reduction {
  case .none: return likelihood * keep + smooth * spread
  case .sum: return likelihood * keep + smooth.sum() * spread
  case .mean:
    let used = w.map {
      `where`(
        counts, $0.indexSelected(dim: 0, index: index.flattened()).reshaped(index.shape), zero)
    }
    return likelihood * keep
      + smooth.sum() / (used ?? counts.to(x.dtype)).sum() * spread
  }
}

/// The cross-entropy with probabilities as targets.
private func softCrossEntropy(
  _ x: Tensor, _ target: Tensor, _ weight: Tensor?, _ reduction: LossReduction,
  _ labelSmoothing: Double, _ file: StaticString, _ line: UInt
) -> Tensor {
  requireSameShape(x, target, "crossEntropy", file, line)
  let d = classDim(x)
  let classes = x.dims[d]
  if let weight {
    require(
      weight.rank == 1 && weight.count == classes,
      "crossEntropy needs a weight for each of \(classes) classes, got \(weight.shape); "
        + "one number a class",
      file: file, line: line)
  }
  let t =
    labelSmoothing > 0
    ? target * (1 - labelSmoothing) + labelSmoothing / Double(classes) : target
  var terms = logSoftmax(x, dim: d) * t
  if let weight {
    terms = terms * weight.to(x.dtype).reshaped((0..<x.rank).map { $0 == d ? classes : 1 })
  }
  switch reduction {
  case .none: return -terms.sum(dim: d)
  case .sum: return -terms.sum()
  case .mean: return -terms.sum() / (Double(x.count) / Double(classes))
  }
}

/// -(y ln x + (1 - y) ln(1 - x)) of probabilities, with logarithms not below -100.
///
/// - Parameters:
///   - x: Probabilities, in `0...1`, of any shape.
///   - target: Of the same shape.
///   - weight: Multiplies the losses; broadcasts to their shape.
///   - reduction: What is made of the losses of single elements; the mean divides by their number,
///     not by weights.
/// - Precondition: `x` holds floating-point numbers, nowhere outside of `0...1`; the shapes are
///   equal, and `weight` broadcasts to its shape.
///
/// Source: PyTorch 2.13, `torch.nn.functional.binary_cross_entropy`.
public func binaryCrossEntropy(
  _ x: Tensor, target: Tensor, weight: Tensor? = nil, reduction: LossReduction = .mean,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  x.requireFloat("binaryCrossEntropy", file, line)
  requireSameShape(x, target, "binaryCrossEntropy", file, line)
  require(
    noGrad { (x .>= 0).logicalAnd(x .<= 1).all() }.bools[0],
    "binaryCrossEntropy needs probabilities in 0...1; apply sigmoid, or use "
      + "binaryCrossEntropyWithLogits", file: file, line: line)
  let value = noGrad {
    (target - 1) * log(onePlus: -x).clamped(min: -100) - target * log(x).clamped(min: -100)
  }
  // The gradient is PyTorch's closed form, not that of the floored logarithms.
  let losses = value.recorded(x, target) { y, g in
    let (x, t) = (y.a, y.b)
    x.receive(g * ((x - t) / ((1 - x) * x).clamped(min: 1e-12)))
    t.receive(g * (log(onePlus: -x) - log(x)))
  }
  guard let weight else { return losses.reduced(reduction) }
  require(
    Dims.broadcast(losses.dims, weight.dims) == losses.dims,
    "binaryCrossEntropy needs a weight that broadcasts to \(x.shape), got \(weight.shape); "
      + "match sizes from the right",
    file: file, line: line)
  return (losses * weight).reduced(reduction)
}

/// The binary cross-entropy of sigmoid(x), from x itself and so without overflow.
///
///     (1 - y) x - ((p - 1) y + 1) ln sigmoid(x)
///
/// - Parameters:
///   - x: Scores (not probabilities: sigmoid is applied here), of any shape.
///   - target: Probabilities y, of the shape of `x`.
///   - weight: Multiplies the losses; broadcasts.
///   - positiveWeight: p, which multiplies the losses of positive targets; broadcasts.
///   - reduction: What is made of the losses of single elements; the mean divides by their number,
///     not by weights.
/// - Precondition: The shapes are equal.
///
/// Source: PyTorch 2.13, `torch.nn.functional.binary_cross_entropy_with_logits`.
public func binaryCrossEntropyWithLogits(
  _ x: Tensor, target: Tensor, weight: Tensor? = nil, positiveWeight: Tensor? = nil,
  reduction: LossReduction = .mean, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  requireSameShape(x, target, "binaryCrossEntropyWithLogits", file, line)
  var losses =
    positiveWeight.map { weightedLogitLosses(x, target, $0) } ?? logitLosses(x, target)
  if let weight { losses = losses * weight }
  return losses.reduced(reduction)
}

// The gradients are closed forms, as PyTorch's: those of the single steps are NaN where a logit is
// infinite.

private func logitLosses(_ x: Tensor, _ target: Tensor) -> Tensor {
  noGrad { (1 - target) * x - logSigmoid(x) }.recorded(x, target) { y, g in
    y.a.receive((sigmoid(y.a) - y.b) * g)
    y.b.receive(-(y.a * g))
  }
}

private func weightedLogitLosses(_ x: Tensor, _ target: Tensor, _ positive: Tensor) -> Tensor {
  noGrad { (1 - target) * x - ((positive - 1) * target + 1) * logSigmoid(x) }
    .recorded(x, target, positive) { y, g in
      let (x, t, p) = (y.a, y.b, y.c)
      x.receive(((p * t + 1 - t) * sigmoid(x) - p * t) * g)
      t.receive((logSigmoid(-x) - logSigmoid(x) * p) * g)
      p.receive(-(t * logSigmoid(x)) * g)
    }
}

/// What `klDivergence` makes of the terms.
public enum KLReduction: String, Sendable {
  /// Leaves them as they are.
  case none
  /// The mean over all elements, which is not the mean of divergences.
  case mean
  /// The sum over all elements divided by the first size: the mean of divergences.
  case batchMean = "batchmean"
  /// The sum over all elements.
  case sum
}

/// The terms p (ln p - x) of the Kullback-Leibler divergence KL(p ‖ e^x).
///
/// - Parameters:
///   - x: Log-probabilities, of any shape.
///   - target: Probabilities p, or their logarithms with `logTarget`, of a shape that broadcasts
///     with that of `x`.
///   - reduction: `.batchMean` is the mathematical divergence.
///   - logTarget: Whether `target` holds logarithms.
/// - Precondition: `x` holds floating-point numbers. The shapes broadcast.
///
/// Source: Kullback and Leibler, On Information and Sufficiency, 1951; PyTorch 2.13,
/// `torch.nn.functional.kl_div`.
public func klDivergence(
  _ x: Tensor, target: Tensor, reduction: KLReduction = .mean, logTarget: Bool = false,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  x.requireFloat("klDivergence", file, line)
  _ = broadcastDims(x, target, "klDivergence", file, line)
  let terms =
    logTarget ? exp(target) * (target - x) : xlogy(target, target) - target * x
  switch reduction {
  case .none: return terms
  case .mean: return terms.mean()
  case .sum: return terms.sum()
  case .batchMean: return terms.sum() / Double(x.rank == 0 ? 1 : x.dims[0])
  }
}
