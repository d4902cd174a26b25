import CMathKernels
import Glibc

/// Functions of one element.
enum UnaryOp {
  case neg, abs, sign, square, reciprocal, sqrt, rsqrt
  case exp, expMinusOne, log, logOnePlus, sin, cos, tan, atan, asin, acos, tanh, sinh, cosh
  case sigmoid, erf, floor, ceil, trunc, round, relu, logSigmoid, softplus, lgamma
  case log2, log10, exp2

  /// Whether the result of integers is integers.
  var keepsIntegers: Bool {
    switch self {
    case .neg, .abs, .sign, .square, .floor, .ceil, .trunc, .round, .relu: true
    default: false
    }
  }
}

/// How many elements a thread takes at once; a cheap operation on fewer is not worth sharing.
let elementGrain = 32_768

/// Applies a function to every element.
func unary(_ x: Tensor, _ op: UnaryOp) -> Tensor {
  if !x.dtype.isFloatingPoint {
    if x.dtype == .i64 && op.keepsIntegers { return unaryInteger(x, op) }
    return unary(x.cast(to: op.keepsIntegers ? .i64 : defaultDType), op)
  }
  let a = x.packed()
  let out = Tensor(emptyLike: a, a.dtype)
  if a.dtype == .f32 {
    let p = a.f32
    let q = out.f32
    if a.count <= elementGrain {
      unaryF32(op, p, q, a.count)
    } else {
      parallel(a.count, grain: elementGrain) { lo, hi in
        if a.count < streamedCount || !streamF32(op, p + lo, q + lo, hi - lo) {
          unaryF32(op, p + lo, q + lo, hi - lo)
        }
      }
    }
  } else {
    let p = a.f64
    let q = out.f64
    parallel(a.count, grain: 4096) { lo, hi in unaryF64(op, p + lo, q + lo, hi - lo) }
  }
  return out
}

private func unaryInteger(_ x: Tensor, _ op: UnaryOp) -> Tensor {
  let a = x.packed()
  let out = Tensor(empty: a.dims, .i64)
  for i in 0..<a.count {
    let v = a.i64[i]
    switch op {
    case .neg: out.i64[i] = 0 &- v
    case .abs: out.i64[i] = v < 0 ? 0 &- v : v
    case .sign: out.i64[i] = v.signum()
    case .square: out.i64[i] = v &* v
    case .relu: out.i64[i] = max(0, v)
    default: out.i64[i] = v
    }
  }
  return out
}

@inline(__always)
private func map<T>(
  _ p: UnsafeMutablePointer<T>, _ q: UnsafeMutablePointer<T>, _ n: Int, _ f: (T) -> T
) {
  var i = 0
  while i < n {
    q[i] = f(p[i])
    i &+= 1
  }
}

private func unaryF64(
  _ op: UnaryOp, _ p: UnsafeMutablePointer<Double>, _ q: UnsafeMutablePointer<Double>, _ n: Int
) {
  switch op {
  case .neg: map(p, q, n) { -$0 }
  case .abs: map(p, q, n) { Swift.abs($0) }
  case .sign: map(p, q, n) { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
  case .square: map(p, q, n) { $0 * $0 }
  case .reciprocal: map(p, q, n) { 1 / $0 }
  case .sqrt: map(p, q, n) { $0.squareRoot() }
  case .rsqrt: map(p, q, n) { 1 / $0.squareRoot() }
  case .exp: map(p, q, n) { Glibc.exp($0) }
  case .expMinusOne: map(p, q, n) { Glibc.expm1($0) }
  case .log: map(p, q, n) { Glibc.log($0) }
  case .logOnePlus: map(p, q, n) { Glibc.log1p($0) }
  case .sin: map(p, q, n) { Glibc.sin($0) }
  case .cos: map(p, q, n) { Glibc.cos($0) }
  case .tan: map(p, q, n) { Glibc.tan($0) }
  case .atan: map(p, q, n) { Glibc.atan($0) }
  case .asin: map(p, q, n) { Glibc.asin($0) }
  case .acos: map(p, q, n) { Glibc.acos($0) }
  case .tanh: map(p, q, n) { Glibc.tanh($0) }
  case .sinh: map(p, q, n) { Glibc.sinh($0) }
  case .cosh: map(p, q, n) { Glibc.cosh($0) }
  case .sigmoid: map(p, q, n) { 1 / (1 + Glibc.exp(-$0)) }
  case .erf: map(p, q, n) { Glibc.erf($0) }
  case .floor: map(p, q, n) { $0.rounded(.down) }
  case .ceil: map(p, q, n) { $0.rounded(.up) }
  case .trunc: map(p, q, n) { $0.rounded(.towardZero) }
  case .round: map(p, q, n) { $0.rounded(.toNearestOrEven) }
  case .relu: map(p, q, n) { $0 > 0 || $0.isNaN ? $0 : 0 }
  case .logSigmoid: map(p, q, n) { Swift.min($0, 0) - Glibc.log1p(Glibc.exp(-Swift.abs($0))) }
  case .softplus: map(p, q, n) { Swift.max($0, 0) + Glibc.log1p(Glibc.exp(-Swift.abs($0))) }
  case .lgamma: map(p, q, n) { Glibc.lgamma($0) }
  case .log2: map(p, q, n) { Glibc.log2($0) }
  case .log10: map(p, q, n) { Glibc.log10($0) }
  case .exp2: map(p, q, n) { Glibc.exp2($0) }
  }
}

/// The functions of floats that have a vector form, past the caches.
///
/// - Returns: Whether the function is one of those.
private func streamF32(_ op: UnaryOp, _ p: F32, _ q: F32, _ n: Int) -> Bool {
  switch op {
  case .exp: streamVectors(p, q, n) { vectorExp($0) }
  case .log: streamVectors(p, q, n) { vectorLog($0) }
  case .tanh: streamVectors(p, q, n) { vectorTanh($0) }
  case .erf: streamVectors(p, q, n) { vectorErf($0) }
  case .sigmoid: streamVectors(p, q, n) { vectorSigmoid($0) }
  case .sqrt: streamVectors(p, q, n) { k_sqrt($0) }
  case .relu: streamVectors(p, q, n) { k_max(splat(0), $0) }
  case .square: streamVectors(p, q, n) { $0 * $0 }
  case .abs: streamVectors(p, q, n) { k_abs($0) }
  default: return false
  }
  return true
}

private func unaryF32(_ op: UnaryOp, _ p: F32, _ q: F32, _ n: Int) {
  switch op {
  case .neg: map(p, q, n) { -$0 }
  case .abs: mapVectors(p, q, n) { k_abs($0) }
  case .sign: map(p, q, n) { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
  case .square: map(p, q, n) { $0 * $0 }
  case .reciprocal: map(p, q, n) { 1 / $0 }
  case .sqrt: mapVectors(p, q, n) { k_sqrt($0) }
  case .rsqrt: mapVectors(p, q, n) { splat(1) / k_sqrt($0) }
  case .exp: mapVectors(p, q, n) { vectorExp($0) }
  case .log: mapVectors(p, q, n) { vectorLog($0) }
  case .tanh: mapVectors(p, q, n) { vectorTanh($0) }
  case .sigmoid: mapVectors(p, q, n) { vectorSigmoid($0) }
  case .erf: mapVectors(p, q, n) { vectorErf($0) }
  case .relu: mapVectors(p, q, n) { k_max(splat(0), $0) }
  case .floor: map(p, q, n) { $0.rounded(.down) }
  case .ceil: map(p, q, n) { $0.rounded(.up) }
  case .trunc: map(p, q, n) { $0.rounded(.towardZero) }
  case .round: mapVectors(p, q, n) { k_round($0) }
  case .expMinusOne: map(p, q, n) { Glibc.expm1f($0) }
  case .logOnePlus: map(p, q, n) { Glibc.log1pf($0) }
  case .sin: map(p, q, n) { Glibc.sinf($0) }
  case .cos: map(p, q, n) { Glibc.cosf($0) }
  case .tan: map(p, q, n) { Glibc.tanf($0) }
  case .atan: map(p, q, n) { Glibc.atanf($0) }
  case .asin: map(p, q, n) { Glibc.asinf($0) }
  case .acos: map(p, q, n) { Glibc.acosf($0) }
  case .sinh: map(p, q, n) { Glibc.sinhf($0) }
  case .cosh: map(p, q, n) { Glibc.coshf($0) }
  case .logSigmoid: map(p, q, n) { Swift.min($0, 0) - Glibc.log1pf(Glibc.expf(-Swift.abs($0))) }
  case .softplus: map(p, q, n) { Swift.max($0, 0) + Glibc.log1pf(Glibc.expf(-Swift.abs($0))) }
  case .lgamma: map(p, q, n) { Glibc.lgammaf($0) }
  case .log2: map(p, q, n) { Glibc.log2f($0) }
  case .log10: map(p, q, n) { Glibc.log10f($0) }
  case .exp2: map(p, q, n) { Glibc.exp2f($0) }
  }
}
