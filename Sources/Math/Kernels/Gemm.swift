// C[m, n] (+)= A[m, k] B[k, n], row-major C; strides give transposes. A 6×16 block of C stays in
// twelve registers while panels of A and B, packed so that they are read in order, pass by.

/// A matrix operand: its first element and the steps to the next row and column.
struct Operand<T> {
  let p: UnsafeMutablePointer<T>
  let rows: Int
  let columns: Int
}

/// One tile: `k` steps over packed panels.
@inline(never)
private func tile(
  _ k: Int, _ a: F32, _ b: F32, _ c: F32, _ ldc: Int, _ accumulate: Bool, _ rows: Int,
  _ columns: Int
) {
  var sums = RegisterTile()
  var a = a
  var b = b
  var left = k
  while left > 0 {
    sums.add(load(b, 0), load(b, 8), a[0], a[1], a[2], a[3], a[4], a[5])
    a += 6
    b += 16
    left &-= 1
  }
  if rows == 6 && columns == 16 {
    if accumulate { sums.rows(c, ldc, addRow) } else { sums.rows(c, ldc, storeRow) }
    return
  }
  withUnsafeTemporaryAllocation(of: Float.self, capacity: 96) { buffer in
    guard let t = buffer.baseAddress else { return }
    sums.rows(t, 16, storeRow)
    for i in 0..<rows {
      for j in 0..<columns {
        let value = t[i &* 16 &+ j]
        c[i &* ldc &+ j] = accumulate ? c[i &* ldc &+ j] + value : value
      }
    }
  }
}

/// The product on one thread, through packed panels that fit the caches.
func gemmPacked(
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

/// C (+)= A B for floats; shared between threads by blocks of C, so that each sum has one order.
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
  if m &* n &* k < 262_144 || threads == 1 {
    gemmPacked(m, n, k, a, b, c, ldc, accumulate)
    return
  }
  // About four blocks of C a thread. Wherever C is cut, each of its sums is the same, so that the
  // number of threads may decide; each block packs one of the operands again.
  if n >= m {
    let block = Swift.max(64, (n / (4 * threads) + 15) / 16 * 16)
    parallel(n, grain: block) { lo, hi in
      let part = Operand(p: b.p + lo * b.columns, rows: b.rows, columns: b.columns)
      gemmPacked(m, hi - lo, k, a, part, c + lo, ldc, accumulate)
    }
  } else {
    let block = Swift.max(60, (m / (4 * threads) + 5) / 6 * 6)
    parallel(m, grain: block) { lo, hi in
      let part = Operand(p: a.p + lo * a.rows, rows: a.rows, columns: a.columns)
      gemmPacked(hi - lo, n, k, part, b, c + lo * ldc, ldc, accumulate)
    }
  }
}
