import CMathKernels

/// The dot products of rows and one vector.
func gemv(_ m: Int, _ k: Int, _ a: Operand<Float>, _ x: F32, _ c: F32, _ step: Int) {
  parallel(m, grain: Swift.max(4, 65_536 / k / 4 * 4)) { lo, hi in
    var i = lo
    while i < hi {
      // Four rows at a time; the last ones may be one row several times.
      let p0 = a.p + i &* a.rows
      let p1 = a.p + Swift.min(i &+ 1, hi &- 1) &* a.rows
      let p2 = a.p + Swift.min(i &+ 2, hi &- 1) &* a.rows
      let p3 = a.p + Swift.min(i &+ 3, hi &- 1) &* a.rows
      var (s0, s1, s2, s3) = (V8.zero, V8.zero, V8.zero, V8.zero)
      var q = 0
      while q &+ 8 <= k {
        let v = load(x, q)
        s0 = fma(load(p0, q), v, s0)
        s1 = fma(load(p1, q), v, s1)
        s2 = fma(load(p2, q), v, s2)
        s3 = fma(load(p3, q), v, s3)
        q &+= 8
      }
      var (r0, r1, r2, r3) = (k_hsum(s0), k_hsum(s1), k_hsum(s2), k_hsum(s3))
      while q < k {
        let v = x[q]
        r0 += p0[q] * v
        r1 += p1[q] * v
        r2 += p2[q] * v
        r3 += p3[q] * v
        q &+= 1
      }
      c[i &* step] = r0
      if i &+ 1 < hi { c[(i &+ 1) &* step] = r1 }
      if i &+ 2 < hi { c[(i &+ 2) &* step] = r2 }
      if i &+ 3 < hi { c[(i &+ 3) &* step] = r3 }
      i &+= 4
    }
  }
}

/// Without packing, for products so small that packing would cost more than it saves.
func gemmSmall(
  _ m: Int, _ n: Int, _ k: Int, _ a: Operand<Float>, _ b: Operand<Float>, _ c: F32, _ ldc: Int,
  _ accumulate: Bool
) {
  var j = 0
  if b.columns == 1 {
    while j &+ 8 <= n {
      var i = 0
      while i < m {
        let r = Swift.min(4, m &- i)
        var c0 = V8.zero
        var c1 = V8.zero
        var c2 = V8.zero
        var c3 = V8.zero
        let a0 = a.p + i &* a.rows
        let a1 = r > 1 ? a0 + a.rows : a0
        let a2 = r > 2 ? a1 + a.rows : a0
        let a3 = r > 3 ? a2 + a.rows : a0
        var row = b.p + j
        var q = 0
        for _ in 0..<k {
          let v = load(row, 0)
          c0 = fma(splat(a0[q]), v, c0)
          c1 = fma(splat(a1[q]), v, c1)
          c2 = fma(splat(a2[q]), v, c2)
          c3 = fma(splat(a3[q]), v, c3)
          row += b.rows
          q &+= a.columns
        }
        let p = c + (i &* ldc &+ j)
        store(p, 0, accumulate ? load(p, 0) + c0 : c0)
        if r > 1 { store(p + ldc, 0, accumulate ? load(p + ldc, 0) + c1 : c1) }
        if r > 2 { store(p + 2 &* ldc, 0, accumulate ? load(p + 2 &* ldc, 0) + c2 : c2) }
        if r > 3 { store(p + 3 &* ldc, 0, accumulate ? load(p + 3 &* ldc, 0) + c3 : c3) }
        i &+= 4
      }
      j &+= 8
    }
  }
  let contiguousK = a.columns == 1 && b.rows == 1
  for i in 0..<m {
    let x = a.p + i &* a.rows
    var jj = j
    if contiguousK && !accumulate {
      while jj &+ 4 <= n {
        fourDots(k, x, b.p + jj &* b.columns, b.columns, c + (i &* ldc &+ jj))
        jj &+= 4
      }
    }
    while jj < n {
      let y = b.p + jj &* b.columns
      var s: Float = 0
      var q = 0
      if contiguousK {
        var v = V8.zero
        while q &+ 8 <= k {
          v = fma(load(x, q), load(y, q), v)
          q &+= 8
        }
        s = k_hsum(v)
      }
      while q < k {
        s += x[q &* a.columns] * y[q &* b.rows]
        q &+= 1
      }
      let at = i &* ldc &+ jj
      c[at] = accumulate ? c[at] + s : s
      jj &+= 1
    }
  }
}

/// The dot products of `x` with four vectors, `step` apart: the sums that one at a time gives.
@inline(__always)
private func fourDots(_ k: Int, _ x: F32, _ y0: F32, _ step: Int, _ out: F32) {
  let (y1, y2, y3) = (y0 + step, y0 + 2 &* step, y0 + 3 &* step)
  var (v0, v1, v2, v3) = (V8.zero, V8.zero, V8.zero, V8.zero)
  var q = 0
  while q &+ 8 <= k {
    let v = load(x, q)
    v0 = fma(v, load(y0, q), v0)
    v1 = fma(v, load(y1, q), v1)
    v2 = fma(v, load(y2, q), v2)
    v3 = fma(v, load(y3, q), v3)
    q &+= 8
  }
  k_hsum4(v0, v1, v2, v3, out)
  while q < k {
    out[0] += x[q] * y0[q]
    out[1] += x[q] * y1[q]
    out[2] += x[q] * y2[q]
    out[3] += x[q] * y3[q]
    q &+= 1
  }
}
