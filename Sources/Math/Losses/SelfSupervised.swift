/// Which of two readings of VICReg is meant.
public enum VICRegConvention: String, Sendable {
  /// The paper's: a row's squared distance is summed, both branches' variances are added.
  case paper
  /// The authors' code: means throughout.
  case officialCode = "official_code"
}

/// The parts of VICReg.
public struct VICRegLoss {
  /// The weighted sum of the parts.
  public let total: Tensor
  /// How far the views of one sample are apart.
  public let invariance: Tensor
  /// How far dimensions fall short of a standard deviation γ.
  public let variance: Tensor
  /// How far dimensions say the same.
  public let covariance: Tensor
}

/// Invariance, variance and covariance of two views: keeps embeddings from collapsing without
/// negatives.
///
///     invariance = mean_i ‖z1_i - z2_i‖²,  variance = Σ_z mean_j max(0, γ - √(Var(z_j) + eps))
///     covariance = Σ_z Σ_i≠j Cov(z)_ij² / d,  total = λ invariance + μ variance + ν covariance
///
/// One row has no variance: its loss is NaN.
///
/// - Parameters:
///   - z1: Embeddings of first views, shape `[n, d]`.
///   - z2: Embeddings of second views, row by row, of the same shape.
///   - simCoeff: λ, the weight of the invariance; 25, 25 and 1 are the paper's.
///   - stdCoeff: μ, the weight of the variance.
///   - covCoeff: ν, the weight of the covariance.
///   - gamma: γ, the standard deviation wanted of each dimension.
///   - eps: What is added to each variance, so that the gradient of a collapsed dimension is
///     finite.
///   - convention: The paper's sums, as above, or the means of the authors' code.
/// - Returns: The total and its parts, scalars.
/// - Precondition: The shapes are equal, with two dimensions.
///
/// Source: Bardes, Ponce and LeCun, VICReg, 2022, arXiv:2105.04906.
public func vicRegLoss(
  _ z1: Tensor, _ z2: Tensor, simCoeff: Double = 25, stdCoeff: Double = 25, covCoeff: Double = 1,
  gamma: Double = 1, eps: Double = 1e-4, convention: VICRegConvention = .paper,
  file: StaticString = #file, line: UInt = #line
) -> VICRegLoss {
  let site = CallSite(file, line)
  defer { site.leave() }
  requireSameShape(z1, z2, "vicRegLoss", file, line)
  require(
    z1.rank == 2,
    "vicRegLoss needs rows [n, d], got \(z1.shape); flatten what each row holds", file: file,
    line: line)
  let (n, d) = (z1.dims[0], z1.dims[1])
  let squares = square(z1 - z2)
  let invariance = convention == .paper ? squares.sum(dim: 1).mean() : squares.mean()
  func hinge(_ z: Tensor) -> Tensor {
    relu(gamma - sqrt(z.variance(dim: 0) + eps)).mean()
  }
  func mixed(_ z: Tensor) -> Tensor {
    let centered = z - z.mean(dim: 0)
    let c = matmul(centered.T, centered) / Double(n - 1)
    return square(c).maskedFilled(Tensor.eye(d) .== 1, 0).sum() / Double(d)
  }
  let both = hinge(z1) + hinge(z2)
  let variance = convention == .paper ? both : both / 2
  let covariance = mixed(z1) + mixed(z2)
  return VICRegLoss(
    total: invariance * simCoeff + variance * stdCoeff + covariance * covCoeff,
    invariance: invariance, variance: variance, covariance: covariance)
}

/// Σ (C_ii - 1)² + λ Σ_i≠j C_ij², C the correlations between the dimensions of two views.
///
/// - Parameters:
///   - z1: Embeddings of first views, shape `[n, d]`.
///   - z2: Embeddings of second views, row by row, of the same shape.
///   - lambda: λ, the weight of what dimensions share; 0.0051 is the authors'.
///   - unbiased: Whether columns are standardised by the unbiased variance; with `eps` 0 that is
///     the paper's pseudocode, the default the authors' batch normalisation.
///   - eps: What is added to each variance, so that a constant dimension divides by more than 0.
/// - Returns: A scalar.
/// - Precondition: The shapes are equal, with two dimensions.
///
/// Source: Zbontar et al., Barlow Twins, 2021, arXiv:2103.03230.
public func barlowTwinsLoss(
  _ z1: Tensor, _ z2: Tensor, lambda: Double = 0.0051, unbiased: Bool = false, eps: Double = 1e-5,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  requireSameShape(z1, z2, "barlowTwinsLoss", file, line)
  require(
    z1.rank == 2,
    "barlowTwinsLoss needs rows [n, d], got \(z1.shape); "
      + "flatten what each row holds", file: file, line: line)
  func standard(_ z: Tensor) -> Tensor {
    (z - z.mean(dim: 0)) / sqrt(z.variance(dim: 0, correction: unbiased ? 1 : 0) + eps)
  }
  let c = matmul(standard(z1).T, standard(z2)) / Double(z1.dims[0])
  let diagonal = c.diagonal()
  let rest = square(c).maskedFilled(Tensor.eye(z1.dims[1]) .== 1, 0).sum()
  return square(diagonal - 1).sum() + rest * lambda
}

/// mean ‖x_i - y_i‖^α: how close the views of one sample are.
///
/// - Parameters:
///   - x: Shape `[n, d]`.
///   - y: The partners of the rows of `x`, of the same shape.
///   - alpha: α, the power of the distances.
/// - Returns: A scalar, 0 where all partners are equal.
/// - Precondition: The shapes are equal.
///
/// Source: Wang and Isola, Alignment and Uniformity on the Hypersphere, 2020, arXiv:2005.10242.
public func alignment(
  _ x: Tensor, _ y: Tensor, alpha: Double = 2, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  requireSameShape(x, y, "alignment", file, line)
  return pow((x - y).norm(dim: -1), alpha).mean()
}

/// ln mean_i<j e^(-t ‖x_i - x_j‖²): how evenly points are spread; smaller is more even.
///
/// - Parameters:
///   - x: Points, shape `[n, d]`; the paper's have length 1, which is not seen to here.
///   - t: How fast a pair's part falls with the squared distance.
/// - Returns: A scalar, at most 0 for `t` above 0.
/// - Precondition: A matrix of two rows or more.
///
/// Source: Wang and Isola, Alignment and Uniformity on the Hypersphere, 2020, arXiv:2005.10242.
public func uniformity(
  _ x: Tensor, t: Double = 2, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  require(
    x.rank == 2 && x.dims[0] > 1,
    "uniformity needs 2 rows or more, got \(x.shape); one row has no distances", file: file,
    line: line)
  let n = x.dims[0]
  var pairs: [Int] = []
  for i in 0..<n { for j in (i + 1)..<Swift.max(n, i + 1) { pairs.append(i * n + j) } }
  let d = x.unsqueezed(dim: 1) - x.unsqueezed(dim: 0)
  let squares = (d * d).sum(dim: 2).flattened().indexSelected(dim: 0, index: Tensor(pairs))
  return (squares * -t).logSumExp(dim: 0) - Tensor(Double(pairs.count)).logValue
}

extension Tensor {
  fileprivate var logValue: Double { log(to(.f64)).item() }
}
