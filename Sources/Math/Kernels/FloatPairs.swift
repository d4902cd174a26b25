import CMathKernels

/// Results from this size on bypass the caches: they would push everything else out, and lines would
/// be read before they are overwritten.
let streamedCount = 4_194_304

/// The four operations of arithmetic on runs of floats, whose steps are 1 or 0.
///
/// - Parameter streams: Whether results bypass the caches.
/// - Returns: Whether the operation and the steps are among those.
@inline(never)
func floatPairs(
  _ op: BinaryOp, _ p: F32, _ sp: Int, _ q: F32, _ sq: Int, _ o: F32, _ n: Int, streams: Bool
) -> Bool {
  if sp < 0 || sp > 1 || sq < 0 || sq > 1 { return false }
  switch op {
  case .add: sums(p, sp, q, sq, o, n, streams)
  case .sub: differences(p, sp, q, sq, o, n, streams)
  case .mul: products(p, sp, q, sq, o, n, streams)
  case .div: quotients(p, sp, q, sq, o, n, streams)
  default: return false
  }
  return true
}

// A function each: of all four in one, the compiler called the last for every eight numbers.

@inline(never)
private func sums(
  _ p: F32, _ sp: Int, _ q: F32, _ sq: Int, _ o: F32, _ n: Int, _ streams: Bool
) { pairs(p, sp, q, sq, o, n, streams, { $0 + $1 }, { $0 + $1 }) }

@inline(never)
private func differences(
  _ p: F32, _ sp: Int, _ q: F32, _ sq: Int, _ o: F32, _ n: Int, _ streams: Bool
) { pairs(p, sp, q, sq, o, n, streams, { $0 - $1 }, { $0 - $1 }) }

@inline(never)
private func products(
  _ p: F32, _ sp: Int, _ q: F32, _ sq: Int, _ o: F32, _ n: Int, _ streams: Bool
) { pairs(p, sp, q, sq, o, n, streams, { $0 * $1 }, { $0 * $1 }) }

@inline(never)
private func quotients(
  _ p: F32, _ sp: Int, _ q: F32, _ sq: Int, _ o: F32, _ n: Int, _ streams: Bool
) { pairs(p, sp, q, sq, o, n, streams, { $0 / $1 }, { $0 / $1 }) }

@inline(__always)
private func pairs(
  _ p: F32, _ sp: Int, _ q: F32, _ sq: Int, _ o: F32, _ n: Int, _ streams: Bool,
  _ f: (V8, V8) -> V8, _ one: (Float, Float) -> Float
) {
  if sp == 1 && sq == 1 {
    run(o, n, streams, { f(load(p, $0), load(q, $0)) }, { one(p[$0], q[$0]) })
  } else if sp == 1 {
    let y = q[0]
    run(o, n, streams, { f(load(p, $0), splat(y)) }, { one(p[$0], y) })
  } else if sq == 1 {
    let x = p[0]
    run(o, n, streams, { f(splat(x), load(q, $0)) }, { one(x, q[$0]) })
  } else {
    let value = one(p[0], q[0])
    run(o, n, streams, { _ in splat(value) }, { _ in value })
  }
}

/// Writes `n` floats, eight at a time; a streamed run is brought to a whole register first.
@inline(__always)
func run(_ o: F32, _ n: Int, _ streams: Bool, _ f: (Int) -> V8, _ one: (Int) -> Float) {
  var i = 0
  if streams {
    while i < n && UInt(bitPattern: o + i) & 31 != 0 {
      o[i] = one(i)
      i &+= 1
    }
    while i &+ 16 <= n {
      let x = f(i)
      let y = f(i &+ 8)
      k_stream(o + i, x)
      k_stream(o + (i &+ 8), y)
      i &+= 16
    }
    k_fence()
  } else {
    while i &+ 32 <= n {
      let (a, b) = (f(i), f(i &+ 8))
      let (c, d) = (f(i &+ 16), f(i &+ 24))
      store(o, i, a)
      store(o, i &+ 8, b)
      store(o, i &+ 16, c)
      store(o, i &+ 24, d)
      i &+= 32
    }
    while i &+ 8 <= n {
      store(o, i, f(i))
      i &+= 8
    }
  }
  while i < n {
    o[i] = one(i)
    i &+= 1
  }
}

/// Adds products to sums, each rounded as the two operations would round it.
///
/// - Parameter step: From one element of `p` to the next: 1, or 0 if there is one for all.
func addProduct(_ sum: F32, _ p: F32, step: Int, _ q: F32, _ n: Int) {
  parallel(n, grain: elementGrain) { lo, hi in
    if step == 1 {
      for i in lo..<hi { sum[i] += p[i] * q[i] }
    } else {
      let x = p[0]
      for i in lo..<hi { sum[i] += x * q[i] }
    }
  }
}
