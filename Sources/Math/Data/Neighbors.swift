/// What nearness means to `nearestNeighbors`.
public enum Nearness: Sendable {
  /// The cosine: larger is nearer.
  case cosine
  /// The Euclidean distance: smaller is nearer.
  case euclidean
}

/// The `k` nearest rows of a set for every query row, nearest first.
///
/// - Parameters:
///   - queries: Shape `[m, d]`.
///   - points: Shape `[n, d]`.
///   - k: How many rows for each query.
///   - nearness: The cosine or the Euclidean distance.
/// - Returns: Cosines or distances, and indices of points as `i64`, both `[m, k]`; ties go to the
///   lower index.
/// - Precondition: Rows of one length, `k` in `0...n`.
public func nearestNeighbors(
  _ queries: Tensor, in points: Tensor, k: Int, by nearness: Nearness = .cosine,
  file: StaticString = #file, line: UInt = #line
) -> (values: Tensor, indices: Tensor) {
  noGrad {
    require(
      queries.rank == 2 && points.rank == 2 && queries.dims[1] == points.dims[1],
      "nearestNeighbors needs rows of one length, got \(queries.shape) and \(points.shape); "
        + "flatten what each row holds",
      file: file, line: line)
    switch nearness {
    case .cosine:
      return matmul(normalize(queries), normalize(points).T)
        .topK(k, dim: 1, file: file, line: line)
    case .euclidean:
      let (q, p) = (square(queries).sum(dim: 1, keepDim: true), square(points).sum(dim: 1))
      let squares = (q + p - 2 * matmul(queries, points.T)).clamped(min: 0)
      let found = squares.topK(k, dim: 1, largest: false, file: file, line: line)
      return (sqrt(found.values), found.indices)
    }
  }
}

/// The accuracy of the nearest other point's class, ties shared equally.
///
/// - Parameters:
///   - points: Shape `[n, d]`.
///   - labels: Classes, shape `[n]`.
///   - nearness: The cosine or the Euclidean distance.
/// - Returns: In `0...1`; NaN of no points.
/// - Precondition: A label a point.
public func leaveOneOutAccuracy(
  _ points: Tensor, labels: Tensor, by nearness: Nearness = .cosine, file: StaticString = #file,
  line: UInt = #line
) -> Double {
  require(
    points.rank == 2 && labels.shape == [points.dims[0]],
    "leaveOneOutAccuracy needs points [n, d] and labels [n], got \(points.shape) and "
      + "\(labels.shape); flatten the points, and give each one label", file: file, line: line)
  return noGrad {
    let x = points.detach().to(.f64)
    let n = x.dims[0]
    let y = labels.ints
    var scores: [Double]
    switch nearness {
    case .cosine:
      let unit = normalize(x, eps: 1e-8)
      scores = matmul(unit, unit.T).doubles
    case .euclidean: scores = (-cdist(x, x)).doubles
    }
    // Rounding must not break ties.
    scores = scores.map { ($0 * 1e9).rounded() }
    var total = 0.0
    for i in 0..<n {
      var best = -Double.infinity
      var (right, tied) = (0.0, 0.0)
      for j in 0..<n where j != i {
        let s = scores[i * n + j]
        if s > best { (best, right, tied) = (s, 0, 0) }
        if s == best {
          tied += 1
          right += y[i] == y[j] ? 1 : 0
        }
      }
      total += tied > 0 ? right / tied : 0
    }
    return total / Double(n)
  }
}
