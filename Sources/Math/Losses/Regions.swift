/// What a region loss sums over.
public enum RegionScope: String, Sendable {
  /// Each sample, along the first dimension.
  case sample
  /// Everything at once.
  case all
}

private func regionSum(_ x: Tensor, _ scope: RegionScope) -> Tensor {
  if scope == .all || x.rank == 0 { return x.sum() }
  if x.rank == 1 { return x }  // a sample an element
  return x.flattened(startDim: 1).sum(dim: 1)
}

/// 1 - (I + s)/(P + T - I + s), I = Σ p t: the overlap of two regions, with gradient everywhere.
///
/// - Parameters:
///   - x: Probabilities, shape `[n, *]`.
///   - target: 0 or 1, of the same shape.
///   - smooth: s, so that empty regions agree.
///   - scope: Whether I, P = Σ p and T = Σ t are sums over each sample or over all at once.
///   - reduction: What is made of the losses of single samples, shape `[n]`; with `.all` there is
///     one.
/// - Precondition: The shapes are equal.
///
/// Source: Rahman and Wang, Optimizing Intersection-Over-Union in Deep Neural Networks for Image
/// Segmentation, 2016.
public func jaccardLoss(
  _ x: Tensor, target: Tensor, smooth: Double = 1, over scope: RegionScope = .sample,
  reduction: LossReduction = .mean, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  requireSameShape(x, target, "jaccardLoss", file, line)
  let overlap = regionSum(x * target, scope)
  let union = regionSum(x, scope) + regionSum(target, scope) - overlap
  return (1 - (overlap + smooth) / (union + smooth)).reduced(reduction)
}

/// 1 - (2 I + s)/(P + T + s), I = Σ p t: one minus twice the overlap over the sum of both sizes.
///
/// - Parameters:
///   - x: Probabilities p, shape `[n, *]`.
///   - target: t, 0 or 1, of the same shape.
///   - smooth: s, so that empty regions agree.
///   - squared: Whether P and T are sums of squares, as in V-Net, and not of the values themselves.
///   - scope: Whether I, P and T are sums over each sample or over all at once.
///   - reduction: What is made of the losses of single samples, shape `[n]`; with `.all` there is
///     one.
/// - Precondition: The shapes are equal.
///
/// Source: Milletari et al., V-Net, 2016, arXiv:1606.04797; Sudre et al., 2017.
public func diceLoss(
  _ x: Tensor, target: Tensor, smooth: Double = 1, squared: Bool = false,
  over scope: RegionScope = .sample, reduction: LossReduction = .mean,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  requireSameShape(x, target, "diceLoss", file, line)
  let overlap = regionSum(x * target, scope)
  let sizes =
    regionSum(squared ? x * x : x, scope) + regionSum(squared ? target * target : target, scope)
  return (1 - (overlap * 2 + smooth) / (sizes + smooth)).reduced(reduction)
}

/// 1 - (TP + s)/(TP + α FP + β FN + s): misses and false alarms weighed apart.
///
///     TP = Σ p t,  FP = Σ p (1 - t),  FN = Σ (1 - p) t
///
/// - Parameters:
///   - x: Probabilities p, shape `[n, *]`.
///   - target: t, 0 or 1, of the same shape.
///   - alpha: α, the weight of false alarms.
///   - beta: β, the weight of misses; 0.5 for both is `diceLoss` of twice the `smooth`, 1 for both
///     `jaccardLoss`.
///   - smooth: s, so that empty regions agree.
///   - scope: Whether the sums are over each sample or over all at once.
///   - reduction: What is made of the losses of single samples, shape `[n]`; with `.all` there is
///     one.
/// - Precondition: The shapes are equal.
///
/// Source: Salehi et al., Tversky Loss Function for Image Segmentation, 2017, arXiv:1706.05721.
public func tverskyLoss(
  _ x: Tensor, target: Tensor, alpha: Double = 0.3, beta: Double = 0.7, smooth: Double = 1,
  over scope: RegionScope = .sample, reduction: LossReduction = .mean,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  requireSameShape(x, target, "tverskyLoss", file, line)
  let hits = regionSum(x * target, scope)
  let alarms = regionSum(x * (1 - target), scope)
  let misses = regionSum((1 - x) * target, scope)
  return (1 - (hits + smooth) / (hits + alarms * alpha + misses * beta + smooth)).reduced(reduction)
}

/// The steps of the Jaccard loss as errors, largest first, are let in one by one.
private func lovaszSteps(_ sortedTruth: Tensor) -> Tensor {
  noGrad {
    let truth = sortedTruth.detach()
    let total = truth.sum()
    let overlap = total - truth.cumsum(dim: 0)
    let union = total + (1 - truth).cumsum(dim: 0)
    let jaccard = 1 - overlap / union
    let n = jaccard.count
    if n < 2 { return jaccard }
    return cat([
      jaccard.sliced(dim: 0, to: 1),
      jaccard.sliced(dim: 0, from: 1) - jaccard.sliced(dim: 0, to: n - 1),
    ])
  }
}

/// The Lovász extension of the Jaccard loss of two classes, on hinge errors.
///
/// - Parameters:
///   - x: Scores, of any shape.
///   - labels: 0 or 1, of the same shape.
///   - perImage: Whether losses of the first dimension's samples are averaged.
/// - Returns: A scalar.
/// - Precondition: The shapes are equal.
///
/// Source: Berman, Triki and Blaschko, The Lovász-Softmax Loss, 2018, arXiv:1705.08790.
public func lovaszHingeLoss(
  _ x: Tensor, labels: Tensor, perImage: Bool = false, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  requireSameShape(x, labels, "lovaszHingeLoss", file, line)
  if perImage {
    let n = x.dims[0]
    return stack(
      (0..<n).map {
        lovaszHingeLoss(x.selected(dim: 0, index: $0), labels: labels.selected(dim: 0, index: $0))
      }
    ).mean()
  }
  let truth = labels.flattened().to(x.dtype)
  let errors = 1 - x.flattened() * (truth * 2 - 1)
  let (sorted, order) = errors.sorted(dim: 0, descending: true)
  return dot(relu(sorted), lovaszSteps(truth.gathered(dim: 0, index: order)))
}

/// Which classes `lovaszSoftmaxLoss` averages over.
public enum LovaszClasses: String, Sendable {
  /// Those that occur.
  case present
  /// All.
  case all
}

/// The Lovász extension of the Jaccard loss, averaged over classes.
///
/// - Parameters:
///   - x: Probabilities, shape `[p, c]`, a row a pixel.
///   - labels: Classes, `i64`, shape `[p]`.
///   - classes: Whether classes that no label names count too.
/// - Returns: A scalar; 0 if no class counts.
/// - Precondition: The shapes fit.
///
/// Source: Berman, Triki and Blaschko, 2018, algorithm 1, arXiv:1705.08790.
public func lovaszSoftmaxLoss(
  _ x: Tensor, labels: Tensor, classes: LovaszClasses = .present, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  require(
    x.rank == 2 && labels.rank == 1 && labels.count == x.dims[0],
    "lovaszSoftmaxLoss needs probabilities [p, c] and labels [p], got \(x.shape) and "
      + "\(labels.shape); flatten pixels into rows", file: file, line: line)
  var losses: [Tensor] = []
  for c in 0..<x.dims[1] {
    let truth = noGrad { (labels .== Double(c)).to(x.dtype) }
    if classes == .present && noGrad({ truth.sum().item() }) == 0 { continue }
    let errors = abs(truth - x.selected(dim: 1, index: c))
    let (sorted, order) = errors.sorted(dim: 0, descending: true)
    losses.append(dot(sorted, lovaszSteps(truth.gathered(dim: 0, index: order))))
  }
  return losses.isEmpty ? x.sum() * 0.0 : stack(losses).mean()
}
