import CMathKernels
import Glibc

/// The sum of -ln softmax(x)[class] over the rows of a matrix that count, and at once its gradient
/// times `scale`.
///
/// - Parameters:
///   - classes: A class a row, or a negative number for a row that does not count.
///   - gradient: Where the gradient goes, if anyone will ask for it.
func crossEntropyRows(
  _ x: F32, _ rows: Int, _ n: Int, _ classes: UnsafeMutablePointer<Int>, scale: Float,
  gradient: F32?
) -> Double {
  let grain = Swift.max(1, 16_384 / n)
  let parts = (rows + grain - 1) / grain
  return withUnsafeTemporaryAllocation(of: Double.self, capacity: parts) { sums in
    parallel(rows, grain: grain) { lo, hi in
      var total = 0.0
      for row in lo..<hi {
        let g = gradient.map { $0 + row &* n }
        if classes[row] < 0 {
          g?.update(repeating: 0, count: n)
        } else {
          total += Double(crossEntropyRow(x + row &* n, n, classes[row], scale, g))
        }
      }
      sums[lo / grain] = total
    }
    var total = 0.0
    for sum in sums { total += sum }
    return total
  }
}

@inline(__always)
private func crossEntropyRow(_ x: F32, _ n: Int, _ target: Int, _ scale: Float, _ g: F32?) -> Float
{
  var top = -Float.infinity
  var i = 0
  if n >= 8 {
    var m = load(x, 0)
    while i &+ 8 <= n {
      m = k_max(m, load(x, i))
      i &+= 8
    }
    top = k_hmax(m)
  }
  while i < n {
    top = Swift.max(top, x[i])
    i &+= 1
  }
  let shift = splat(top)
  var sums = V8.zero
  var rest = V8.zero
  i = 0
  while i &+ 8 <= n {
    let e = vectorExpBelowOne(load(x, i) - shift)
    sums += e
    if let g { store(g, i, e) }
    i &+= 8
  }
  if i < n {
    rest = V8(repeating: -.infinity)
    for k in 0..<(n &- i) { rest[k] = x[i &+ k] }
    rest = vectorExpBelowOne(rest - shift)
    sums += rest
  }
  let total = k_hsum(sums)
  if let g {
    let factor = scale / total
    let whole = i
    i = 0
    while i < whole {
      store(g, i, load(g, i) * splat(factor))
      i &+= 8
    }
    for k in 0..<(n &- whole) { g[whole &+ k] = rest[k] * factor }
    g[target] -= scale
  }
  return Glibc.logf(total) - (x[target] - top)
}
