/// Which label means that a pair is similar.
public enum PairConvention: String, Sendable {
  /// 0, as in the paper.
  case zeroIsSimilar = "zero_is_similar"
  /// 1, as in many a data set.
  case oneIsSimilar = "one_is_similar"
}

/// D²/2 for similar pairs, max(0, margin - D)²/2 for others, D = ‖x1 - x2‖.
///
/// - Parameters:
///   - x1: Shape `[n, d]`.
///   - x2: As `x1`.
///   - labels: Shape `[n]`; see `convention`. With the wrong one the loss pulls apart what belongs
///     together.
///   - margin: The distance beyond which a dissimilar pair costs nothing, in the unit of the
///     inputs.
///   - convention: Which label means that a pair is similar; the paper's is 0.
///   - reduction: What is made of the losses of single pairs, shape `[n]`.
/// - Precondition: The shapes fit.
///
/// Source: Hadsell, Chopra and LeCun, Dimensionality Reduction by Learning an Invariant Mapping,
/// 2006, eq. 4.
public func contrastiveLoss(
  _ x1: Tensor, _ x2: Tensor, labels: Tensor, margin: Double = 1,
  convention: PairConvention = .zeroIsSimilar, reduction: LossReduction = .mean,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  requireSameShape(x1, x2, "contrastiveLoss", file, line)
  require(
    x1.rank == 2 && labels.shape == [x1.dims[0]],
    "contrastiveLoss needs pairs [n, d] and labels [n], got \(x1.shape) and \(labels.shape); "
      + "flatten, and give one label a pair",
    file: file, line: line)
  let y = labels.to(x1.dtype)
  let apart = convention == .zeroIsSimilar ? y : 1 - y
  if x1.rowsBeside(x2, dim: 1) != nil && !apart.needsGradient {
    return contrastiveFused(x1, x2, apart: apart, margin: margin).reduced(reduction)
  }
  let distance = (x1 - x2).norm(dim: 1)
  let near = square(distance) / 2
  let far = square((margin - distance).clamped(min: 0)) / 2
  return ((1 - apart) * near + apart * far).reduced(reduction)
}

/// Cross-entropy of finding each query's key among all keys, by cosine over temperature.
///
/// - Parameters:
///   - query: Shape `[n, d]`.
///   - keys: The positives, row by row, shape `[n, d]`.
///   - temperature: What the cosines are divided by; smaller dwells on the nearest keys.
///   - negatives: Shape `[k, d]`; without them the other rows of `keys` serve.
/// - Returns: A scalar, the mean over queries.
/// - Precondition: The shapes fit.
///
/// Source: van den Oord, Li and Vinyals, Contrastive Predictive Coding, 2018, arXiv:1807.03748.
public func infoNCELoss(
  _ query: Tensor, _ keys: Tensor, temperature: Double = 0.1, negatives: Tensor? = nil,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  requireSameShape(query, keys, "infoNCELoss", file, line)
  require(
    query.rank == 2,
    "infoNCELoss needs rows [n, d], got \(query.shape); flatten what each row holds", file: file,
    line: line)
  let n = query.dims[0]
  let q = normalize(query)
  let k = normalize(keys)
  guard let negatives else {
    return crossEntropy(matmul(q, k.T) / temperature, target: Tensor.arange(n))
  }
  let own = (q * k).sum(dim: 1, keepDim: true)
  let others = matmul(q, normalize(negatives).T, file: file, line: line)
  return crossEntropy(
    cat([own, others], dim: 1) / temperature, target: Tensor.zeros([n], dtype: .i64))
}

/// InfoNCE among the 2n views of n samples, each view's positive being its sample's other view.
///
///     -ln(e^(cos(z_i, z_j)/τ) / Σ_k≠i e^(cos(z_i, z_k)/τ)), averaged over the 2n views i
///
/// - Parameters:
///   - z1: First views, shape `[n, d]`.
///   - z2: Second views, shape `[n, d]`.
///   - temperature: τ, what the cosines are divided by; smaller dwells on the nearest views.
/// - Returns: A scalar, the mean over the 2n views.
/// - Precondition: The shapes are equal, with two dimensions.
///
/// Source: Chen et al., SimCLR, 2020, eq. 1, arXiv:2002.05709.
public func ntXentLoss(
  _ z1: Tensor, _ z2: Tensor, temperature: Double = 0.5, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  requireSameShape(z1, z2, "ntXentLoss", file, line)
  require(
    z1.rank == 2,
    "ntXentLoss needs rows [n, d], got \(z1.shape); flatten what each row holds", file: file,
    line: line)
  let n = z1.dims[0]
  let z = normalize(cat([z1, z2]))
  let scores = (matmul(z, z.T) / temperature)
    .maskedFilled(Tensor.eye(2 * n) .== 1, -.infinity)
  return crossEntropy(scores, target: Tensor(Array(n..<(2 * n)) + Array(0..<n)))
}

/// All squared distances of rows, at least 0.
private func squaredDistances(_ x: Tensor) -> Tensor {
  let d = x.unsqueezed(dim: 1) - x.unsqueezed(dim: 0)
  return (d * d).sum(dim: 2)
}

private func labelMasks(
  _ x: Tensor, _ labels: Tensor, _ name: StaticString, _ file: StaticString, _ line: UInt
) -> (positive: Tensor, negative: Tensor) {
  require(
    x.rank == 2 && labels.shape == [x.dims[0]],
    "\(name) needs embeddings [n, d] and labels [n], got \(x.shape) and \(labels.shape); "
      + "flatten, and give one label a row",
    file: file, line: line)
  let same = labels.unsqueezed(dim: 1) .== labels.unsqueezed(dim: 0)
  let own = Tensor.eye(x.dims[0]) .== 1
  return (same.logicalAnd(own.logicalNot()), same.logicalNot())
}

/// For each anchor the farthest of its class against the nearest of the others.
///
///     mean over a of max(0, max_p d(a, p) - min_n d(a, n) + margin)
///
/// An anchor alone in its class is its own farthest. Equally far and equally near ones share the
/// gradient.
///
/// - Parameters:
///   - x: Embeddings, shape `[n, d]`.
///   - labels: Classes, shape `[n]`.
///   - margin: The hinge's, in the unit of the distances compared; unused if `soft`.
///   - soft: Whether ln(1 + e^(…)) takes the hinge's place.
///   - squared: Whether squared distances are compared.
/// - Returns: A scalar.
/// - Precondition: The shapes fit.
///
/// Source: Hermans, Beyer and Leibe, In Defense of the Triplet Loss, 2017, arXiv:1703.07737.
public func batchHardTripletLoss(
  _ x: Tensor, labels: Tensor, margin: Double = 0.3, soft: Bool = false, squared: Bool = false,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  if x.rank == 2 && labels.rank == 1 && labels.count == x.dims[0],
    let loss = tripletFused(x, labels, margin: margin, soft: soft, squared: squared)
  {
    return loss
  }
  let (positive, negative) = labelMasks(x, labels, "batchHardTripletLoss", file, line)
  let d = squared ? squaredDistances(x) : cdist(x, x)
  let same = positive.logicalOr(Tensor.eye(x.dims[0]) .== 1)
  let far = d.maskedFilled(same.logicalNot(), -.infinity).amax(dim: [1])
  let near = d.maskedFilled(negative.logicalNot(), .infinity).amin(dim: [1])
  let excess = far - near
  return soft ? softplus(excess).mean() : (excess + margin).clamped(min: 0).mean()
}

/// For each pair of one class the nearest other that is farther than the pair, else the farthest.
///
/// - Parameters:
///   - x: Embeddings, shape `[n, d]`.
///   - labels: Classes, shape `[n]`.
///   - margin: The hinge's, in squared distances.
/// - Returns: A scalar, the mean over pairs that have a negative; 0 if there are none.
/// - Precondition: The shapes fit.
///
/// Source: Schroff, Kalenichenko and Philbin, FaceNet, 2015, arXiv:1503.03832.
public func semiHardTripletLoss(
  _ x: Tensor, labels: Tensor, margin: Double = 1, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  let (positive, negative) = labelMasks(x, labels, "semiHardTripletLoss", file, line)
  let d = squaredDistances(x)
  let n = x.dims[0]
  let values = d.detach().doubles
  let isPositive = positive.bools
  let isNegative = negative.bools
  var pairs: [Int] = []
  var others: [Int] = []
  for a in 0..<n {
    let candidates = (0..<n).filter { isNegative[a * n + $0] }
    guard let first = candidates.first else { continue }
    for p in 0..<n where isPositive[a * n + p] {
      let own = values[a * n + p]
      var chosen: Int?
      var farthest = first
      for k in candidates {
        let value = values[a * n + k]
        if value > own, value < chosen.map({ values[a * n + $0] }) ?? .infinity { chosen = k }
        if value > values[a * n + farthest] { farthest = k }
      }
      pairs.append(a * n + p)
      others.append(a * n + (chosen ?? farthest))
    }
  }
  let flat = d.flattened()
  let near = flat.indexSelected(dim: 0, index: Tensor(pairs))
  let far = flat.indexSelected(dim: 0, index: Tensor(others))
  let losses = (near - far + margin).clamped(min: 0)
  return pairs.isEmpty ? flat.sum() * 0.0 : losses.mean()
}
