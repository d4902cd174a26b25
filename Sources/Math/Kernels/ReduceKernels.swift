import CMathKernels
import Glibc

/// A packed tensor seen as [outer, n, inner], to be reduced over `n`.
struct Reduction {
  let x: Tensor
  let outer: Int
  let n: Int
  let inner: Int
  /// The shape without the dimensions reduced, and with 1 in their place.
  let kept: Dims
  let ones: Dims

  /// - Parameter list: Dimensions, resolved and different; `nil` for all.
  init(_ source: Tensor, _ list: [Int]?) {
    var kept = Dims()
    var ones = Dims()
    let dims = source.dims
    guard let list, list.count < dims.rank else {
      x = source.packed()
      outer = 1
      n = source.count
      inner = 1
      self.kept = kept
      self.ones = Dims(repeating: 1, count: dims.rank)
      return
    }
    let sorted = list.count > 1 ? list.sorted() : list
    var count = 1
    for i in 0..<dims.rank {
      if sorted.contains(i) {
        ones.append(1)
        count *= dims[i]
      } else {
        ones.append(dims[i])
        kept.append(dims[i])
      }
    }
    self.kept = kept
    self.ones = ones
    n = count
    if let first = sorted.first, let last = sorted.last, last - first == sorted.count - 1 {
      x = source.packed()
      var before = 1
      for i in 0..<first { before *= dims[i] }
      var after = 1
      for i in (last + 1)..<Swift.max(dims.rank, last + 1) { after *= dims[i] }
      outer = before
      inner = after
    } else {
      // Dimensions with others between them: move them last.
      let order = (0..<dims.rank).filter { !sorted.contains($0) } + sorted
      x = recording(false) { source.permuted(order) }.packed()
      outer = kept.product
      inner = 1
    }
  }
}

/// Reduces each run of `n` elements, `inner` apart, with one function.
@inline(__always)
func reduceRuns<T, R>(
  _ r: Reduction, _ out: Tensor, _ type: T.Type, _ result: R.Type,
  _ f: (UnsafeMutablePointer<T>, Int, Int) -> R
) {
  let p = r.x.pointer(type)
  let q = out.pointer(result)
  let (n, inner) = (r.n, r.inner)
  let grain = Swift.max(1, 16_384 / Swift.max(1, n))
  parallel(r.outer &* inner, grain: grain) { lo, hi in
    var k = lo
    while k < hi {
      let o = k / inner
      q[k] = f(p + (o &* n &* inner &+ (k &- o &* inner)), inner, n)
      k &+= 1
    }
  }
}

/// The sum of a run, in blocks so that rounding errors grow with log n.
@inline(__always)
func runSum(_ p: F32, _ n: Int) -> Float { runSum(n, { load(p, $0) }, { p[$0] }) }

/// The same of what is computed on the way: the eight values from a place on, and one.
@inline(__always)
func runSum(_ n: Int, _ eight: (Int) -> V8, _ one: (Int) -> Float) -> Float {
  if n <= 4096 { return blockSum(0, n, eight, one) }
  var total: Double = 0
  var i = 0
  while i < n {
    total += Double(blockSum(i, Swift.min(i &+ 4096, n), eight, one))
    i &+= 4096
  }
  return Float(total)
}

@inline(__always)
private func blockSum(
  _ from: Int, _ to: Int, _ eight: (Int) -> V8, _ one: (Int) -> Float
) -> Float {
  var i = from
  var total: Float = 0
  if i &+ 8 <= to {
    var s0 = V8.zero
    var s1 = V8.zero
    var s2 = V8.zero
    var s3 = V8.zero
    while i &+ 32 <= to {
      s0 += eight(i)
      s1 += eight(i &+ 8)
      s2 += eight(i &+ 16)
      s3 += eight(i &+ 24)
      i &+= 32
    }
    while i &+ 8 <= to {
      s0 += eight(i)
      i &+= 8
    }
    total = k_hsum((s0 + s1) + (s2 + s3))
  }
  while i < to {
    total += one(i)
    i &+= 1
  }
  return total
}

/// A sum over `0..<n` in four lanes, one order for every number of threads.
@inline(__always)
func lanes(_ n: Int, _ f: (Int) -> Double) -> Double {
  var (a, b, c, d) = (0.0, 0.0, 0.0, 0.0)
  var i = 0
  while i &+ 4 <= n {
    a += f(i)
    b += f(i &+ 1)
    c += f(i &+ 2)
    d += f(i &+ 3)
    i &+= 4
  }
  while i < n {
    a += f(i)
    i &+= 1
  }
  return (a + b) + (c + d)
}

/// ‖x‖ of a run of floats, squared and summed as doubles: neither large nor small ones are lost.
@inline(__always)
func runNorm(_ p: F32, _ n: Int) -> Float {
  Float(
    lanes(n) {
      let x = Double(p[$0])
      return x * x
    }.squareRoot())
}

@inline(__always)
func runSum(_ p: UnsafeMutablePointer<Double>, _ n: Int) -> Double {
  if n <= 1024 { return blockSum(p, n) }
  let half = n / 2
  return pairSum(p, half) + pairSum(p + half, n - half)
}

private func pairSum(_ p: UnsafeMutablePointer<Double>, _ n: Int) -> Double {
  if n <= 1024 { return blockSum(p, n) }
  let half = n / 2
  return pairSum(p, half) + pairSum(p + half, n - half)
}

@inline(__always)
private func blockSum(_ p: UnsafeMutablePointer<Double>, _ n: Int) -> Double {
  // A few elements in their order, as PyTorch adds them.
  if n < 8 {
    var s = 0.0
    for i in 0..<n { s += p[i] }
    return s
  }
  var s0 = 0.0
  var s1 = 0.0
  var s2 = 0.0
  var s3 = 0.0
  var i = 0
  while i &+ 4 <= n {
    s0 += p[i]
    s1 += p[i &+ 1]
    s2 += p[i &+ 2]
    s3 += p[i &+ 3]
    i &+= 4
  }
  while i < n {
    s0 += p[i]
    i &+= 1
  }
  return (s0 + s1) + (s2 + s3)
}

/// Sums over `n`.
func sumKernel(_ r: Reduction, _ out: Tensor) {
  switch r.x.dtype {
  case .f32:
    if r.inner == 1 {
      if r.outer == 1 {
        out.f32[0] = sumAll(r.x.f32, r.n)
      } else {
        reduceRuns(r, out, Float.self, Float.self) { p, _, n in runSum(p, n) }
      }
    } else {
      sumColumns(r, out)
    }
  case .f64:
    if r.inner == 1 {
      reduceRuns(r, out, Double.self, Double.self) { p, _, n in runSum(p, n) }
    } else {
      reduceRuns(r, out, Double.self, Double.self) { p, step, n in
        var s = 0.0
        for i in 0..<n { s += p[i &* step] }
        return s
      }
    }
  case .i64:
    reduceRuns(r, out, Int.self, Int.self) { p, step, n in
      var s = 0
      for i in 0..<n { s &+= p[i &* step] }
      return s
    }
  case .bool:
    reduceRuns(r, out, Bool.self, Int.self) { p, step, n in
      var s = 0
      for i in 0..<n where p[i &* step] { s &+= 1 }
      return s
    }
  }
}

/// The sum of all, over fixed parts so that it has one value for any number of threads.
private func sumAll(_ p: F32, _ n: Int) -> Float {
  let grain = 131_072
  if n <= grain { return runSum(p, n) }
  let parts = (n + grain - 1) / grain
  return withUnsafeTemporaryAllocation(of: Double.self, capacity: parts) { partial in
    parallel(n, grain: grain) { lo, hi in
      partial[lo / grain] = Double(runSum(p + lo, hi - lo))
    }
    var total = 0.0
    for part in partial { total += part }
    return Float(total)
  }
}

/// Sums columns: fixed parts of the rows one after another, then the parts in order.
private func sumColumns(_ r: Reduction, _ out: Tensor) {
  let (n, inner) = (r.n, r.inner)
  let rows = Swift.max(16, 65_536 / Swift.max(1, inner))
  let parts = (n + rows - 1) / rows
  if parts <= 1 {
    let grain = Swift.max(1, 32_768 / Swift.max(1, n * inner))
    parallel(r.outer, grain: grain) { lo, hi in
      for o in lo..<hi { addRows(r.x.f32 + o * n * inner, n, inner, out.f32 + o * inner) }
    }
    return
  }
  for o in 0..<r.outer {
    let source = r.x.f32 + o * n * inner
    let target = out.f32 + o * inner
    withScratch(parts * inner) { sums in
      parallel(parts, grain: Swift.max(1, 16_384 / (rows * inner))) { lo, hi in
        for part in lo..<hi {
          let first = part * rows
          addRows(
            source + first * inner, Swift.min(rows, n - first), inner, sums + part * inner)
        }
      }
      addRows(sums, parts, inner, target)
    }
  }
}

/// The sum of `n` rows, four at a time.
private func addRows(_ p: F32, _ n: Int, _ width: Int, _ out: F32) {
  if n == 0 { return out.update(repeating: 0, count: width) }
  out.update(from: p, count: width)
  var row = 1
  while row &+ 4 <= n {
    let a = p + row &* width
    let (b, c, d) = (a + width, a + 2 &* width, a + 3 &* width)
    var i = 0
    while i < width {
      out[i] = out[i] + ((a[i] + b[i]) + (c[i] + d[i]))
      i &+= 1
    }
    row &+= 4
  }
  while row < n {
    addRun(out, p + row &* width, width)
    row &+= 1
  }
}

/// The first largest (or smallest) element of each run, and where it is; the first NaN wins.
func extremeKernel(_ r: Reduction, largest: Bool, _ values: Tensor, _ indices: Tensor?) {
  switch r.x.dtype {
  case .f32: extreme(r, largest, values, indices, Float.self) { $0.isNaN }
  case .f64: extreme(r, largest, values, indices, Double.self) { $0.isNaN }
  case .i64: extreme(r, largest, values, indices, Int.self) { _ in false }
  case .bool: extreme(r, largest, values, indices, UInt8.self) { _ in false }
  }
}

@inline(__always)
private func extreme<T: Comparable>(
  _ r: Reduction, _ largest: Bool, _ values: Tensor, _ indices: Tensor?, _ type: T.Type,
  _ isNaN: (T) -> Bool
) {
  let p = r.x.pointer(type)
  let v = values.pointer(type)
  let (n, inner) = (r.n, r.inner)
  for k in 0..<(r.outer * inner) {
    let o = k / inner
    let run = p + (o * n * inner + (k - o * inner))
    var best = run[0]
    var at = 0
    if !isNaN(best) {
      var i = 1
      while i < n {
        let x = run[i &* inner]
        if isNaN(x) {
          best = x
          at = i
          break
        }
        if largest ? x > best : x < best {
          best = x
          at = i
        }
        i &+= 1
      }
    }
    v[k] = best
    if let indices { indices.i64[k] = at }
  }
}

/// Whether all (or any) elements of each run are not 0.
func truthKernel(_ r: Reduction, all: Bool, _ out: Tensor) {
  reduceRuns(r, out, Bool.self, Bool.self) { p, step, n in
    for i in 0..<n where p[i &* step] != all { return !all }
    return all
  }
}

/// Products over `n`.
func productKernel(_ r: Reduction, _ out: Tensor) {
  switch r.x.dtype {
  case .f32:
    reduceRuns(r, out, Float.self, Float.self) { p, step, n in
      var s: Float = 1
      for i in 0..<n { s *= p[i &* step] }
      return s
    }
  case .f64:
    reduceRuns(r, out, Double.self, Double.self) { p, step, n in
      var s = 1.0
      for i in 0..<n { s *= p[i &* step] }
      return s
    }
  default:
    reduceRuns(r, out, Int.self, Int.self) { p, step, n in
      var s = 1
      for i in 0..<n { s = s &* p[i &* step] }
      return s
    }
  }
}
