import CMathKernels

// C[m, n] (+)= A[m, k] B[k, n], row-major C; strides give transposes. A 6×16 block of C stays in
// twelve registers while panels of A and B, packed so that they are read in order, pass by.

private let rowsPerTile = 6
private let columnsPerTile = 16

/// One tile: `k` steps over packed panels.
@inline(never)
private func tile(
  _ k: Int, _ a: F32, _ b: F32, _ c: F32, _ ldc: Int, _ accumulate: Bool, _ rows: Int,
  _ columns: Int
) {
  var c00 = V8.zero
  var c01 = V8.zero
  var c10 = V8.zero
  var c11 = V8.zero
  var c20 = V8.zero
  var c21 = V8.zero
  var c30 = V8.zero
  var c31 = V8.zero
  var c40 = V8.zero
  var c41 = V8.zero
  var c50 = V8.zero
  var c51 = V8.zero
  var a = a
  var b = b
  var left = k
  while left > 0 {
    let b0 = load(b, 0)
    let b1 = load(b, 8)
    var x = splat(a[0])
    c00 = fma(x, b0, c00)
    c01 = fma(x, b1, c01)
    x = splat(a[1])
    c10 = fma(x, b0, c10)
    c11 = fma(x, b1, c11)
    x = splat(a[2])
    c20 = fma(x, b0, c20)
    c21 = fma(x, b1, c21)
    x = splat(a[3])
    c30 = fma(x, b0, c30)
    c31 = fma(x, b1, c31)
    x = splat(a[4])
    c40 = fma(x, b0, c40)
    c41 = fma(x, b1, c41)
    x = splat(a[5])
    c50 = fma(x, b0, c50)
    c51 = fma(x, b1, c51)
    a += 6
    b += 16
    left &-= 1
  }
  if rows == rowsPerTile && columns == columnsPerTile {
    writeRow(c, accumulate, c00, c01)
    writeRow(c + ldc, accumulate, c10, c11)
    writeRow(c + 2 &* ldc, accumulate, c20, c21)
    writeRow(c + 3 &* ldc, accumulate, c30, c31)
    writeRow(c + 4 &* ldc, accumulate, c40, c41)
    writeRow(c + 5 &* ldc, accumulate, c50, c51)
    return
  }
  withUnsafeTemporaryAllocation(of: Float.self, capacity: 96) { buffer in
    guard let t = buffer.baseAddress else { return }
    writeRow(t, false, c00, c01)
    writeRow(t + 16, false, c10, c11)
    writeRow(t + 32, false, c20, c21)
    writeRow(t + 48, false, c30, c31)
    writeRow(t + 64, false, c40, c41)
    writeRow(t + 80, false, c50, c51)
    for i in 0..<rows {
      for j in 0..<columns {
        let value = t[i &* 16 &+ j]
        c[i &* ldc &+ j] = accumulate ? c[i &* ldc &+ j] + value : value
      }
    }
  }
}

@inline(__always)
private func writeRow(_ p: F32, _ accumulate: Bool, _ x: V8, _ y: V8) {
  store(p, 0, accumulate ? load(p, 0) + x : x)
  store(p, 8, accumulate ? load(p, 8) + y : y)
}

/// Panels of 6 rows of A, step by step.
private func packA(_ a: F32, _ rs: Int, _ cs: Int, _ m: Int, _ k: Int, _ out: F32) {
  var o = out
  var i = 0
  while i < m {
    let r = Swift.min(6, m &- i)
    let p = a + i &* rs
    if r == 6 {
      let (p0, p1, p2) = (p, p + rs, p + 2 &* rs)
      let (p3, p4, p5) = (p + 3 &* rs, p + 4 &* rs, p + 5 &* rs)
      var q = 0
      for _ in 0..<k {
        o[0] = p0[q]
        o[1] = p1[q]
        o[2] = p2[q]
        o[3] = p3[q]
        o[4] = p4[q]
        o[5] = p5[q]
        o += 6
        q &+= cs
      }
    } else {
      for q in 0..<k {
        for t in 0..<6 { o[t] = t < r ? p[t &* rs &+ q &* cs] : 0 }
        o += 6
      }
    }
    i &+= 6
  }
}

/// Panels of 16 columns of B, step by step.
private func packB(_ b: F32, _ rs: Int, _ cs: Int, _ k: Int, _ n: Int, _ out: F32) {
  var o = out
  var j = 0
  while j < n {
    let c = Swift.min(16, n &- j)
    let p = b + j &* cs
    if c == 16 && cs == 1 {
      for q in 0..<k {
        let s = p + q &* rs
        store(o, 0, load(s, 0))
        store(o, 8, load(s, 8))
        o += 16
      }
    } else if c == 16 && rs == 1 {
      for t in 0..<16 {
        let s = p + t &* cs
        var w = o + t
        for q in 0..<k {
          w.pointee = s[q]
          w += 16
        }
      }
      o += 16 &* k
    } else {
      for q in 0..<k {
        for t in 0..<16 { o[t] = t < c ? p[q &* rs &+ t &* cs] : 0 }
        o += 16
      }
    }
    j &+= 16
  }
}

/// A matrix operand: its first element and the steps to the next row and column.
struct Operand<T> {
  let p: UnsafeMutablePointer<T>
  let rows: Int
  let columns: Int
}

/// The product on one thread, through packed panels that fit the caches.
private func gemmPacked(
  _ m: Int, _ n: Int, _ k: Int, _ a: Operand<Float>, _ b: Operand<Float>, _ c: F32, _ ldc: Int,
  _ accumulate: Bool
) {
  let (kMax, mMax, nMax) = (320, 120, 3072)
  let kc = Swift.min(kMax, k)
  let mc = Swift.min(mMax, (m + 5) / 6 * 6)
  let nc = Swift.min(nMax, (n + 15) / 16 * 16)
  let lengthA = (kc * mc + 15) / 16 * 16
  let sizeClass = BlockPool.sizeClass(bytes: (lengthA + kc * nc) * 4)
  let block = BlockPool.take(sizeClass)
  defer { BlockPool.give(block, sizeClass) }
  let pa = block.assumingMemoryBound(to: Float.self)
  let pb = pa + lengthA
  for j in stride(from: 0, to: n, by: nMax) {
    let width = Swift.min(nMax, n - j)
    for q in stride(from: 0, to: k, by: kMax) {
      let depth = Swift.min(kMax, k - q)
      packB(b.p + (q * b.rows + j * b.columns), b.rows, b.columns, depth, width, pb)
      for i in stride(from: 0, to: m, by: mMax) {
        let height = Swift.min(mMax, m - i)
        packA(a.p + (i * a.rows + q * a.columns), a.rows, a.columns, height, depth, pa)
        var jr = 0
        while jr < width {
          var ir = 0
          while ir < height {
            let target = c + ((i &+ ir) &* ldc &+ j &+ jr)
            tile(
              depth, pa + ir &* depth, pb + jr &* depth, target, ldc, accumulate || q > 0,
              Swift.min(6, height &- ir), Swift.min(16, width &- jr))
            ir &+= 6
          }
          jr &+= 16
        }
      }
    }
  }
}

/// C (+)= A B for floats; shared between threads by blocks of C, so each sum has one order.
func gemm(
  _ m: Int, _ n: Int, _ k: Int, _ a: Operand<Float>, _ b: Operand<Float>, _ c: F32, _ ldc: Int,
  accumulate: Bool = false
) {
  if m == 0 || n == 0 { return }
  if k == 0 {
    if !accumulate { for i in 0..<m { (c + i * ldc).update(repeating: 0, count: n) } }
    return
  }
  if n == 1 && a.columns == 1 && b.rows == 1 && !accumulate && m &* k > 16_384 {
    gemv(m, k, a, b.p, c, ldc)
    return
  }
  if m == 1 && b.rows == 1 && a.columns == 1 && !accumulate && n &* k > 16_384 {
    gemv(n, k, Operand(p: b.p, rows: b.columns, columns: 1), a.p, c, 1)
    return
  }
  if m &* n &* k <= 16_384 {
    gemmSmall(m, n, k, a, b, c, ldc, accumulate)
    return
  }
  if m &* n &* k < 262_144 {
    gemmPacked(m, n, k, a, b, c, ldc, accumulate)
    return
  }
  // Blocks of a fixed size: about 16 of them for products large enough to share.
  if n >= m {
    let block = Swift.max(16, (n / 8 + 15) / 16 * 16)
    parallel(n, grain: block) { lo, hi in
      let part = Operand(p: b.p + lo * b.columns, rows: b.rows, columns: b.columns)
      gemmPacked(m, hi - lo, k, a, part, c + lo, ldc, accumulate)
    }
  } else {
    let block = Swift.max(6, (m / 8 + 5) / 6 * 6)
    parallel(m, grain: block) { lo, hi in
      let part = Operand(p: a.p + lo * a.rows, rows: a.rows, columns: a.columns)
      gemmPacked(hi - lo, n, k, part, b, c + lo * ldc, ldc, accumulate)
    }
  }
}

/// The dot products of rows and one vector.
private func gemv(_ m: Int, _ k: Int, _ a: Operand<Float>, _ x: F32, _ c: F32, _ step: Int) {
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

/// A Aᵀ: blocks on and above the diagonal are computed, the others mirrored.
func gemmSymmetric(_ n: Int, _ k: Int, _ a: Operand<Float>, _ c: F32) {
  let width = 480
  let blocks = (n + width - 1) / width
  let turned = Operand(p: a.p, rows: a.columns, columns: a.rows)
  // Long rows of blocks first, so that threads end together.
  parallel(blocks, grain: 1) { lo, hi in
    for block in lo..<hi {
      let first = block * width
      let height = Swift.min(width, n - first)
      gemmPacked(
        height, n - first, k, Operand(p: a.p + first * a.rows, rows: a.rows, columns: a.columns),
        Operand(p: turned.p + first * turned.columns, rows: turned.rows, columns: turned.columns),
        c + (first * n + first), n, false)
    }
  }
  parallel(blocks, grain: 1) { lo, hi in
    for block in lo..<hi {
      let end = Swift.min(n, (block + 1) * width)
      mirror(c, n, rows: (block * width)..<end)
    }
  }
}

/// Fills what lies left of the diagonal blocks of some rows from above the diagonal.
private func mirror(_ c: F32, _ n: Int, rows: Range<Int>) {
  var i = rows.lowerBound
  while i &+ 8 <= rows.upperBound {
    var j = 0
    while j &+ 8 <= rows.lowerBound {
      k_transpose8(c + (j &* n &+ i), n, c + (i &* n &+ j), n)
      j &+= 8
    }
    i &+= 8
  }
  while i < rows.upperBound {
    for j in 0..<rows.lowerBound { c[i &* n &+ j] = c[j &* n &+ i] }
    i &+= 1
  }
}

/// Without packing, for products so small that packing would cost more than it saves.
private func gemmSmall(
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

/// C (+)= A B for doubles.
///
/// Every element is summed in the order of k, whatever the strides and the number of threads.
func gemm(
  _ m: Int, _ n: Int, _ k: Int, _ a: Operand<Double>, _ b: Operand<Double>,
  _ c: UnsafeMutablePointer<Double>, _ ldc: Int, accumulate: Bool = false
) {
  if b.columns != 1 && m > 1 {
    // Read along the columns of B once, so that the loops below run along its rows.
    withUnsafeTemporaryAllocation(of: Double.self, capacity: Swift.max(1, k &* n)) { buffer in
      guard let packed = buffer.baseAddress else { return }
      for j in 0..<n {
        let y = b.p + j &* b.columns
        for q in 0..<k { packed[q &* n &+ j] = y[q &* b.rows] }
      }
      gemm(
        m, n, k, a, Operand(p: packed, rows: n, columns: 1), c, ldc,
        accumulate: accumulate)
    }
    return
  }
  let grain = Swift.max(1, 262_144 / Swift.max(1, n * k))
  parallel(m, grain: grain) { lo, hi in
    for i in lo..<hi {
      let row = c + i * ldc
      if !accumulate { row.update(repeating: 0, count: n) }
      let x = a.p + i &* a.rows
      if b.columns == 1 {
        var q = 0
        while q &+ 4 <= k {
          let (x0, x1) = (x[q &* a.columns], x[(q &+ 1) &* a.columns])
          let (x2, x3) = (x[(q &+ 2) &* a.columns], x[(q &+ 3) &* a.columns])
          let y = b.p + q &* b.rows
          let (y1, y2, y3) = (y + b.rows, y + 2 &* b.rows, y + 3 &* b.rows)
          for j in 0..<n {
            row[j] = row[j] + x0 * y[j] + x1 * y1[j] + x2 * y2[j] + x3 * y3[j]
          }
          q &+= 4
        }
        while q < k {
          let x0 = x[q &* a.columns]
          let y = b.p + q &* b.rows
          for j in 0..<n { row[j] += x0 * y[j] }
          q &+= 1
        }
      } else {
        for j in 0..<n {
          var s = 0.0
          let y = b.p + j &* b.columns
          for q in 0..<k { s += x[q &* a.columns] * y[q &* b.rows] }
          row[j] += s
        }
      }
    }
  }
}

/// C (+)= A B for integers.
func gemm(
  _ m: Int, _ n: Int, _ k: Int, _ a: Operand<Int>, _ b: Operand<Int>,
  _ c: UnsafeMutablePointer<Int>, _ ldc: Int
) {
  for i in 0..<m {
    for j in 0..<n {
      var s = 0
      for q in 0..<k {
        s = s &+ a.p[i * a.rows + q * a.columns] &* b.p[q * b.rows + j * b.columns]
      }
      c[i * ldc + j] = s
    }
  }
}
