/// The Wasserstein distance of equal samples on a line: (mean |x₍ᵢ₎ - y₍ᵢ₎|^p)^(1/p), both sorted.
///
/// - Parameters:
///   - x: Samples, shape `[*, n]`.
///   - y: Of the same shape.
///   - p: The power of the distances; 1 is the earth mover's distance.
/// - Returns: The shape of `x` without the last dimension, in the unit of the samples.
/// - Precondition: The shapes are equal.
///
/// Source: Peyré and Cuturi, Computational Optimal Transport, 2019, 2.6, arXiv:1803.00567.
public func wassersteinDistance(
  _ x: Tensor, _ y: Tensor, p: Double = 1, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  requireSameShape(x, y, "wassersteinDistance", file, line)
  let d = abs(x.sorted(dim: -1).values - y.sorted(dim: -1).values)
  if p == 1 { return d.mean(dim: -1) }
  return pow(pow(d, p).mean(dim: -1), 1 / p)
}

/// The Wasserstein distance of two histograms on one line: width · Σ |P - Q|, P and Q cumulative.
///
/// - Parameters:
///   - p: Masses of bins, shape `[*, n]`.
///   - q: Of the same shape and sum; the sum is not checked.
///   - binWidth: The width of a bin, in the unit that the distance is to have.
/// - Returns: The shape of `p` without the last dimension.
/// - Precondition: The shapes are equal, with one bin or more.
///
/// Source: Peyré and Cuturi, Computational Optimal Transport, 2019, 2.6, arXiv:1803.00567.
public func wassersteinDistance(
  histograms p: Tensor, _ q: Tensor, binWidth: Double = 1, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  requireSameShape(p, q, "wassersteinDistance", file, line)
  require(
    p.rank > 0 && p.dims[p.rank - 1] > 0,
    "wassersteinDistance needs bins, got \(p.shape); pass histograms [*, n]",
    file: file, line: line)
  let gaps = (p - q).cumsum(dim: -1)
  return abs(gaps.narrowed(dim: -1, start: 0, length: p.dims[p.rank - 1] - 1)).sum(dim: -1)
    * binWidth
}

/// The Wasserstein distance of weighted samples on a line: ∫ |U - V|.
///
/// - Parameters:
///   - u: Samples, shape `[n]`.
///   - v: Samples, shape `[m]`.
///   - uWeights: The weights of `u`, shape `[n]`, which are normalised here.
///   - vWeights: The weights of `v`, shape `[m]`, which are normalised here.
/// - Returns: A scalar, in the unit of the samples.
/// - Precondition: The samples have one dimension, and weights their shapes.
///
/// Source: Ramdas et al., On Wasserstein Two-Sample Testing, 2017, arXiv:1509.02237.
public func wassersteinDistance(
  _ u: Tensor, _ v: Tensor, uWeights: Tensor, vWeights: Tensor, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  require(
    u.rank == 1 && v.rank == 1 && u.dims == uWeights.dims && v.dims == vWeights.dims,
    "wassersteinDistance needs a weight a sample, got \(u.shape), \(v.shape), \(uWeights.shape) "
      + "and \(vWeights.shape); weigh each sample once", file: file, line: line)
  let points = cat([u, v])
  let masses = cat([uWeights / uWeights.sum(), -(vWeights / vWeights.sum())])
  let (sorted, order) = points.sorted(dim: 0)
  let n = points.count
  // Between equal points nothing is left of them: each has the sums past all of them.
  let places = sorted.detach().doubles
  var last = Array(0..<n)
  for i in (0..<Swift.max(n - 1, 0)).reversed() where places[i] == places[i + 1] {
    last[i] = last[i + 1]
  }
  let gaps = masses.gathered(dim: 0, index: order).cumsum(dim: 0)
    .indexSelected(dim: 0, index: Tensor(last))
  let widths = sorted.sliced(dim: 0, from: 1) - sorted.sliced(dim: 0, to: n - 1)
  return (abs(gaps.sliced(dim: 0, to: n - 1)) * widths).sum()
}

/// Optimal transport smoothed by entropy, by Sinkhorn's iterations in logarithms.
///
///     f = ε (ln a - LSE_j (g - C)/ε),  g = ε (ln b - LSE_i (f - C)/ε),  P = e^((f + g - C)/ε)
///
/// The gradient passes through the iterations.
///
/// - Parameters:
///   - cost: C, what it costs to move a unit from row to column, shape `[n, m]`.
///   - a: Masses of the rows, 0 or more, shape `[n]`.
///   - b: Masses of the columns, 0 or more and of the same sum, shape `[m]`.
///   - epsilon: ε, in the unit of the cost; smaller is nearer to transport without entropy and
///     converges more slowly.
///   - iterations: How often f and g are updated; there is no other end.
/// - Returns: Σ P C, a scalar, and P, shape `[n, m]`.
/// - Precondition: The shapes fit, and `epsilon` is above 0.
///
/// Source: Cuturi, Sinkhorn Distances, 2013, arXiv:1306.0895; Peyré and Cuturi, 2019, 4.4.
public func sinkhorn(
  cost: Tensor, _ a: Tensor, _ b: Tensor, epsilon: Double = 0.1, iterations: Int = 50,
  file: StaticString = #file, line: UInt = #line
) -> (cost: Tensor, plan: Tensor) {
  let site = CallSite(file, line)
  defer { site.leave() }
  require(
    cost.rank == 2 && a.shape == [cost.dims[0]] && b.shape == [cost.dims[1]],
    "sinkhorn needs cost [n, m] and masses [n] and [m], got \(cost.shape), \(a.shape), \(b.shape); "
      + "one mass a row and one a column",
    file: file, line: line)
  require(
    epsilon > 0,
    "sinkhorn needs an epsilon above 0, got \(epsilon); 0.1 is usual", file: file, line: line)
  let logA = log(a)
  let logB = log(b)
  var f = Tensor.zeros(a.shape, dtype: cost.dtype)
  var g = Tensor.zeros(b.shape, dtype: cost.dtype)
  for _ in 0..<iterations {
    f = (logA - ((g.unsqueezed(dim: 0) - cost) / epsilon).logSumExp(dim: 1)) * epsilon
    g = (logB - ((f.unsqueezed(dim: 1) - cost) / epsilon).logSumExp(dim: 0)) * epsilon
  }
  let plan = exp((f.unsqueezed(dim: 1) + g.unsqueezed(dim: 0) - cost) / epsilon)
  return ((plan * cost).sum(), plan)
}

/// W(x, y) - W(x, x)/2 - W(y, y)/2, W by `sinkhorn` on squared distances: 0 for equal samples.
///
/// - Parameters:
///   - x: Points, shape `[n, d]`.
///   - y: Points, shape `[m, d]`.
///   - epsilon: ε, in squared units of the points.
///   - iterations: How often each of the three transports is improved.
/// - Returns: A scalar.
/// - Precondition: Matrices whose rows have one length, and `epsilon` above 0.
///
/// Source: Genevay, Peyré and Cuturi, Learning Generative Models with Sinkhorn Divergences, 2018,
/// arXiv:1706.00292.
public func sinkhornDivergence(
  _ x: Tensor, _ y: Tensor, epsilon: Double = 0.1, iterations: Int = 50,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  require(
    x.rank == 2 && y.rank == 2 && x.dims[1] == y.dims[1],
    "sinkhornDivergence needs points [n, d] and [m, d], got \(x.shape) and \(y.shape); "
      + "match the last sizes",
    file: file, line: line)
  func transport(_ a: Tensor, _ b: Tensor) -> Tensor {
    let d = a.unsqueezed(dim: 1) - b.unsqueezed(dim: 0)
    func even(_ n: Int) -> Tensor { Tensor.full([n], 1 / Double(n), dtype: a.dtype) }
    return sinkhorn(
      cost: (d * d).sum(dim: 2), even(a.dims[0]), even(b.dims[0]), epsilon: epsilon,
      iterations: iterations
    ).cost
  }
  return transport(x, y) - transport(x, x) / 2 - transport(y, y) / 2
}

/// The Jensen-Shannon divergence along the last dimension: (KL(p ‖ m) + KL(q ‖ m))/2, m = (p + q)/2.
///
/// - Parameters:
///   - p: Probabilities, shape `[*, c]`; sums over the last dimension are not checked.
///   - q: Of the same shape.
///   - reduction: What is made of the divergences of single rows; `.mean` is `.batchMean`.
/// - Returns: The mean over rows, or with `.none` each row's, in nats, at most ln 2.
/// - Precondition: The shapes are equal.
///
/// Source: Lin, Divergence Measures Based on the Shannon Entropy, 1991.
public func jsDivergence(
  _ p: Tensor, _ q: Tensor, reduction: KLReduction = .batchMean, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  requireSameShape(p, q, "jsDivergence", file, line)
  let m = (p + q) / 2
  let terms = xlogy(p, p) - xlogy(p, m) + xlogy(q, q) - xlogy(q, m)
  return reducedRows(terms.sum(dim: -1) / 2, reduction)
}

/// The Jensen-Shannon divergence of softmax(a) and softmax(b), in logarithms.
///
/// - Parameters:
///   - a: Scores, shape `[*, c]`.
///   - b: Of the same shape.
///   - reduction: What is made of the divergences of single rows; `.mean` is `.batchMean`.
/// - Returns: The mean over rows, or with `.none` each row's, in nats, at most ln 2.
/// - Precondition: The shapes are equal.
///
/// Source: Lin, Divergence Measures Based on the Shannon Entropy, 1991.
public func jsDivergence(
  logits a: Tensor, _ b: Tensor, reduction: KLReduction = .batchMean, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  requireSameShape(a, b, "jsDivergence", file, line)
  let logP = logSoftmax(a, dim: -1)
  let logQ = logSoftmax(b, dim: -1)
  let logM = stack([logP, logQ]).logSumExp(dim: 0) - 0.6931471805599453
  let terms = exp(logP) * (logP - logM) + exp(logQ) * (logQ - logM)
  return reducedRows(terms.sum(dim: -1) / 2, reduction)
}

private func reducedRows(_ rows: Tensor, _ reduction: KLReduction) -> Tensor {
  switch reduction {
  case .none: rows
  case .sum: rows.sum()
  case .mean, .batchMean: rows.mean()
  }
}
