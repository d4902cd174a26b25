/// The squared error (x - y)².
///
/// Shapes that differ broadcast, as in PyTorch: a prediction `[n, 1]` beside a target `[n]` gives
/// n² errors, not n. Compare shapes first.
///
/// - Parameters:
///   - x: Predictions, of any shape.
///   - target: Of a shape that broadcasts with that of `x`.
///   - reduction: What is made of the losses of single elements.
/// - Precondition: The shapes broadcast.
///
/// Source: PyTorch 2.13, `torch.nn.functional.mse_loss`.
public func mseLoss(
  _ x: Tensor, target: Tensor, reduction: LossReduction = .mean, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  _ = broadcastDims(x, target, "mseLoss", file, line)
  let d = x - target
  // In PyTorch's order, so that a mean does not overflow where its terms would.
  let factor = reduction == .mean ? 2 / Double(d.count) : 2
  return noGrad { (d * d).reduced(reduction) }
    .recorded(d, scalar: factor) { y, g in y.a.receive(y.a * y.scalar * g) }
}

/// The absolute error |x - y|.
///
/// - Parameters:
///   - x: Predictions, of any shape.
///   - target: Of a shape that broadcasts with that of `x`.
///   - reduction: What is made of the losses of single elements.
/// - Precondition: The shapes broadcast.
///
/// Source: PyTorch 2.13, `torch.nn.functional.l1_loss`.
public func l1Loss(
  _ x: Tensor, target: Tensor, reduction: LossReduction = .mean, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  _ = broadcastDims(x, target, "l1Loss", file, line)
  return abs(x - target).reduced(reduction)
}

/// d² / 2β where |d| < β, else |d| - β/2: squared near 0, absolute beyond.
///
/// - Parameters:
///   - x: Predictions, of any shape.
///   - target: Of a shape that broadcasts with that of `x`.
///   - reduction: What is made of the losses of single elements.
///   - beta: Where the square ends; 0 is the absolute error.
/// - Precondition: `x` holds floating-point numbers. The shapes broadcast, and `beta` is 0 or more.
///
/// Source: Girshick, Fast R-CNN, 2015, eq. 3, arXiv:1504.08083.
public func smoothL1Loss(
  _ x: Tensor, target: Tensor, reduction: LossReduction = .mean, beta: Double = 1,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  x.requireFloat("smoothL1Loss", file, line)
  require(
    beta >= 0,
    "smoothL1Loss needs a beta of 0 or more, got \(beta); 0 is the absolute error", file: file,
    line: line)
  _ = broadcastDims(x, target, "smoothL1Loss", file, line)
  if beta == 0 { return l1Loss(x, target: target, reduction: reduction) }
  let d = x - target
  let losses = noGrad {
    let size = abs(d)
    return `where`(size .< beta, d * d * (0.5 / beta), size - 0.5 * beta)
  }
  return losses.recorded(d, scalar: beta) { y, g in
    y.a.receive(g * y.a.clamped(min: -y.scalar, max: y.scalar) / y.scalar)
  }
  .reduced(reduction)
}

/// d² / 2 where |d| ≤ δ, else δ (|d| - δ/2).
///
/// - Parameters:
///   - x: Predictions, of any shape.
///   - target: Of a shape that broadcasts with that of `x`.
///   - reduction: What is made of the losses of single elements.
///   - delta: δ, where the square ends; `smoothL1Loss` is this over δ.
/// - Precondition: `x` holds floating-point numbers. The shapes broadcast, and `delta` is above 0.
///
/// Source: Huber, Robust Estimation of a Location Parameter, 1964.
public func huberLoss(
  _ x: Tensor, target: Tensor, reduction: LossReduction = .mean, delta: Double = 1,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  x.requireFloat("huberLoss", file, line)
  require(
    delta > 0,
    "huberLoss needs a delta above 0, got \(delta); "
      + "take l1Loss or mseLoss for the limits", file: file, line: line)
  _ = broadcastDims(x, target, "huberLoss", file, line)
  let d = x - target
  let losses = noGrad {
    let size = abs(d)
    return `where`(size .<= delta, d * d * 0.5, (size - 0.5 * delta) * delta)
  }
  return losses.recorded(d, scalar: delta) { y, g in
    y.a.receive(g * y.a.clamped(min: -y.scalar, max: y.scalar))
  }
  .reduced(reduction)
}

/// The negative logarithm of a Poisson probability, without the constant: e^x - y x.
///
/// - Parameters:
///   - x: The logarithm of the rate, or the rate itself; see `logInput`.
///   - target: Counts y, of a shape that broadcasts with that of `x`.
///   - logInput: Whether `x` is the logarithm of the rate; else the loss is x - y ln(x + eps).
///   - full: Whether Stirling's y ln y - y + ln(2π y)/2 is added where y > 1.
///   - eps: What is added to the rate before its logarithm is taken; unused if `logInput`.
///   - reduction: What is made of the losses of single elements.
/// - Precondition: The shapes broadcast.
///
/// Source: PyTorch 2.13, `torch.nn.functional.poisson_nll_loss`.
public func poissonNLLLoss(
  _ x: Tensor, target: Tensor, logInput: Bool = true, full: Bool = false, eps: Double = 1e-8,
  reduction: LossReduction = .mean, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  _ = broadcastDims(x, target, "poissonNLLLoss", file, line)
  var loss = logInput ? exp(x) - target * x : x - target * log(x + eps)
  if full {
    let stirling = target * log(target) - target + log(target * (2 * Double.pi)) * 0.5
    loss = loss + stirling.maskedFilled(target .<= 1, 0)
  }
  return loss.reduced(reduction)
}

/// The negative logarithm of a normal density: (ln v + (x - y)² / v) / 2, v = max(variance, eps).
///
/// The gradient for the variance passes as if there were no floor.
///
/// - Parameters:
///   - x: Means, of any shape.
///   - target: Of a shape that broadcasts with that of `x`.
///   - variance: The shape of `x`, or that without its last size, or with 1 for one of its sizes.
///   - full: Whether ln(2π)/2 is added.
///   - eps: The smallest variance divided by, in the squared unit of the inputs.
///   - reduction: What is made of the losses of single elements.
/// - Precondition: `x` holds floating-point numbers. The variance fits and is nowhere negative; the
///   other shapes broadcast.
///
/// Source: Nix and Weigend, Estimating the Mean and Variance of the Target Probability
/// Distribution, 1994.
public func gaussianNLLLoss(
  _ x: Tensor, target: Tensor, variance: Tensor, full: Bool = false, eps: Double = 1e-6,
  reduction: LossReduction = .mean, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  x.requireFloat("gaussianNLLLoss", file, line)
  var v = variance
  if v.dims != x.dims && v.rank > 0 {
    let lead = Array(x.shape.dropLast())
    if v.shape == lead {
      v = v.unsqueezed(dim: -1)
    } else {
      require(
        v.rank == x.rank
          && zip(v.shape, x.shape).filter { $0 != $1 }.map(\.0).reduce(0, +) == 1,
        "gaussianNLLLoss needs a variance of shape \(x.shape), or with 1 for one size, got \(v.shape); "
          + "unsqueeze or expand it",
        file: file, line: line)
    }
  }
  require(
    !noGrad { (v .< 0).any() }.bools[0],
    "gaussianNLLLoss needs variances of 0 or more; pass variances, not logarithms", file: file,
    line: line)
  _ = broadcastDims(x, target, "gaussianNLLLoss", file, line)
  let floored = v.floored(at: eps)
  var loss = (log(floored) + square(x - target) / floored) * 0.5
  if full { loss = loss + 0.9189385332046727 }
  return loss.reduced(reduction)
}
