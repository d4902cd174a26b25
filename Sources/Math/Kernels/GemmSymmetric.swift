import CMathKernels

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
