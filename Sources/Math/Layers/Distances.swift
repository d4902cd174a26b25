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
  let normA = a.norm(dim: d, keepDim: true).floored(at: eps)
  let normB = b.norm(dim: d, keepDim: true).floored(at: eps)
  return ((a / normA) * (b / normB)).sum(dim: d)
}
