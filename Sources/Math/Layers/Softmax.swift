import CMathKernels
import Glibc

/// e^x / Σ e^x along a dimension, without overflow.
///
/// - Parameters:
///   - x: Scores, of any shape, floating-point numbers.
///   - dim: The dimension along which the results sum to 1; negative counts from the last.
/// - Returns: The shape of `x`; NaN along a run that holds infinity.
/// - Precondition: The dimension exists, and `x` holds floating-point numbers.
public func softmax(
  _ x: Tensor, dim: Int, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  x.requireFloat("softmax", file, line)
  let list = x.resolve(all: [dim], "softmax", file, line)
  return softmaxKernel(Reduction(x, list), log: false, x.dims).recorded(x) { y, g in
    let total = list.isEmpty ? g * y : (g * y).sum(dim: list, keepDim: true)
    y.a.receive(y * (g - total))
  }
}

/// softmax(-x): the smallest element gets the largest share.
///
/// - Parameters:
///   - x: Scores, of any shape, floating-point numbers.
///   - dim: The dimension along which the results sum to 1; negative counts from the last.
/// - Returns: The shape of `x`.
/// - Precondition: As `softmax`.
public func softmin(
  _ x: Tensor, dim: Int, file: StaticString = #file, line: UInt = #line
) -> Tensor { softmax(-x, dim: dim, file: file, line: line) }

/// (x - max) - ln Σ e^(x - max) along a dimension: the logarithm of `softmax`, accurate where that
/// is 0.
///
/// - Parameters:
///   - x: Scores, of any shape, floating-point numbers.
///   - dim: The dimension along which the exponentials of the results sum to 1; negative counts
///     from the last.
/// - Returns: The shape of `x`, at most 0.
/// - Precondition: As `softmax`.
public func logSoftmax(
  _ x: Tensor, dim: Int, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  x.requireFloat("logSoftmax", file, line)
  let list = x.resolve(all: [dim], "logSoftmax", file, line)
  return softmaxKernel(Reduction(x, list), log: true, x.dims).recorded(x) { y, g in
    if y.dtype == .f32 && !Tensor.isRecording && list == [y.rank - 1] && y.count > 0 {
      return y.a.receive(logSoftmaxGradient(y, g))
    }
    let total = list.isEmpty ? g : g.sum(dim: list, keepDim: true)
    y.a.receive(g - exp(y) * total)
  }
}

private func softmaxKernel(_ r: Reduction, log: Bool, _ dims: Dims) -> Tensor {
  let out = Tensor(empty: dims, r.x.dtype)
  let (n, inner) = (r.n, r.inner)
  if n == 0 { return out }
  let streams =
    r.x.dtype == .f32 && inner == 1 && !log && n % 16 == 0 && r.outer * n >= streamedCount
  let grain = Swift.max(1, (streams ? 131_072 : 8192) / n)
  parallel(r.outer * inner, grain: grain) { lo, hi in
    if streams { return streamedRows(r.x.f32 + lo &* n, out.f32 + lo &* n, hi &- lo, n) }
    for k in lo..<hi {
      let start = k / inner * n * inner + k % inner
      if r.x.dtype == .f64 {
        softmaxRun(r.x.f64 + start, out.f64 + start, inner, n, log)
      } else if inner == 1 {
        softmaxRow(r.x.f32 + start, out.f32 + start, n, log)
      } else {
        softmaxRun(r.x.f32 + start, out.f32 + start, inner, n, log)
      }
    }
  }
  return out
}

@inline(__always)
private func softmaxRun<T: BinaryFloatingPoint>(
  _ p: UnsafeMutablePointer<T>, _ q: UnsafeMutablePointer<T>, _ step: Int, _ n: Int, _ log: Bool
) {
  var top = p[0]
  for i in 1..<Swift.max(n, 1) where p[i * step] > top || p[i * step].isNaN { top = p[i * step] }
  var total = 0.0
  for i in 0..<n {
    let e = Glibc.exp(Double(p[i * step] - top))
    total += e
    if !log { q[i * step] = T(e) }
  }
  if log {
    let offset = T(Glibc.log(total))
    for i in 0..<n { q[i * step] = (p[i * step] - top) - offset }
  } else {
    let factor = T(total)
    for i in 0..<n { q[i * step] = q[i * step] / factor }
  }
}

/// One row of floats; NaN and infinity fall out as NaN, as from the plain formula.
private func softmaxRow(_ p: F32, _ q: F32, _ n: Int, _ log: Bool) {
  if log {
    let top = largest(p, n)
    let total = sumOfExponentials(p, n, top) { _, _ in }
    let offset = Glibc.logf(total)
    for k in 0..<n { q[k] = (p[k] - top) - offset }
  } else {
    let factor = exponentials(p, q, n)
    for k in 0..<n { q[k] *= factor }
  }
}

/// Writes e^(x - max) of a row, and returns one over their sum.
@inline(__always)
private func exponentials(_ p: F32, _ q: F32, _ n: Int) -> Float {
  1
    / sumOfExponentials(p, n, largest(p, n)) { i, e in
      if i &+ 8 <= n { store(q, i, e) } else { for k in 0..<(n &- i) { q[i &+ k] = e[k] } }
    }
}

/// The softmax of rows too many for the caches, each of whole pairs of registers.
///
/// One loop over three rows at once keeps memory and processor busy together: the row before is
/// scaled and goes to memory past the caches, this one's exponentials take its place in the scratch
/// memory, and the next one is fetched.
private func streamedRows(_ x: F32, _ out: F32, _ rows: Int, _ n: Int) {
  withScratch(n) { row in
    var factor = exponentials(x, row, n)
    for k in 1..<Swift.max(rows, 1) {
      let (p, before) = (x + k &* n, out + (k &- 1) &* n)
      // Past the last row the fetch asks for what stays unused.
      let next = p + n
      let scale = splat(factor)
      factor =
        1
        / sumOfExponentials(p, n, largest(p, n)) { i, e in
          if i & 15 == 0 { k_prefetch(next + i) }
          k_stream(before + i, load(row, i) * scale)
          store(row, i, e)
        }
    }
    let last = out + (rows &- 1) &* n
    run(last, n, true, { load(row, $0) * splat(factor) }, { row[$0] * factor })
  }
}

/// The largest of a row; NaN may be passed over, and then makes the sum below NaN.
@inline(__always)
private func largest(_ p: F32, _ n: Int) -> Float {
  var top = -Float.infinity
  var i = 0
  if n >= 8 {
    var m = load(p, 0)
    var o = m
    while i &+ 16 <= n {
      m = k_max(m, load(p, i))
      o = k_max(o, load(p, i &+ 8))
      i &+= 16
    }
    top = k_hmax(k_max(m, o))
  }
  while i < n {
    top = Swift.max(top, p[i])
    i &+= 1
  }
  return top
}

/// The sum of e^(x - top) of a row; `body` gets the place and value of each eight.
@inline(__always)
private func sumOfExponentials(_ p: F32, _ n: Int, _ top: Float, _ body: (Int, V8) -> Void) -> Float
{
  let shift = splat(top)
  var sums = V8.zero
  var more = V8.zero
  var i = 0
  while i &+ 16 <= n {
    let d = vectorExpBelowOne(load(p, i) - shift)
    let e = vectorExpBelowOne(load(p, i &+ 8) - shift)
    sums += d
    more += e
    body(i, d)
    body(i &+ 8, e)
    i &+= 16
  }
  while i < n {
    var x = V8(repeating: -.infinity)
    if i &+ 8 <= n { x = load(p, i) } else { for k in 0..<(n &- i) { x[k] = p[i &+ k] } }
    let e = vectorExpBelowOne(x - shift)
    sums += e
    body(i, e)
    i &+= 8
  }
  return k_hsum(sums + more)
}

/// g - e^y Σ g for packed rows of floats: what `logSoftmax` passes back.
private func logSoftmaxGradient(_ y: Tensor, _ g: Tensor) -> Tensor {
  let n = y.dims[y.rank - 1]
  let out = Tensor(empty: y.dims, .f32)
  let (p, q, o) = (y.f32, g.packed(), out.f32)
  parallel(y.count / n, grain: Swift.max(1, 8192 / n)) { lo, hi in
    for row in lo..<hi {
      let (yr, gr, or) = (p + row * n, q.f32 + row * n, o + row * n)
      let total = runSum(gr, n)
      mapVectors(yr, or, n) { vectorExp($0) }
      for k in 0..<n { or[k] = gr[k] - or[k] * total }
    }
  }
  return out
}

extension Tensor {
  /// ln Σ e^x over some dimensions, without overflow.
  ///
  /// Empty runs give -∞; integers count as numbers of the default dtype.
  ///
  /// - Parameters:
  ///   - dim: The dimensions summed over; negative ones count from the last, and an empty list
  ///     means all.
  ///   - keepDim: Whether they stay, with size 1.
  /// - Precondition: The dimensions exist, each named once.
  public func logSumExp(
    dim: [Int], keepDim: Bool = false, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    if !dtype.isFloatingPoint {
      return to(defaultDType).logSumExp(dim: dim, keepDim: keepDim, file: file, line: line)
    }
    let list = resolve(all: dim, "logSumExp", file, line)
    let r = Reduction(self, list.isEmpty ? nil : list)
    let out = Tensor(empty: keepDim ? r.ones : r.kept, dtype)
    if dtype == .f64 {
      reduceRuns(r, out, Double.self, Double.self) { p, step, n in logSumExpRun(p, step, n) }
    } else {
      reduceRuns(r, out, Float.self, Float.self) { p, step, n in logSumExpRun(p, step, n) }
    }
    let ones = r.ones
    return out.recorded(self) { y, g in
      y.a.receive(g.reshaped(to: ones) * exp(y.a - y.reshaped(to: ones)))
    }
  }

  /// ln Σ e^x over one dimension, without overflow.
  ///
  /// - Parameters:
  ///   - dim: The dimension summed over; negative counts from the last.
  ///   - keepDim: Whether the dimension stays, with size 1.
  /// - Precondition: The dimension exists.
  public func logSumExp(
    dim: Int, keepDim: Bool = false, file: StaticString = #file, line: UInt = #line
  ) -> Tensor { logSumExp(dim: [dim], keepDim: keepDim, file: file, line: line) }
}

@inline(__always)
private func logSumExpRun<T: BinaryFloatingPoint>(
  _ p: UnsafeMutablePointer<T>, _ step: Int, _ n: Int
) -> T {
  if n == 0 { return -T.infinity }
  var top = p[0]
  for i in 1..<Swift.max(n, 1) where p[i * step] > top || p[i * step].isNaN { top = p[i * step] }
  if top.isInfinite || top.isNaN { return top }
  var total = 0.0
  for i in 0..<n { total += Glibc.exp(Double(p[i * step] - top)) }
  return top + T(Glibc.log(total))
}
