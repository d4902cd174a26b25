import Glibc

/// The probability that a positive scores higher than a negative; ties count half.
///
/// - Parameters:
///   - scores: Of any shape.
///   - labels: Not 0 for positives, as many.
/// - Returns: NaN if there are no positives or no negatives.
/// - Precondition: As many scores as labels.
public func areaUnderCurve(
  _ scores: Tensor, labels: Tensor, file: StaticString = #file, line: UInt = #line
) -> Double {
  require(
    scores.count == labels.count,
    "areaUnderCurve needs a label a score, got \(scores.shape) and \(labels.shape); "
      + "score each label once", file: file,
    line: line)
  let values = scores.detach().doubles
  let positive = labels.detach().doubles.map { $0 != 0 }
  let order = values.indices.sorted { values[$0] < values[$1] }
  var rankSum = 0.0
  var i = 0
  while i < order.count {
    var j = i
    while j + 1 < order.count && values[order[j + 1]] == values[order[i]] { j += 1 }
    // Tied scores share the mean of their ranks.
    let rank = Double(i + j) / 2 + 1
    for k in i...j where positive[order[k]] { rankSum += rank }
    i = j + 1
  }
  let p = Double(positive.filter { $0 }.count)
  return (rankSum - p * (p + 1) / 2) / (p * (Double(values.count) - p))
}

/// How often class i was taken for class j: row i, column j.
///
/// - Parameters:
///   - predictions: Classes, `i64`, shape `[n]`.
///   - labels: The right ones, `i64`, shape `[n]`.
///   - classes: How many classes there are.
/// - Returns: Shape `[classes, classes]`, `i64`.
/// - Precondition: As many of both, in `0..<classes`.
public func confusionMatrix(
  _ predictions: Tensor, labels: Tensor, classes: Int, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  require(
    predictions.dims == labels.dims,
    "confusionMatrix needs as many predictions as labels, got \(predictions.shape) and "
      + "\(labels.shape); predict each label once", file: file, line: line)
  predictions.requireIndices(predictions, below: classes, "confusionMatrix", file, line)
  predictions.requireIndices(labels, below: classes, "confusionMatrix", file, line)
  let out = Tensor.full(Dims([classes, classes]), 0, .i64)
  for (p, y) in zip(predictions.ints, labels.ints) { out.i64[y * classes + p] += 1 }
  return out
}

/// The part of predictions that are right; scores `[n, c]` are turned into classes first.
///
/// - Parameters:
///   - predictions: Classes, shape `[n]`, or scores, shape `[n, c]`, the largest of which counts.
///   - labels: The right classes, shape `[n]`.
/// - Returns: In `0...1`; NaN of none.
/// - Precondition: A label a prediction.
public func accuracy(
  _ predictions: Tensor, labels: Tensor, file: StaticString = #file, line: UInt = #line
) -> Double {
  let classes = predictions.rank == 2 ? predictions.detach().argmax(dim: 1) : predictions
  require(
    classes.dims == labels.dims,
    "accuracy needs a label a prediction, got \(predictions.shape) and \(labels.shape); "
      + "pass classes [n] or scores [n, c]",
    file: file, line: line)
  return (classes .== labels).to(.f64).mean().item()
}

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

/// The eigenvalues of a symmetric matrix, largest first, and its eigenvectors as columns.
///
/// By Jacobi's rotations in `f64`: exact to rounding, for matrices of up to a few hundred rows.
///
/// - Precondition: The matrix is square, of floating-point numbers; only its symmetric part counts.
public func symmetricEigen(
  _ matrix: Tensor, file: StaticString = #file, line: UInt = #line
) -> (values: Tensor, vectors: Tensor) {
  matrix.requireFloat("symmetricEigen", file, line)
  require(
    matrix.rank == 2 && matrix.dims[0] == matrix.dims[1],
    "symmetricEigen needs a square matrix, got \(matrix.shape); "
      + "for others take singularValues", file: file, line: line)
  let n = matrix.dims[0]
  let source = matrix.detach().doubles
  var a = source
  for i in 0..<n { for j in 0..<n { a[i * n + j] = (source[i * n + j] + source[j * n + i]) / 2 } }
  var v = [Double](repeating: 0, count: n * n)
  for i in 0..<n { v[i * n + i] = 1 }
  let scale = a.reduce(0) { $0 + $1 * $1 }
  for _ in 0..<60 {
    var off = 0.0
    for i in 0..<n { for j in 0..<i { off += a[i * n + j] * a[i * n + j] } }
    if off <= scale * 1e-32 { break }
    for p in 0..<n {
      for q in (p + 1)..<Swift.max(n, p + 1) where a[p * n + q] != 0 {
        let theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q])
        let t = (theta >= 0 ? 1 : -1) / (Swift.abs(theta) + (theta * theta + 1).squareRoot())
        let c = 1 / (t * t + 1).squareRoot()
        let s = t * c
        for k in 0..<n {
          let (x, y) = (a[k * n + p], a[k * n + q])
          a[k * n + p] = c * x - s * y
          a[k * n + q] = s * x + c * y
        }
        for k in 0..<n {
          let (x, y) = (a[p * n + k], a[q * n + k])
          a[p * n + k] = c * x - s * y
          a[q * n + k] = s * x + c * y
        }
        for k in 0..<n {
          let (x, y) = (v[k * n + p], v[k * n + q])
          v[k * n + p] = c * x - s * y
          v[k * n + q] = s * x + c * y
        }
      }
    }
  }
  let order = (0..<n).sorted { a[$0 * n + $0] > a[$1 * n + $1] }
  let values = order.map { a[$0 * n + $0] }
  let vectors = (0..<n).flatMap { row in order.map { v[row * n + $0] } }
  return (
    Tensor(values, dtype: .f64), Tensor(vectors, shape: [n, n], dtype: .f64)
  )
}

/// The singular values of a matrix, largest first, as square roots of the eigenvalues of XᵀX.
///
/// - Precondition: `x` is a matrix of floating-point numbers.
public func singularValues(
  _ x: Tensor, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  x.requireFloat("singularValues", file, line)
  require(
    x.rank == 2, "singularValues needs a matrix, got \(x.shape); flatten what each row holds",
    file: file, line: line)
  return noGrad {
    let x = x.detach().to(.f64)
    let gram = x.dims[0] < x.dims[1] ? matmul(x, x.T) : matmul(x.T, x)
    return sqrt(symmetricEigen(gram).values.clamped(min: 0))
  }
}

/// How many dimensions a cloud of points fills: e to the entropy of its normalised singular values.
///
/// - Parameters:
///   - x: Points, shape `[n, d]`.
///   - centered: Whether the mean is taken away first.
/// - Precondition: `x` is a matrix.
///
/// Source: Roy and Vetterli, The Effective Rank, 2007.
public func effectiveRank(
  _ x: Tensor, centered: Bool = false, file: StaticString = #file, line: UInt = #line
) -> Double {
  require(
    x.rank == 2,
    "effectiveRank needs points [n, d], got \(x.shape); flatten what each row holds", file: file,
    line: line)
  let points = noGrad { centered ? x.detach() - x.detach().mean(dim: 0) : x.detach() }
  let values = singularValues(points).doubles
  let largest = values.first ?? 0
  // Eigenvalues below 1e-12 of the largest are rounding.
  let kept = values.filter { $0 * $0 > largest * largest * 1e-12 && $0 > 0 }
  let total = kept.reduce(0, +)
  return Glibc.exp(kept.reduce(0) { $0 - $1 / total * Glibc.log($1 / total) })
}

/// Points in the directions in which they vary most.
///
/// - Parameters:
///   - x: Points, shape `[n, d]`.
///   - k: How many directions.
/// - Returns: The points, `[n, k]`, the directions as columns, `[d, k]`, and each one's share of
///   variance, all of them `f64`.
/// - Precondition: `dims` is in `1...d`.
public func principalComponents(
  _ x: Tensor, dims k: Int = 2, file: StaticString = #file, line: UInt = #line
) -> (points: Tensor, directions: Tensor, shares: Tensor) {
  require(
    x.rank == 2 && k > 0 && k <= x.dims[1],
    "principalComponents needs points [n, d] and dims in 1...d, got \(x.shape) and \(k); "
      + "take fewer directions",
    file: file, line: line)
  return noGrad {
    let points = x.detach().to(.f64)
    let centered = points - points.mean(dim: 0)
    let eigen = symmetricEigen(matmul(centered.T, centered))
    var directions = eigen.vectors.narrowed(dim: 1, start: 0, length: k)
    // A direction and its opposite serve alike: the largest component is made positive.
    let largest = abs(directions).argmax(dim: 0, keepDim: true)
    directions = directions * sign(directions.gathered(dim: 0, index: largest))
    let total = eigen.values.sum()
    return (
      matmul(centered, directions), directions,
      eigen.values.narrowed(dim: 0, start: 0, length: k) / total
    )
  }
}
