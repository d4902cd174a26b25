extension Tensor {
  /// The larger of each element and a floor; the gradient passes as if there were no floor.
  ///
  /// PyTorch floors norms and variances so, in place and unseen by autograd.
  func floored(at eps: Double) -> Tensor {
    Tensor.apply(self, operand(eps), .maximum, "floored").recorded(self, saves: false) { y, g in
      y.a.receive(g)
    }
  }
}

/// Returns the cosine of the angle between two tensors along one dimension.
///
///     Σ x1·x2 / (max(‖x1‖, eps) · max(‖x2‖, eps))
///
/// `eps` floors each norm, as PyTorch's function does since 1.12, not their product: tiny vectors
/// score less than 1 with themselves. A zero vector scores 0 with everything.
///
/// - Parameters:
///   - x1: Shape `[*, D, *]`, with `D` at `dim`.
///   - x2: A shape that broadcasts with that of `x1`.
///   - dim: The dimension summed over; negative counts from the last. The default 1, PyTorch's,
///     suits rows of a matrix; two vectors need `dim: 0`.
///   - eps: The smallest norm divided by, in the unit of the inputs.
/// - Returns: The broadcast shape without `dim`; unitless, in `-1...1` up to rounding.
/// - Precondition: The shapes broadcast and have a dimension `dim`.
/// - Complexity: O(*n*) in the broadcast elements.
///
/// Source: PyTorch 2.13, `torch.nn.functional.cosine_similarity`.
public func cosineSimilarity(
  _ x1: Tensor, _ x2: Tensor, dim: Int = 1, eps: Double = 1e-8, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  guard let dims = Dims.broadcast(x1.dims, x2.dims) else {
    refuse(
      "cosineSimilarity needs shapes that broadcast, got \(x1.shape) and \(x2.shape); "
        + "compare matching rows", file: file, line: line)
  }
  x1.requireFloat("cosineSimilarity", file, line)
  x2.requireFloat("cosineSimilarity", file, line)
  let a = x1.expanded(to: dims)
  let b = x2.expanded(to: dims)
  let d = a.resolve(dim, "cosineSimilarity", file, line)
  if let rows = x1.rowsBeside(x2, dim: d) { return cosineFused(x1, x2, rows: rows, eps: eps) }
  let normA = a.norm(dim: d, keepDim: true).floored(at: eps)
  let normB = b.norm(dim: d, keepDim: true).floored(at: eps)
  return ((a / normA) * (b / normB)).sum(dim: d)
}

/// x / max(‖x‖_p, eps): vectors of length 1 along a dimension.
///
/// - Parameters:
///   - x: Of any shape.
///   - p: The order of the norm; 2 is the Euclidean one.
///   - dim: The dimension whose vectors get length 1; negative counts from the last. The default 1,
///     PyTorch's, suits rows of a matrix.
///   - eps: The smallest norm divided by; a zero vector stays zero.
/// - Returns: The shape of `x`.
/// - Precondition: The dimension exists, and `x` holds floating-point numbers.
public func normalize(
  _ x: Tensor, p: Double = 2, dim: Int = 1, eps: Double = 1e-12, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  x / x.norm(p: p, dim: dim, keepDim: true, file: file, line: line).clamped(min: eps)
}

/// ‖x1 - x2 + eps‖_p over the last dimension.
///
/// `eps` is added to the difference with its sign, so that d(a, b) and d(b, a) differ a little.
///
/// - Parameters:
///   - x1: Shape `[*, d]`.
///   - x2: A shape that broadcasts with that of `x1`.
///   - p: The order of the norm; 2 is the Euclidean distance.
///   - eps: What is added to each difference, in the unit of the inputs.
///   - keepDim: Whether the last dimension stays, with size 1.
/// - Returns: The broadcast shape without the last dimension.
/// - Precondition: The shapes broadcast.
public func pairwiseDistance(
  _ x1: Tensor, _ x2: Tensor, p: Double = 2, eps: Double = 1e-6, keepDim: Bool = false,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  _ = broadcastDims(x1, x2, "pairwiseDistance", file, line)
  return (x1 - x2 + eps).norm(p: p, dim: -1, keepDim: keepDim, file: file, line: line)
}

/// The p-distances of every row of one matrix from every row of another.
///
/// - Parameters:
///   - x1: Shape `[*, n, d]`.
///   - x2: Shape `[*, m, d]`; the batches broadcast.
///   - p: The order of the norm, 0 or more.
/// - Returns: Shape `[*, n, m]`; the gradient of a distance 0 is 0.
/// - Precondition: Rows of one length, batches that broadcast, and an order of 0 or more.
public func cdist(
  _ x1: Tensor, _ x2: Tensor, p: Double = 2, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  require(
    x1.rank >= 2 && x2.rank >= 2 && x1.dims[x1.rank - 1] == x2.dims[x2.rank - 1],
    "cdist needs rows of one length, got \(x1.shape) and \(x2.shape); "
      + "unsqueeze vectors, and match the last sizes", file: file, line: line)
  require(
    p >= 0,
    "cdist needs an order of 0 or more, got \(p); 2 is the Euclidean distance", file: file,
    line: line)
  let a = x1.unsqueezed(dim: -2)
  let b = x2.unsqueezed(dim: -3)
  _ = broadcastDims(a, b, "cdist", file, line)
  let difference = a - b
  if difference.dims[difference.rank - 1] == 0 {
    return difference.sum(dim: -1)
  }
  if p == .infinity {
    // Unlike `norm`, all tied coordinates get the whole gradient.
    let y = noGrad { difference.norm(p: p, dim: -1) }
    return y.recorded(difference) { y, g in
      let x = y.a
      // NaN where the distance is infinite, as in PyTorch: no coordinate can be told to decide it.
      let hits = noGrad { () -> Tensor in
        let gap = abs(x) - y.unsqueezed(dim: -1)
        return `where`(gap.isNaN(), gap, (gap .== 0).to(x.dtype))
      }
      x.receive(sign(x) * hits * g.unsqueezed(dim: -1))
    }
  }
  if p == 1 {
    // Unlike that of `norm`, the gradient at NaN is NaN.
    return noGrad { difference.norm(p: 1, dim: -1) }.recorded(difference) { y, g in
      let slope = `where`(y.a.isNaN(), y.a, sign(y.a))
      y.a.receive(slope * g.unsqueezed(dim: -1))
    }
  }
  let distances = difference.norm(p: p, dim: -1)
  // `norm` counts NaN as different from 0; here it is no number of differences.
  return p == 0
    ? distances.maskedFilled(difference.isNaN().any(dim: [-1]), .nan) : distances
}
