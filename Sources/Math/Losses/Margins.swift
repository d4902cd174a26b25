/// 1 - cos for pairs of target 1, max(0, cos - margin) for pairs of target -1.
///
/// The cosine here is x1·x2 / √((x1·x1 + e)(x2·x2 + e)) with e = 1e-12, not `cosineSimilarity`.
///
/// - Parameters:
///   - x1: Shape `[n, d]` or `[d]`.
///   - x2: Of the same rank; the shapes broadcast.
///   - target: 1 or -1 for each pair, shape `[n]` or `[]`; other numbers give 0.
///   - margin: The cosine up to which a pair of target -1 costs nothing.
///   - reduction: What is made of the losses of single pairs.
/// - Precondition: `x1` and `x2` have one dimension more than `target`, which has at most one, and
///   broadcast.
///
/// Source: PyTorch 2.13, `torch.nn.functional.cosine_embedding_loss`.
public func cosineEmbeddingLoss(
  _ x1: Tensor, _ x2: Tensor, target: Tensor, margin: Double = 0,
  reduction: LossReduction = .mean, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  require(
    target.rank <= 1 && target.rank + 1 == x1.rank && x1.rank == x2.rank,
    "cosineEmbeddingLoss needs inputs [n, d] and a target [n], got \(x1.shape), \(x2.shape) and "
      + "\(target.shape); give one target a row", file: file, line: line)
  _ = broadcastDims(x1, x2, "cosineEmbeddingLoss", file, line)
  let cosine = cosineOfSquares(x1, x2, dim: target.rank, floor: 1e-12)
  let zero = Tensor.scalar(0, cosine.dtype)
  let similar = `where`(target .== 1, 1 - cosine, zero)
  let different = `where`(target .== -1, (cosine - margin).clamped(min: 0), zero)
  return (similar + different).reduced(reduction)
}

/// x1·x2 / √((x1·x1 + floor)(x2·x2 + floor)) along a dimension.
private func cosineOfSquares(_ x1: Tensor, _ x2: Tensor, dim: Int, floor: Double) -> Tensor {
  if let rows = x1.rowsBeside(x2, dim: dim) {
    return cosineOfSquaresFused(x1, x2, rows: rows, floor: floor)
  }
  let product = (x1 * x2).sum(dim: dim)
  let size1 = (x1 * x1).sum(dim: dim) + floor
  let size2 = (x2 * x2).sum(dim: dim) + floor
  return product / sqrt(size1 * size2)
}

/// max(0, d(a, p) - d(a, n) + margin), d the p-norm of difference + eps.
///
/// - Parameters:
///   - anchor: Shape `[n, d]` or `[d]`.
///   - positive: Of the anchor's class; its shape broadcasts with that of `anchor`.
///   - negative: Of another class; likewise.
///   - margin: How much farther the negative should be, above 0.
///   - p: The order of the norm; 2 is the Euclidean distance.
///   - eps: What is added to each difference, as `pairwiseDistance` does.
///   - swap: Whether d(p, n) counts instead of d(a, n) where it is smaller.
///   - reduction: What is made of the losses of single triplets.
/// - Precondition: The ranks are equal, the shapes broadcast and `margin` is above 0.
///
/// Source: Balntas et al., Learning Shallow Convolutional Feature Descriptors with Triplet Losses,
/// 2016.
public func tripletMarginLoss(
  _ anchor: Tensor, positive: Tensor, negative: Tensor, margin: Double = 1, p: Double = 2,
  eps: Double = 1e-6, swap: Bool = false, reduction: LossReduction = .mean,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  tripletMarginLoss(
    anchor, positive: positive, negative: negative, margin: margin, swap: swap,
    reduction: reduction, file: file, line: line
  ) { pairwiseDistance($0, $1, p: p, eps: eps) }
}

/// max(0, d(a, p) - d(a, n) + margin) with a distance of the caller's.
///
/// - Parameters:
///   - anchor: Shape `[n, d]` or `[d]`.
///   - positive: Of the anchor's class; its shape broadcasts with that of `anchor`.
///   - negative: Of another class; likewise.
///   - margin: How much farther the negative should be, above 0.
///   - swap: Whether d(p, n) counts instead of d(a, n) where it is smaller.
///   - reduction: What is made of the losses of single triplets.
///   - distance: Gives a number for each pair of rows; called for anchor and positive, anchor and
///     negative, and with `swap` positive and negative.
/// - Precondition: The ranks are equal, the shapes broadcast and `margin` is above 0.
///
/// Source: PyTorch 2.13, `torch.nn.functional.triplet_margin_with_distance_loss`.
public func tripletMarginLoss(
  _ anchor: Tensor, positive: Tensor, negative: Tensor, margin: Double = 1, swap: Bool = false,
  reduction: LossReduction = .mean, file: StaticString = #file, line: UInt = #line,
  distance: (Tensor, Tensor) -> Tensor
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  require(
    margin > 0,
    "tripletMarginLoss needs a margin above 0, got \(margin); 1 is usual", file: file, line: line)
  require(
    anchor.rank == positive.rank && anchor.rank == negative.rank,
    "tripletMarginLoss needs equal ranks, got \(anchor.shape), \(positive.shape) and "
      + "\(negative.shape); unsqueeze one", file: file, line: line)
  _ = broadcastDims(anchor, positive, "tripletMarginLoss", file, line)
  _ = broadcastDims(anchor, negative, "tripletMarginLoss", file, line)
  let near = distance(anchor, positive)
  var far = distance(anchor, negative)
  if swap { far = minimum(far, distance(positive, negative)) }
  return (near + margin - far).clamped(min: 0).reduced(reduction)
}

/// max(0, -y (x1 - x2) + margin): x1 should rank above x2 where y is 1, below where it is -1.
///
/// - Parameters:
///   - x1: Scores, of any shape.
///   - x2: Scores of the others; the shapes broadcast.
///   - target: 1 where `x1` should be larger, -1 where `x2` should; broadcasts with the scores.
///   - margin: By how much, in the unit of the scores.
///   - reduction: What is made of the losses of single pairs.
/// - Precondition: The ranks are equal and the shapes broadcast.
///
/// Source: PyTorch 2.13, `torch.nn.functional.margin_ranking_loss`.
public func marginRankingLoss(
  _ x1: Tensor, _ x2: Tensor, target: Tensor, margin: Double = 0,
  reduction: LossReduction = .mean, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  require(
    x1.rank == x2.rank && x1.rank == target.rank,
    "marginRankingLoss needs equal ranks, got \(x1.shape), \(x2.shape) and \(target.shape); "
      + "unsqueeze one",
    file: file, line: line)
  _ = broadcastDims(x1, x2, "marginRankingLoss", file, line)
  return (-target * (x1 - x2) + margin).clamped(min: 0).reduced(reduction)
}

/// x where the target is 1, max(0, margin - x) where it is -1; other targets get both.
///
/// - Parameters:
///   - x: Distances, of any shape.
///   - target: 1 for what belongs together, -1 for what does not; of a shape that broadcasts.
///   - margin: The distance beyond which nothing is paid.
///   - reduction: What is made of the losses of single elements.
/// - Precondition: `x` holds floating-point numbers. The shapes broadcast.
///
/// Source: PyTorch 2.13, `torch.nn.functional.hinge_embedding_loss`.
public func hingeEmbeddingLoss(
  _ x: Tensor, target: Tensor, margin: Double = 1, reduction: LossReduction = .mean,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  x.requireFloat("hingeEmbeddingLoss", file, line)
  _ = broadcastDims(x, target, "hingeEmbeddingLoss", file, line)
  let zero = Tensor.scalar(0, x.dtype)
  let far = `where`(target .!= 1, (margin - x).clamped(min: 0), zero)
  let near = `where`(target .!= -1, x, zero)
  return (far + near).reduced(reduction)
}

/// ln(1 + e^(-y x)), not safe from overflow: infinite beyond 709 in `f64`, as in PyTorch.
///
/// - Parameters:
///   - x: Scores, of any shape.
///   - target: 1 or -1; of a shape that broadcasts.
///   - reduction: What is made of the losses of single elements.
/// - Precondition: `x` holds floating-point numbers. The shapes broadcast.
///
/// Source: PyTorch 2.13, `torch.nn.functional.soft_margin_loss`.
public func softMarginLoss(
  _ x: Tensor, target: Tensor, reduction: LossReduction = .mean, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  x.requireFloat("softMarginLoss", file, line)
  _ = broadcastDims(x, target, "softMarginLoss", file, line)
  let z = noGrad { exp(-(target * x)) }
  let losses = noGrad { log(onePlus: z) }.recorded(x, target) { y, g in
    // z / (z + 1) is NaN where z overflows, as PyTorch's is.
    let z = exp(-(y.a * y.b))
    let slope = -(z / (z + 1)) * g
    y.a.receive(slope * y.b)
    y.b.receive(slope * y.a)
  }
  return losses.reduced(reduction)
}

/// Σ_j≠y w[y] max(0, margin - x[y] + x[j])^p / c.
///
/// - Parameters:
///   - x: Scores, shape `[n, c]` or `[c]`.
///   - target: Classes, `i64`, shape `[n]` or `[]`.
///   - p: The power of each excess, 1 or 2.
///   - margin: By how much the score of the class should exceed each other.
///   - weight: A weight a class, shape `[c]`, or none.
///   - reduction: What is made of the losses of single rows; the mean divides by their number, not
///     by weights.
/// - Precondition: `x` holds floating-point numbers. The shapes fit, classes are in `0..<c`, and
///   `p` is 1 or 2.
///
/// Source: PyTorch 2.13, `torch.nn.functional.multi_margin_loss`.
public func multiMarginLoss(
  _ x: Tensor, target: Tensor, p: Int = 1, margin: Double = 1, weight: Tensor? = nil,
  reduction: LossReduction = .mean, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  x.requireFloat("multiMarginLoss", file, line)
  require(
    p == 1 || p == 2,
    "multiMarginLoss needs a p of 1 or 2, got \(p); square the result for others", file: file,
    line: line)
  let isRow = x.rank < 2
  let rows = isRow ? x.reshaped([1, x.count]) : x
  require(
    rows.rank == 2 && rows.dims[1] > 0 && target.rank <= 1 && target.count == rows.dims[0],
    "multiMarginLoss needs input [n, c] and a target [n], got \(x.shape) and \(target.shape); "
      + "one class a row",
    file: file, line: line)
  let classes = rows.dims[1]
  if let weight {
    require(
      weight.rank == 1 && weight.count == classes,
      "multiMarginLoss needs a weight for each of \(classes) classes, got \(weight.shape); "
        + "one number a class",
      file: file, line: line)
  }
  x.requireIndices(target, below: classes, "multiMarginLoss", file, line)
  let index = target.arranged(as: Dims([target.count, 1]))
  let own = rows.gathered(dim: 1, index: index)
  let others = (oneHot(index.flattened(), numClasses: classes) .== 0)
  // NaN is not above 0 and counts nothing, as in PyTorch.
  let excess = margin - own + rows
  var z = `where`(others.logicalAnd(excess .> 0), excess, Tensor.scalar(0, x.dtype))
  if p == 2 { z = z * z }
  if let weight {
    z = z * weight.indexSelected(dim: 0, index: index.flattened()).unsqueezed(dim: 1)
  }
  let losses = z.sum(dim: 1) / Double(classes)
  return isRow && target.rank == 0 && reduction == .none
    ? losses.reshaped(to: Dims()) : losses.reduced(reduction)
}

/// Σ over targets t and other classes j of max(0, 1 - (x[t] - x[j])) / c.
///
/// - Parameters:
///   - x: Scores, shape `[n, c]` or `[c]`.
///   - target: `i64`, of the same shape: each row lists its classes and ends at the first -1.
///   - reduction: What is made of the losses of single rows.
/// - Precondition: The shapes are equal, and classes are in `-1..<c`.
///
/// Source: PyTorch 2.13, `torch.nn.functional.multilabel_margin_loss`.
public func multilabelMarginLoss(
  _ x: Tensor, target: Tensor, reduction: LossReduction = .mean, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  require(
    x.rank <= 2 && x.dims == target.dims && (x.rank == 0 || x.dims[x.rank - 1] > 0),
    "multilabelMarginLoss needs input and target of one shape [n, c], got \(x.shape) and "
      + "\(target.shape); fill rows of classes with -1", file: file, line: line)
  let classes = x.rank == 0 ? 1 : x.dims[x.rank - 1]
  let n = x.count / classes
  let rows = x.reshaped([n, classes])
  let list = target.packed()
  let index = Tensor.full(Dims([n, classes]), 0, .i64)
  let counts = Tensor.full(Dims([n, classes]), 0, .bool)
  let member = Tensor.full(Dims([n, classes]), 0, .bool)
  for i in 0..<n {
    var ended = false
    for j in 0..<classes {
      let t = list.i64[i * classes + j]
      require(
        t >= -1 && t < classes,
        "multilabelMarginLoss needs classes in -1..<\(classes), got \(t); "
          + "count from 0, and end with -1",
        file: file, line: line)
      if t < 0 { ended = true }
      if ended { continue }
      index.i64[i * classes + j] = t
      counts.bool[i * classes + j] = true
      member.bool[i * classes + t] = true
    }
  }
  let own = rows.gathered(dim: 1, index: index)
  let z = 1 - own.unsqueezed(dim: 2) + rows.unsqueezed(dim: 1)
  // NaN is not above 0 and counts nothing, as in PyTorch.
  let pairs = counts.unsqueezed(dim: 2).logicalAnd(member.logicalNot().unsqueezed(dim: 1))
    .logicalAnd(z .> 0)
  let losses = `where`(pairs, z, Tensor.scalar(0, x.dtype)).sum(dim: [1, 2]) / Double(classes)
  return x.rank < 2 && reduction == .none
    ? losses.reshaped(to: Dims()) : losses.reduced(reduction)
}

/// The mean over classes of -(y ln sigmoid(x) + (1 - y) ln sigmoid(-x)).
///
/// - Parameters:
///   - x: Scores (not probabilities: sigmoid is applied here), shape `[*, c]`.
///   - target: 0 or 1 for each class, y, of a shape that broadcasts with that of `x`.
///   - weight: Multiplies the losses, usually a weight a class, shape `[c]`; broadcasts.
///   - reduction: What is made of the means over classes, one a row.
/// - Precondition: The shapes broadcast.
///
/// Source: PyTorch 2.13, `torch.nn.functional.multilabel_soft_margin_loss`.
public func multilabelSoftMarginLoss(
  _ x: Tensor, target: Tensor, weight: Tensor? = nil, reduction: LossReduction = .mean,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  _ = broadcastDims(x, target, "multilabelSoftMarginLoss", file, line)
  var losses = -(target * logSigmoid(x) + (1 - target) * logSigmoid(-x))
  if let weight { losses = losses * weight }
  return losses.mean(dim: losses.rank == 0 ? [] : [-1]).reduced(reduction)
}
