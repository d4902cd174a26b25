import Glibc

extension Tensor {
  /// The variance: Σ (x - mean)² / max(0, N - correction).
  ///
  /// - Parameters:
  ///   - dim: The dimensions; `nil` or an empty list means all.
  ///   - correction: 1 for the unbiased estimate of a sample, 0 for the variance of all there is.
  ///   - keepDim: Whether the dimensions stay, with size 1.
  /// - Returns: Infinity or NaN where N does not exceed `correction`.
  /// - Precondition: The dimensions exist and differ; the elements are floating-point numbers.
  public func variance(
    dim: [Int]? = nil, correction: Double = 1, keepDim: Bool = false, file: StaticString = #file,
    line: UInt = #line
  ) -> Tensor {
    requireFloat("variance", file, line)
    let list = resolve(all: dim ?? [], "variance", file, line)
    let n = Double(reducedCount(list))
    // Of nothing there is no mean, whatever the divisor.
    let divisor = n == 0 ? .nan : Swift.max(0, n - correction)
    let ones = Dims((0..<rank).map { list.isEmpty || list.contains($0) ? 1 : dims[$0] })
    let value = noGrad {
      let spread = self - mean(dim: list, keepDim: true)
      return (spread * spread).sum(dim: list, keepDim: keepDim) / divisor
    }
    let isTotal = list.isEmpty
    return value.recorded(self) { y, g in
      let x = y.a
      let center = x.mean(dim: list, keepDim: true)
      let g = g.spread(over: x, ones)
      if isTotal && n <= correction {
        // 2 / 0 times what an element differs from the mean.
        x.receive(g * `where`(x .== center, Tensor.full(x.dims, .nan, x.dtype), .infinity))
      } else {
        x.receive(g * (2 / (n - correction)) * (x - center))
      }
    }
  }

  /// The variance over one dimension.
  ///
  /// - Parameters:
  ///   - dim: The dimension; negative counts from the last.
  ///   - correction: 1 for the unbiased estimate of a sample, 0 for the variance of all there is.
  ///   - keepDim: Whether the dimension stays, with size 1.
  /// - Returns: Infinity or NaN where N does not exceed `correction`.
  /// - Precondition: The dimension exists; the elements are floating-point numbers.
  public func variance(
    dim: Int, correction: Double = 1, keepDim: Bool = false, file: StaticString = #file,
    line: UInt = #line
  ) -> Tensor {
    variance(dim: [dim], correction: correction, keepDim: keepDim, file: file, line: line)
  }

  /// The standard deviation, √variance; its gradient where it is 0 is 0.
  ///
  /// - Parameters:
  ///   - dim: The dimensions; `nil` or an empty list means all.
  ///   - correction: 1 for the unbiased variance of a sample, 0 for the variance of all there is.
  ///   - keepDim: Whether the dimensions stay, with size 1.
  /// - Returns: In the unit of the elements; infinity or NaN where N does not exceed `correction`.
  /// - Precondition: The dimensions exist and differ; the elements are floating-point numbers.
  public func std(
    dim: [Int]? = nil, correction: Double = 1, keepDim: Bool = false, file: StaticString = #file,
    line: UInt = #line
  ) -> Tensor {
    let v = variance(
      dim: dim, correction: correction, keepDim: keepDim, file: file, line: line)
    return unary(v, .sqrt).recorded(v) { y, g in
      y.a.receive(`where`(y .== 0, Tensor.zeros(like: g), g / (y * 2)))
    }
  }

  /// The standard deviation over one dimension.
  ///
  /// - Parameters:
  ///   - dim: The dimension; negative counts from the last.
  ///   - correction: 1 for the unbiased variance of a sample, 0 for the variance of all there is.
  ///   - keepDim: Whether the dimension stays, with size 1.
  /// - Returns: In the unit of the elements; infinity or NaN where N does not exceed `correction`.
  /// - Precondition: The dimension exists; the elements are floating-point numbers.
  public func std(
    dim: Int, correction: Double = 1, keepDim: Bool = false, file: StaticString = #file,
    line: UInt = #line
  ) -> Tensor { std(dim: [dim], correction: correction, keepDim: keepDim, file: file, line: line) }

  /// The vector norm (Σ |x|^p)^(1/p) over some dimensions.
  ///
  /// - Parameters:
  ///   - p: The order: 0 counts what is not 0; ±infinity is the largest or smallest |x|.
  ///   - dim: The dimensions; an empty list means all.
  ///   - keepDim: Whether the dimensions stay, with size 1.
  /// - Returns: The norms; the gradient where a norm is 0 is 0.
  /// - Precondition: The dimensions exist and differ; orders below 0 and infinite ones need an
  ///   element.
  public func norm(
    p: Double = 2, dim: [Int] = [], keepDim: Bool = false, file: StaticString = #file,
    line: UInt = #line
  ) -> Tensor {
    requireFloat("norm", file, line)
    let list = resolve(all: dim, "norm", file, line)
    let r = Reduction(self, list.isEmpty ? nil : list)
    require(
      r.n > 0 || (p >= 0 && !p.isInfinite),
      "norm of order \(p) needs an element, got shape \(shape); reduce another dim", file: file,
      line: line)
    let out = Tensor(empty: keepDim ? r.ones : r.kept, dtype)
    if dtype == .f32 {
      reduceRuns(r, out, Float.self, Float.self) { q, step, n in
        p == 2 && step == 1 ? runNorm(q, n) : Float(runNorm(n, p) { Double(q[$0 &* step]) })
      }
    } else {
      reduceRuns(r, out, Double.self, Double.self) { q, step, n in
        runNorm(n, p) { q[$0 &* step] }
      }
    }
    if p == 0 { return out }
    let ones = r.ones
    return out.recorded(self) { y, g in
      let (x, norm, g) = (y.a, y.reshaped(to: ones), g.reshaped(to: ones))
      x.receive(normGradient(x, norm, g, p, list))
    }
  }

  /// The vector norm over one dimension.
  ///
  /// - Parameters:
  ///   - p: The order: 0 counts what is not 0; ±infinity is the largest or smallest |x|.
  ///   - dim: The dimension; negative counts from the last.
  ///   - keepDim: Whether the dimension stays, with size 1.
  /// - Returns: The norms; the gradient where a norm is 0 is 0.
  /// - Precondition: The dimension exists; the elements are floating-point numbers; orders below 0
  ///   and infinite ones need an element.
  public func norm(
    p: Double = 2, dim: Int, keepDim: Bool = false, file: StaticString = #file,
    line: UInt = #line
  ) -> Tensor { norm(p: p, dim: [dim], keepDim: keepDim, file: file, line: line) }
}

@inline(__always)
private func runNorm(_ n: Int, _ p: Double, _ x: (Int) -> Double) -> Double {
  // Of one number nothing overflows.
  if n == 1 && p != 0 { return Swift.abs(x(0)) }
  var s = 0.0
  if p == 2 {
    for i in 0..<n {
      let v = x(i)
      s += v * v
    }
    return s.squareRoot()
  }
  if p == 1 {
    for i in 0..<n { s += Swift.abs(x(i)) }
    return s
  }
  if p == 0 {
    for i in 0..<n where x(i) != 0 { s += 1 }
    return s
  }
  if p.isInfinite {
    var best = Swift.abs(x(0))
    for i in 1..<Swift.max(n, 1) {
      let v = Swift.abs(x(i))
      if v.isNaN || (p > 0 ? v > best : v < best) { best = v }
      if v.isNaN { break }
    }
    return best
  }
  for i in 0..<n { s += Glibc.pow(Swift.abs(x(i)), p) }
  return Glibc.pow(s, 1 / p)
}

/// d‖x‖_p / dx, with 0 where the norm is 0.
private func normGradient(
  _ x: Tensor, _ norm: Tensor, _ g: Tensor, _ p: Double, _ list: [Int]
) -> Tensor {
  let atZero = norm .== 0
  func masked(_ t: Tensor) -> Tensor { `where`(atZero, Tensor.zeros(like: t), t) }
  if p == 1 { return sign(x) * g }
  // Divided by 1 where all is 0, rather than masked: the gradient of this gradient is 0 there, too.
  if p == 2 { return g * (x / `where`(atZero, Tensor.ones(like: norm), norm)) }
  if p.isInfinite {
    let hits = noGrad {
      (abs(x) .== norm).logicalOr(x.isNaN().logicalAnd(norm.isNaN()))
    }
    .to(x.dtype)
    let ties = hits.sum(dim: list, keepDim: true).reshaped(to: norm.dims)
    return sign(x) * hits * (g / ties)
  }
  if p < 1 {
    let part = sign(x) * pow(abs(x), p - 1)
    return `where`(x .== 0, Tensor.zeros(like: x), part) * (g * pow(norm, 1 - p))
  }
  if p < 2 {
    return sign(x) * pow(abs(x), p - 1) * masked(g / pow(norm, p - 1))
  }
  return x * pow(abs(x), p - 2) * masked(g / pow(norm, p - 1))
}
