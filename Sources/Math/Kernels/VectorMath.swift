import CMathKernels

/// Eight floats: one register.
typealias V8 = SIMD8<Float>
typealias F32 = UnsafeMutablePointer<Float>

@inline(__always)
func load(_ p: F32, _ i: Int) -> V8 { UnsafeRawPointer(p + i).loadUnaligned(as: V8.self) }
@inline(__always)
func store(_ p: F32, _ i: Int, _ v: V8) {
  UnsafeMutableRawPointer(p + i).storeBytes(of: v, as: V8.self)
}
@inline(__always)
func splat(_ x: Float) -> V8 { V8(repeating: x) }
@inline(__always)
func fma(_ a: V8, _ b: V8, _ c: V8) -> V8 { k_fma(a, b, c) }

/// e^x within 2 ulp; exact at the infinities and NaN.
@inline(__always)
func vectorExp(_ x: V8) -> V8 {
  let y = vectorExpNormal(x)
  let isFar = k_gt(k_abs(x), splat(87))
  return k_any(isFar) == 0 ? y : k_blend(y, vectorExpFar(x), isFar)
}

/// e^x within 2 ulp for x between -87.3 and 88.3.
///
/// x = n/8 ln 2 + r with |r| <= ln 2 / 16, and e^r by a polynomial of degree 3, whose middle coefficient
/// spreads the error over the interval. The sum with 1.5 · 2²³ + 8 · 127 leaves n + 8 · 127 in its lowest
/// bits; from these come the power of two and one of eight fractions of it.
@inline(__always)
func vectorExpNormal(_ x: V8) -> V8 {
  let shift = splat(12_582_912 + 8 * 127)
  let shifted = fma(x, splat(8 * 1.44269504), shift)
  let n = shifted - shift
  var r = fma(n, splat(-0.693359375 / 8), x)
  r = fma(n, splat(2.12194440e-4 / 8), r)
  var p = fma(r, splat(1.6666667e-1), splat(5.0006478e-1))
  p = fma(p, r, splat(1))
  p = fma(p, r, splat(1))
  return p * k_pow2_eighths(shifted)
}

/// e^x within 2 ulp where `vectorExpNormal` gives up: a power of two in two steps, so that 2^128 and
/// denormal results are reached.
@inline(never)
private func vectorExpFar(_ x0: V8) -> V8 {
  let x = k_min(splat(89), k_max(splat(-104), x0))
  let n = k_round(x * splat(1.44269504))
  var r = fma(n, splat(-0.693359375), x)
  r = fma(n, splat(2.12194440e-4), r)
  var p = splat(1.9875691500e-4)
  p = fma(p, r, splat(1.3981999507e-3))
  p = fma(p, r, splat(8.3334519073e-3))
  p = fma(p, r, splat(4.1665795894e-2))
  p = fma(p, r, splat(1.6666665459e-1))
  p = fma(p, r, splat(5.0000001201e-1))
  p = fma(p, r * r, r + splat(1))
  let half = k_round(n * splat(0.5))
  // NaN went into the bounds above as the second operand of min and max and came out.
  return p * k_pow2(half) * k_pow2(n - half)
}

/// e^x of x of 0 or less within 2 ulp, and 0 where the result would be denormal (below -87.3).
@inline(__always)
func vectorExpBelowOne(_ x: V8) -> V8 {
  // NaN comes out, and -infinity, of which the formula makes NaN, gives 0.
  k_gate(vectorExpNormal(x), x + splat(87.3))
}

/// ln x within 1 ulp for normal x; the special values are set right afterwards.
@inline(__always)
func vectorLog(_ x0: V8) -> V8 {
  // Denormal numbers are scaled by 2^24 into the normal range.
  let small = k_gt(splat(0x1p-126), x0)
  let x = k_blend(x0, x0 * splat(16_777_216), small)
  var e = k_exponent(x) - k_and(splat(24), small)
  var m = k_mantissa(x)
  let low = k_gt(splat(0.707106781), m)
  let t = k_and(m, low)
  e = e - k_and(splat(1), low)
  m = m - splat(1) + t
  let z = m * m
  var p = splat(7.0376836292e-2)
  p = fma(p, m, splat(-1.1514610310e-1))
  p = fma(p, m, splat(1.1676998740e-1))
  p = fma(p, m, splat(-1.2420140846e-1))
  p = fma(p, m, splat(1.4249322787e-1))
  p = fma(p, m, splat(-1.6668057665e-1))
  p = fma(p, m, splat(2.0000714765e-1))
  p = fma(p, m, splat(-2.4999993993e-1))
  p = fma(p, m, splat(3.3333331174e-1))
  p = p * m * z
  p = fma(e, splat(-2.12194440e-4), p)
  p = fma(z, splat(-0.5), p)
  var y = fma(e, splat(0.693359375), m + p)
  y = k_blend(y, splat(-.infinity), k_eq(x0, splat(0)))
  y = k_blend(y, splat(.infinity), k_eq(x0, splat(.infinity)))
  y = k_blend(y, splat(.nan), k_gt(splat(0), x0))
  return k_blend(y, x0, k_isnan(x0))
}

/// tanh x within 5 ulp, 6 without FMA: a rational function, and ±1 from where nothing else is left.
@inline(__always)
func vectorTanh(_ x0: V8) -> V8 {
  let x = k_min(splat(7.90531110763549805), k_max(splat(-7.90531110763549805), x0))
  let z = x * x
  var p = splat(-2.76076847742355e-16)
  p = fma(p, z, splat(2.00018790482477e-13))
  p = fma(p, z, splat(-8.60467152213735e-11))
  p = fma(p, z, splat(5.12229709037114e-08))
  p = fma(p, z, splat(1.48572235717979e-05))
  p = fma(p, z, splat(6.37261928875436e-04))
  p = fma(p, z, splat(4.89352455891786e-03))
  p = p * x
  var q = splat(1.19825839466702e-06)
  q = fma(q, z, splat(1.18534705686654e-04))
  q = fma(q, z, splat(2.26843463243900e-03))
  q = fma(q, z, splat(4.89352518554385e-03))
  // At the ends of the interval the quotient is not quite 1, and 1 - y² is what gradients are made of.
  let y = k_blend(p / q, splat(1), k_gt(x0, splat(9.01)))
  return k_blend(y, splat(-1), k_gt(splat(-9.01), x0))
}

/// erf x within 6 ulp, 7 without FMA: a rational function on -4...4.
@inline(__always)
func vectorErf(_ x0: V8) -> V8 {
  let x = k_min(splat(4), k_max(splat(-4), x0))
  let z = x * x
  var p = splat(-2.72614225801306e-10)
  p = fma(p, z, splat(2.77068142495902e-08))
  p = fma(p, z, splat(-2.10102402082508e-06))
  p = fma(p, z, splat(-5.69250639462346e-05))
  p = fma(p, z, splat(-7.34990630326855e-04))
  p = fma(p, z, splat(-2.95459980854025e-03))
  p = fma(p, z, splat(-1.60960333262415e-02))
  p = p * x
  var q = splat(-1.45660718464996e-05)
  q = fma(q, z, splat(-2.13374055278905e-04))
  q = fma(q, z, splat(-1.68282697438203e-03))
  q = fma(q, z, splat(-7.37332916720468e-03))
  q = fma(q, z, splat(-1.42647390514189e-02))
  return p / q
}

/// 1 / (1 + e^-x) within 4 ulp; 0 where the result would be denormal (below -88.6).
@inline(__always)
func vectorSigmoid(_ x: V8) -> V8 {
  // At the upper bound the power of two is infinity.
  let y = k_min(splat(88.73), k_max(splat(-87.3), splat(0) - x))
  return splat(1) / (splat(1) + vectorExpNormal(y))
}

/// Applies `f` to `n` floats; the rest of the last register is computed on ones and dropped.
@inline(__always)
func mapVectors(_ a: F32, _ o: F32, _ n: Int, _ f: (V8) -> V8) {
  var i = 0
  while i &+ 16 <= n {
    let x = f(load(a, i))
    let y = f(load(a, i &+ 8))
    store(o, i, x)
    store(o, i &+ 8, y)
    i &+= 16
  }
  while i &+ 8 <= n {
    store(o, i, f(load(a, i)))
    i &+= 8
  }
  if i < n {
    var x = splat(1)
    for k in 0..<(n &- i) { x[k] = a[i &+ k] }
    let y = f(x)
    for k in 0..<(n &- i) { o[i &+ k] = y[k] }
  }
}

/// The same for results that bypass the caches.
@inline(__always)
func streamVectors(_ a: F32, _ o: F32, _ n: Int, _ f: (V8) -> V8) {
  // Blocks of the pool and the parts that threads take begin at whole registers.
  var i = 0
  while i &+ 16 <= n {
    let x = f(load(a, i))
    let y = f(load(a, i &+ 8))
    k_stream(o + i, x)
    k_stream(o + (i &+ 8), y)
    i &+= 16
  }
  k_fence()
  mapVectors(a + i, o + i, n &- i, f)
}
