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
