import Glibc

/// exp of the entropy of singular values that are normalised to sum 1.
func entropyRank(_ singularValues: [Double]) -> Double {
  let total = Swift.max(singularValues.reduce(0, +), 1e-300)
  let entropy = singularValues.map { $0 / total }.filter { $0 > 0 }
    .reduce(0) { $0 - $1 * Glibc.log($1) }
  return Glibc.exp(entropy)
}

/// The singular values of a matrix of few columns, by turning pairs of columns until all are
/// perpendicular (Hestenes' one-sided Jacobi method): exact to rounding also for small values.
func accurateSingularValues(_ x: Tensor) -> [Double] {
  let (rows, columns) = (x.shape[0], x.shape[1])
  var a = x.T.contiguous().doubles
  for _ in 0..<60 {
    var turned = false
    for p in 0..<columns {
      for q in (p + 1)..<Swift.max(columns, p + 1) {
        var (alpha, beta, gamma) = (0.0, 0.0, 0.0)
        for i in 0..<rows {
          let (u, v) = (a[p * rows + i], a[q * rows + i])
          alpha += u * u
          beta += v * v
          gamma += u * v
        }
        if Swift.abs(gamma) <= 1e-15 * (alpha * beta).squareRoot() || gamma == 0 { continue }
        turned = true
        let zeta = (beta - alpha) / (2 * gamma)
        let t = (zeta >= 0 ? 1.0 : -1.0) / (Swift.abs(zeta) + (1 + zeta * zeta).squareRoot())
        let c = 1 / (1 + t * t).squareRoot()
        let s = c * t
        for i in 0..<rows {
          let (u, v) = (a[p * rows + i], a[q * rows + i])
          a[p * rows + i] = c * u - s * v
          a[q * rows + i] = s * u + c * v
        }
      }
    }
    if !turned { break }
  }
  return (0..<columns).map { p in
    a[(p * rows)..<((p + 1) * rows)].reduce(0) { $0 + $1 * $1 }.squareRoot()
  }.sorted(by: >)
}
