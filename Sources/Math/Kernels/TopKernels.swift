import CMathKernels

/// The `k` first elements of each run in descending (or ascending) order, and where each is: NaN
/// counts as larger than any number, and of equal elements the earlier comes first.
///
/// One pass that compares with the last element kept: for a `k` much smaller than the run.
func topKernel(_ r: Reduction, _ k: Int, largest: Bool, _ values: Tensor, _ indices: Tensor) {
  switch r.x.dtype {
  case .f32: top(r, k, largest, values, indices, Float.self)
  case .f64: top(r, k, largest, values, indices, Double.self)
  default: preconditionFailure("topKernel is for floating-point numbers")
  }
}

@inline(__always)
private func top<T: BinaryFloatingPoint>(
  _ r: Reduction, _ k: Int, _ largest: Bool, _ values: Tensor, _ indices: Tensor, _ type: T.Type
) {
  let p = r.x.pointer(type)
  let (v, at) = (values.pointer(type), indices.i64)
  parallel(r.outer, grain: Swift.max(1, 16_384 / Swift.max(1, r.n))) { lo, hi in
    for row in lo..<hi {
      topRun(p + row * r.n, r.n, k, largest, v + row * k, at + row * k)
    }
  }
}

@inline(__always)
private func topRun<T: BinaryFloatingPoint>(
  _ p: UnsafeMutablePointer<T>, _ n: Int, _ k: Int, _ largest: Bool, _ v: UnsafeMutablePointer<T>,
  _ at: UnsafeMutablePointer<Int>
) {
  /// Whether an element comes before one that stands earlier in the run.
  @inline(__always)
  func precedes(_ x: T, _ y: T) -> Bool {
    largest ? (x > y || (x.isNaN && !y.isNaN)) : (x < y || (y.isNaN && !x.isNaN))
  }
  var kept = 0
  func offer(_ x: T, _ i: Int) {
    if kept == k && !precedes(x, v[k &- 1]) { return }
    var j = kept < k ? kept : k &- 1
    while j > 0 && precedes(x, v[j &- 1]) {
      v[j] = v[j &- 1]
      at[j] = at[j &- 1]
      j &-= 1
    }
    v[j] = x
    at[j] = i
    if kept < k { kept &+= 1 }
  }
  var i = 0
  while i < n && kept < k {
    offer(p[i], i)
    i &+= 1
  }
  if largest && T.self == Float.self {
    let f = UnsafeMutableRawPointer(p).assumingMemoryBound(to: Float.self)
    // Thirty-two at a time against the last kept; NaN passes, since it is not smaller or equal.
    while i &+ 32 <= n {
      let bar = splat(Float(v[k &- 1]))
      let (a, b) = (load(f, i), load(f, i &+ 8))
      let (c, d) = (load(f, i &+ 16), load(f, i &+ 24))
      if k_any_above(a, b, c, d, bar) != 0 {
        for j in i..<(i &+ 32) { offer(p[j], j) }
      }
      i &+= 32
    }
  }
  while i < n {
    offer(p[i], i)
    i &+= 1
  }
}
