import Glibc

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
