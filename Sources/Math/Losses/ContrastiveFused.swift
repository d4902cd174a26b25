/// Each row's loss of `contrastiveLoss`, of rows of floats, in one record.
///
/// - Parameter apart: Shape `[n]`, floats without a gradient: 1 where a pair is dissimilar, 0 where it
///   is similar.
func contrastiveFused(_ x1: Tensor, _ x2: Tensor, apart: Tensor, margin: Double) -> Tensor {
  let (rows, n) = (x1.dims[0], x1.dims[1])
  let out = Tensor(empty: Dims([rows]), .f32)
  let (first, second, weight) = (x1.packed(), x2.packed(), apart.packed())
  let (p, q) = (first.f32, second.f32)
  parallel(rows, grain: Swift.max(1, 16_384 / n)) { lo, hi in
    for row in lo..<hi {
      let (a, b, w) = (p + row &* n, q + row &* n, weight.f32[row])
      let gap = Swift.max(Float(margin) - distance(a, b, n), 0)
      let squares = runSum(
        n,
        {
          let d = load(a, $0) - load(b, $0)
          return d * d
        },
        {
          let d = a[$0] - b[$0]
          return d * d
        })
      out.f32[row] = (1 - w) * (squares / 2) + w * (gap * gap / 2)
    }
  }
  return out.recorded(x1, x2, apart) { y, g in
    let weight = y.c.packed()
    if Tensor.isRecording {
      // For gradients of gradients, in operations that are recorded.
      let d = y.a - y.b
      let length = d.norm(dim: 1)
      let gap = (margin - length).clamped(min: 0)
      let safe = `where`(length .== 0, Tensor.ones(like: length), length)
      let slope = g * ((1 - weight) - weight * gap / safe)
      let dx = slope.unsqueezed(dim: 1) * d
      y.a.receive(dx)
      y.b.receive(-dx)
      return
    }
    let (a, b, g) = (y.a.packed(), y.b.packed(), g.packed())
    let (da, db) = (Tensor(empty: a.dims, .f32), Tensor(empty: a.dims, .f32))
    parallel(rows, grain: Swift.max(1, 16_384 / n)) { lo, hi in
      for row in lo..<hi {
        let (p, q, w) = (a.f32 + row &* n, b.f32 + row &* n, weight.f32[row])
        let length = distance(p, q, n)
        let gap = Swift.max(Float(margin) - length, 0)
        let slope = g.f32[row] * ((1 - w) - (length == 0 ? 0 : w * gap / length))
        let (s, t) = (da.f32 + row &* n, db.f32 + row &* n)
        run(
          s, n, false, { (load(p, $0) - load(q, $0)) * splat(slope) },
          { (p[$0] - q[$0]) * slope })
        run(t, n, false, { -load(s, $0) }, { -s[$0] })
      }
    }
    y.a.receive(da)
    y.b.receive(db)
  }
}

/// ‖a - b‖, summed as doubles.
@inline(__always)
private func distance(_ a: F32, _ b: F32, _ n: Int) -> Float {
  Float(
    lanes(n) {
      let d = Double(a[$0] - b[$0])
      return d * d
    }.squareRoot())
}
