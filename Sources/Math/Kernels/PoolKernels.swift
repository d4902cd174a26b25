import CMathKernels

/// The largest of each two by two floats of planes, and which of the four it is: the first of equals,
/// the last NaN.
func poolByTwo(
  _ x: F32, planes: Int, h: Int, w: Int, _ y: F32, _ choice: UnsafeMutablePointer<UInt8>
) {
  let (oh, ow) = (h / 2, w / 2)
  parallel(planes, grain: Swift.max(1, 32_768 / (h * w))) { lo, hi in
    for plane in lo..<hi {
      for i in 0..<oh {
        let a = x + (plane &* h &+ 2 &* i) &* w
        let at = (plane &* oh &+ i) &* ow
        poolRow(a, a + w, ow, y + at, choice + at, spills: i < oh &- 1)
      }
    }
  }
}

/// - Parameter spills: Whether a register may be written beyond the end of the row, where the next
///   row will be.
@inline(__always)
private func poolRow(
  _ a: F32, _ b: F32, _ n: Int, _ y: F32, _ choice: UnsafeMutablePointer<UInt8>, spills: Bool
) {
  var j = 0
  while j &+ 8 <= n || (spills && n >= 4 && j < n) {
    let (a0, a1) = (load(a, 2 &* j), load(a, 2 &* j &+ 8))
    let (b0, b1) = (load(b, 2 &* j), load(b, 2 &* j &+ 8))
    var best = k_evens(a0, a1)
    var index = V8.zero
    for (v, k) in [(k_odds(a0, a1), 1), (k_evens(b0, b1), 2), (k_odds(b0, b1), 3)] as [(V8, Float)]
    {
      let takes = k_or(k_gt(v, best), k_isnan(v))
      best = k_blend(best, v, takes)
      index = k_blend(index, splat(k), takes)
    }
    store(y, j, best)
    k_store_bytes(choice + j, index)
    j &+= 8
  }
  while j < n {
    var best = a[2 &* j]
    var index: UInt8 = 0
    for k in 1..<4 {
      let v = k < 2 ? a[2 &* j &+ k] : b[2 &* j &+ k &- 2]
      if v > best || v.isNaN {
        best = v
        index = UInt8(truncatingIfNeeded: k)
      }
    }
    y[j] = best
    choice[j] = index
    j &+= 1
  }
}

/// Gradients of the largest to where they came from, and zeros.
func unpoolByTwo(
  _ g: F32, _ choice: UnsafeMutablePointer<UInt8>, planes: Int, h: Int, w: Int, _ dx: F32
) {
  let (oh, ow) = (h / 2, w / 2)
  parallel(planes, grain: Swift.max(1, 32_768 / (h * w))) { lo, hi in
    for plane in lo..<hi {
      for i in 0..<oh {
        let a = dx + (plane &* h &+ 2 &* i) &* w
        let at = (plane &* oh &+ i) &* ow
        unpoolRow(g + at, choice + at, ow, a, a + w, spills: i < oh &- 1)
        if w & 1 == 1 {
          a[w &- 1] = 0
          a[2 &* w &- 1] = 0
        }
      }
      if h & 1 == 1 { (dx + (plane &* h &+ h &- 1) &* w).update(repeating: 0, count: w) }
    }
  }
}

@inline(__always)
private func unpoolRow(
  _ g: F32, _ choice: UnsafeMutablePointer<UInt8>, _ n: Int, _ a: F32, _ b: F32, spills: Bool
) {
  var j = 0
  while j < n {
    // The last register of a row covers some of the one before again: what it wrote beyond the end
    // of `a` would be the beginning of `b`, which must still be to come.
    if j &+ 8 > n {
      if n >= 8 { j = n &- 8 } else if !spills || n < 4 { break }
    }
    let (v, index) = (load(g, j), k_load_bytes(choice + j))
    let (p, q) = (k_and(v, k_eq(index, splat(0))), k_and(v, k_eq(index, splat(1))))
    let (r, s) = (k_and(v, k_eq(index, splat(2))), k_and(v, k_eq(index, splat(3))))
    store(a, 2 &* j, k_zip_low(p, q))
    store(a, 2 &* j &+ 8, k_zip_high(p, q))
    store(b, 2 &* j, k_zip_low(r, s))
    store(b, 2 &* j &+ 8, k_zip_high(r, s))
    j &+= 8
  }
  while j < n {
    for k in 0..<4 {
      let value = Int(choice[j]) == k ? g[j] : 0
      if k < 2 { a[2 &* j &+ k] = value } else { b[2 &* j &+ k &- 2] = value }
    }
    j &+= 1
  }
}
