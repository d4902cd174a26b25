// Cosines of rows of floats, in one record each: the numbers of the operations they stand for, without
// a pass over memory for every one of them.

extension Tensor {
  /// How many rows two tensors of floats are, if they are that and of one shape.
  func rowsBeside(_ other: Tensor, dim: Int) -> Int? {
    if dtype != .f32 || other.dtype != .f32 || dims != other.dims || rank == 0 { return nil }
    return dim == rank - 1 && count > 0 ? count / dims[dim] : nil
  }
}

/// One number of each pair of rows, as many rows at a time as hold `grain` floats.
@inline(__always)
private func ofPairs(
  _ x1: Tensor, _ x2: Tensor, rows: Int, grain: Int, _ value: (F32, F32, Int) -> Float
) -> Tensor {
  let n = x1.count / rows
  var dims = x1.dims
  dims.remove(at: x1.rank - 1)
  let out = Tensor(empty: dims, .f32)
  let (first, second) = (x1.packed(), x2.packed())
  let (p, q, o) = (first.f32, second.f32, out.f32)
  parallel(rows, grain: Swift.max(1, grain / n)) { lo, hi in
    for row in lo..<hi { o[row] = value(p + row &* n, q + row &* n, n) }
  }
  return out
}

/// Σ (a / max(‖a‖, eps)) · (b / max(‖b‖, eps)) of each pair of rows: what `cosineSimilarity` is.
func cosineFused(_ x1: Tensor, _ x2: Tensor, rows: Int, eps: Double) -> Tensor {
  let out = ofPairs(x1, x2, rows: rows, grain: 8192) { a, b, n in
    let (s, t) = (floored(runNorm(a, n), eps), floored(runNorm(b, n), eps))
    return runSum(
      n, { (load(a, $0) / splat(s)) * (load(b, $0) / splat(t)) }, { (a[$0] / s) * (b[$0] / t) })
  }
  return out.recorded(x1, x2, scalar: eps) { y, g in
    if Tensor.isRecording {
      passBackRecorded(y.a, y.b, g, y.scalar)
      passBackRecorded(y.b, y.a, g, y.scalar)
      return
    }
    let da = y.a.needsGradient ? Tensor(empty: y.a.dims, .f32) : nil
    let db = y.b.needsGradient ? Tensor(empty: y.b.dims, .f32) : nil
    cosineGradients(y.a.packed(), y.b.packed(), g.packed(), y.scalar, da, db)
    if let da { y.a.receive(da) }
    if let db { y.b.receive(db) }
  }
}

/// The larger of a norm and a floor; NaN stays.
@inline(__always)
private func floored(_ norm: Float, _ eps: Double) -> Float {
  let floor = Float(eps)
  return norm > floor || norm.isNaN ? norm : floor
}

/// The gradients of both sides, as far as they are asked for.
private func cosineGradients(
  _ x1: Tensor, _ x2: Tensor, _ g: Tensor, _ eps: Double, _ da: Tensor?, _ db: Tensor?
) {
  let (rows, n) = (g.count, x1.dims[x1.rank - 1])
  let (p, q, g, dp, dq) = (x1.f32, x2.f32, g.f32, da?.f32, db?.f32)
  parallel(rows, grain: Swift.max(1, 8192 / n)) { lo, hi in
    for row in lo..<hi {
      let at = row &* n
      let (a, b) = (p + at, q + at)
      let (normA, normB) = (runNorm(a, n), runNorm(b, n))
      if let dp { cosineGradient(a, normA, b, normB, n, g[row], eps, dp + at) }
      if let dq { cosineGradient(b, normB, a, normA, n, g[row], eps, dq + at) }
    }
  }
}

/// One side's gradient: g v / s - (Σ g v u / s) · a / ‖a‖, with u and v the rows divided by their
/// floored norms, s that of this side.
@inline(__always)
private func cosineGradient(
  _ a: F32, _ normA: Float, _ b: F32, _ normB: Float, _ n: Int, _ g: Float, _ eps: Double,
  _ out: F32
) {
  let (s, t) = (floored(normA, eps), floored(normB, eps))
  let inward = runSum(
    n, { -(splat(g) * (load(b, $0) / splat(t))) * ((load(a, $0) / splat(s)) / splat(s)) },
    { -(g * (b[$0] / t)) * ((a[$0] / s) / s) })
  // The gradient of a norm of 0 is 0, and the floor lets gradients through.
  let length = normA == 0 ? 1 : normA
  run(
    out, n, false,
    {
      splat(g) * (load(b, $0) / splat(t)) / splat(s) + splat(inward)
        * (load(a, $0) / splat(length))
    },
    { g * (b[$0] / t) / s + inward * (a[$0] / length) })
}

/// The same for `a` in recorded operations, for gradients of gradients.
private func passBackRecorded(_ a: Tensor, _ b: Tensor, _ g: Tensor, _ eps: Double) {
  let (normA, normB) = (a.norm(dim: -1, keepDim: true), b.norm(dim: -1, keepDim: true))
  let (s, v) = (normA.floored(at: eps), b / normB.floored(at: eps))
  let g = g.unsqueezed(dim: -1)
  let length = `where`(normA .== 0, Tensor.ones(like: normA), normA)
  let inward = (g * v * (a / s)).sum(dim: -1, keepDim: true) / s
  a.receive(g * v / s - inward * (a / length))
}

/// a·b / √((a·a + e)(b·b + e)) of each pair of rows: the cosine of `cosineEmbeddingLoss`.
func cosineOfSquaresFused(_ x1: Tensor, _ x2: Tensor, rows: Int, floor: Double) -> Tensor {
  let out = ofPairs(x1, x2, rows: rows, grain: 16_384) { a, b, n in
    let sums = RowSums(a, b, n, floor)
    return sums.product / (sums.squareA * sums.squareB).squareRoot()
  }
  return out.recorded(x1, x2, scalar: floor) { y, g in
    let (x1, x2) = (y.a, y.b)
    if Tensor.isRecording {
      let g = g.unsqueezed(dim: -1)
      let product = (x1 * x2).sum(dim: -1, keepDim: true)
      let squareA = (x1 * x1).sum(dim: -1, keepDim: true) + y.scalar
      let squareB = (x2 * x2).sum(dim: -1, keepDim: true) + y.scalar
      let factor = g / sqrt(squareA * squareB)
      x1.receive(factor * (x2 - x1 * (product / squareA)))
      x2.receive(factor * (x1 - x2 * (product / squareB)))
      return
    }
    let (a, b, g, floor) = (x1.packed(), x2.packed(), g.packed(), y.scalar)
    let n = a.dims[a.rank - 1]
    let (da, db) = (Tensor(empty: a.dims, .f32), Tensor(empty: a.dims, .f32))
    parallel(g.count, grain: Swift.max(1, 16_384 / n)) { lo, hi in
      for row in lo..<hi {
        let (p, q) = (a.f32 + row &* n, b.f32 + row &* n)
        let sums = RowSums(p, q, n, floor)
        let factor = g.f32[row] / (sums.squareA * sums.squareB).squareRoot()
        let (s, t) = (sums.product / sums.squareA, sums.product / sums.squareB)
        run(
          da.f32 + row &* n, n, false,
          { splat(factor) * (load(q, $0) - load(p, $0) * splat(s)) },
          { factor * (q[$0] - p[$0] * s) })
        run(
          db.f32 + row &* n, n, false,
          { splat(factor) * (load(p, $0) - load(q, $0) * splat(t)) },
          { factor * (p[$0] - q[$0] * t) })
      }
    }
    x1.receive(da)
    x2.receive(db)
  }
}

/// a·b, a·a + e and b·b + e of two rows.
private struct RowSums {
  let product: Float
  let squareA: Float
  let squareB: Float

  @inline(__always)
  init(_ a: F32, _ b: F32, _ n: Int, _ floor: Double) {
    product = runSum(n, { load(a, $0) * load(b, $0) }, { a[$0] * b[$0] })
    squareA = runSum(n, { load(a, $0) * load(a, $0) }, { a[$0] * a[$0] }) + Float(floor)
    squareB = runSum(n, { load(b, $0) * load(b, $0) }, { b[$0] * b[$0] }) + Float(floor)
  }
}
