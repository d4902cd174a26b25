import CMathKernels
import Glibc

/// Functions of two elements that give an element of the same type.
enum BinaryOp {
  case add, sub, mul, div, pow, maximum, minimum, floorDiv, truncDiv, xlogy, atan2, remainder
  // Gradient rules of one pass: where(b > 0, a, 0) and its like.
  case gatePositive, gateAbs
}

/// Functions of two elements that give a truth value.
enum CompareOp { case eq, ne, lt, le, gt, ge }

/// Applies a function to every pair of elements of two tensors of one dtype that broadcast.
@inline(__always)
func binary(_ a: Tensor, _ b: Tensor, _ op: BinaryOp, _ dims: Dims) -> Tensor {
  let out = a.dims == dims ? Tensor(emptyLike: a, a.dtype) : Tensor(empty: dims, a.dtype)
  switch a.dtype {
  case .f32: binaryF32(op, a, b, out)
  case .f64: binaryF64(op, a, b, out)
  default: binaryInteger(op, a, b, out)
  }
  return out
}

/// Applies a function to every element of a tensor and a number; `nil` unless the elements are a few floats
/// side by side, or one for all, for which making a tensor of the number would take most of the time.
@inline(__always)
func binary(_ x: Tensor, _ op: BinaryOp, _ value: Double, numberFirst: Bool) -> Tensor? {
  guard x.dtype == .f32, x.count <= elementGrain, let step = x.plainStep(x.count) else {
    return nil
  }
  let out = Tensor(emptyLike: x, .f32)
  var number = Float(value)
  return withUnsafeMutablePointer(to: &number) { number in
    let isDone =
      numberFirst
      ? floatPairs(op, number, 0, x.f32, step, out.f32, x.count, streams: false)
      : floatPairs(op, x.f32, step, number, 0, out.f32, x.count, streams: false)
    return isDone ? out : nil
  }
}

/// Adds a tensor to a packed one of its shape and dtype.
func addInPlace(_ sum: Tensor, _ x: Tensor) {
  switch sum.dtype {
  case .f32: binaryF32(.add, sum, x, sum)
  case .f64: binaryF64(.add, sum, x, sum)
  default: binaryInteger(.add, sum, x, sum)
  }
}

extension Tensor {
  /// The step from one of `n` results to the next through these elements, if it is the same everywhere:
  /// 1 if they lie side by side, 0 if there is one for all.
  @inline(__always)
  func plainStep(_ n: Int) -> Int? {
    if isContiguous && count == n { return 1 }
    return count == 1 || (count == n && strides.areZero) ? 0 : nil
  }
}

/// Cuts the pairs of elements into runs of constant steps and calls `run` on each, in parallel if
/// there are many: first elements and steps of both, first result, length.
@inline(__always)
func walk<A, O>(
  _ a: Tensor, _ b: Tensor, _ out: Tensor, _ type: A.Type, _ result: O.Type,
  _ run: (
    UnsafeMutablePointer<A>, Int, UnsafeMutablePointer<A>, Int, UnsafeMutablePointer<O>, Int
  ) -> Void
) {
  let p = a.pointer(A.self)
  let q = b.pointer(A.self)
  let o = out.pointer(O.self)
  let n = out.count
  if let sa = a.plainStep(n), let sb = b.plainStep(n) {
    if n <= elementGrain {
      run(p, sa, q, sb, o, n)
    } else {
      parallel(n, grain: elementGrain) { lo, hi in
        run(p + lo &* sa, sa, q + lo &* sb, sb, o + lo, hi &- lo)
      }
    }
    return
  }
  let dims = out.dims
  let rank = dims.rank
  let sa = a.strides.broadcast(from: a.dims, to: dims)
  let sb = b.strides.broadcast(from: b.dims, to: dims)
  let width = rank == 0 ? 1 : dims[rank - 1]
  let (da, db) = rank == 0 ? (0, 0) : (sa[rank - 1], sb[rank - 1])
  if rank < 2 || n <= elementGrain {
    forEachRun(dims, sa, sb) { ia, ib, io in run(p + ia, da, q + ib, db, o + io, width) }
    return
  }
  let slab = n / dims[0]
  parallel(dims[0], grain: Swift.max(1, elementGrain / Swift.max(1, slab))) { lo, hi in
    var part = dims
    part[0] = hi - lo
    let (x, y, z) = (p + lo * sa[0], q + lo * sb[0], o + lo * slab)
    forEachRun(part, sa, sb) { ia, ib, io in run(x + ia, da, y + ib, db, z + io, width) }
  }
}

/// Calls `f` on a run of pairs; the plain cases first, which the compiler turns into vector loops.
@inline(__always)
private func each<A, O>(
  _ p: UnsafeMutablePointer<A>, _ sp: Int, _ q: UnsafeMutablePointer<A>, _ sq: Int,
  _ o: UnsafeMutablePointer<O>, _ n: Int, _ f: (A, A) -> O
) {
  var i = 0
  if sp == 1 && sq == 1 {
    while i < n {
      o[i] = f(p[i], q[i])
      i &+= 1
    }
  } else if sp == 1 && sq == 0 {
    let y = q[0]
    while i < n {
      o[i] = f(p[i], y)
      i &+= 1
    }
  } else if sp == 0 && sq == 1 {
    let x = p[0]
    while i < n {
      o[i] = f(x, q[i])
      i &+= 1
    }
  } else {
    while i < n {
      o[i] = f(p[i &* sp], q[i &* sq])
      i &+= 1
    }
  }
}

@inline(__always)
private func binaryF32(_ op: BinaryOp, _ a: Tensor, _ b: Tensor, _ o: Tensor) {
  // What most calls are: a sum or a product of a few numbers that lie side by side.
  let n = o.count
  if n <= elementGrain, let sa = a.plainStep(n), let sb = b.plainStep(n),
    floatPairs(op, a.f32, sa, b.f32, sb, o.f32, n, streams: false)
  {
    return
  }
  binaryF32InParts(op, a, b, o)
}

@inline(never)
private func binaryF32InParts(_ op: BinaryOp, _ a: Tensor, _ b: Tensor, _ o: Tensor) {
  // A sum in place reads what it writes: that stays in the cache.
  let streams = o.count >= streamedCount && o !== a
  walk(a, b, o, Float.self, Float.self) { p, sp, q, sq, r, n in
    if floatPairs(op, p, sp, q, sq, r, n, streams: streams) { return }
    switch op {
    case .add: each(p, sp, q, sq, r, n) { $0 + $1 }
    case .sub: each(p, sp, q, sq, r, n) { $0 - $1 }
    case .mul: each(p, sp, q, sq, r, n) { $0 * $1 }
    case .div: each(p, sp, q, sq, r, n) { $0 / $1 }
    case .maximum: each(p, sp, q, sq, r, n) { $0 > $1 || $0.isNaN ? $0 : $1 }
    case .minimum: each(p, sp, q, sq, r, n) { $0 < $1 || $0.isNaN ? $0 : $1 }
    case .pow: each(p, sp, q, sq, r, n) { Glibc.powf($0, $1) }
    case .floorDiv: each(p, sp, q, sq, r, n) { Float(floorDivided(Double($0), Double($1))) }
    case .truncDiv: each(p, sp, q, sq, r, n) { ($0 / $1).rounded(.towardZero) }
    case .xlogy: each(p, sp, q, sq, r, n) { $0 == 0 && !$1.isNaN ? 0 : $0 * Glibc.logf($1) }
    case .atan2: each(p, sp, q, sq, r, n) { Glibc.atan2f($0, $1) }
    case .remainder: each(p, sp, q, sq, r, n) { Float(floorRemainder(Double($0), Double($1))) }
    case .gatePositive: each(p, sp, q, sq, r, n) { $1 <= 0 ? 0 : $0 }
    case .gateAbs:
      each(p, sp, q, sq, r, n) { $1 > 0 ? $0 : $1 < 0 ? -$0 : $0 * ($1.isNaN ? .nan : 0) }
    }
  }
}

@inline(never)
private func binaryF64(_ op: BinaryOp, _ a: Tensor, _ b: Tensor, _ o: Tensor) {
  walk(a, b, o, Double.self, Double.self) { p, sp, q, sq, r, n in
    switch op {
    case .add: each(p, sp, q, sq, r, n) { $0 + $1 }
    case .sub: each(p, sp, q, sq, r, n) { $0 - $1 }
    case .mul: each(p, sp, q, sq, r, n) { $0 * $1 }
    case .div: each(p, sp, q, sq, r, n) { $0 / $1 }
    case .maximum: each(p, sp, q, sq, r, n) { $0 > $1 || $0.isNaN ? $0 : $1 }
    case .minimum: each(p, sp, q, sq, r, n) { $0 < $1 || $0.isNaN ? $0 : $1 }
    case .pow: each(p, sp, q, sq, r, n) { Glibc.pow($0, $1) }
    case .floorDiv: each(p, sp, q, sq, r, n) { floorDivided($0, $1) }
    case .truncDiv: each(p, sp, q, sq, r, n) { ($0 / $1).rounded(.towardZero) }
    case .xlogy: each(p, sp, q, sq, r, n) { $0 == 0 && !$1.isNaN ? 0 : $0 * Glibc.log($1) }
    case .atan2: each(p, sp, q, sq, r, n) { Glibc.atan2($0, $1) }
    case .remainder: each(p, sp, q, sq, r, n) { floorRemainder($0, $1) }
    case .gatePositive: each(p, sp, q, sq, r, n) { $1 <= 0 ? 0 : $0 }
    case .gateAbs:
      each(p, sp, q, sq, r, n) { $1 > 0 ? $0 : $1 < 0 ? -$0 : $0 * ($1.isNaN ? .nan : 0) }
    }
  }
}

@inline(__always)
private func combine<A, O>(
  _ a: Tensor, _ b: Tensor, _ out: Tensor, _ type: A.Type, _ f: (A, A) -> O
) {
  walk(a, b, out, A.self, O.self) { p, sp, q, sq, r, n in each(p, sp, q, sq, r, n, f) }
}

/// Floor of the exact quotient, as Python divides: from the remainder, not from the rounded quotient.
@inline(__always)
private func floorDivided(_ a: Double, _ b: Double) -> Double {
  if b == 0 { return a / b }
  let remainder = Glibc.fmod(a, b)
  var quotient = (a - remainder) / b
  if remainder != 0 && (b < 0) != (remainder < 0) { quotient -= 1 }
  if quotient == 0 { return Double(signOf: a / b, magnitudeOf: 0) }
  let floor = quotient.rounded(.down)
  return quotient - floor > 0.5 ? floor + 1 : floor
}

@inline(__always)
private func floorRemainder(_ a: Double, _ b: Double) -> Double {
  let remainder = Glibc.fmod(a, b)
  return remainder != 0 && (b < 0) != (remainder < 0) ? remainder + b : remainder
}

@inline(never)
private func binaryInteger(_ op: BinaryOp, _ a: Tensor, _ b: Tensor, _ o: Tensor) {
  if a.dtype == .bool {
    let t = Bool.self
    switch op {
    case .add, .maximum: combine(a, b, o, t) { $0 || $1 }
    case .mul, .minimum: combine(a, b, o, t) { $0 && $1 }
    default: refuse("\(op) needs numbers, got bool tensors; convert one with to(.i64)")
    }
    return
  }
  let t = Int.self
  switch op {
  case .add: combine(a, b, o, t) { $0 &+ $1 }
  case .sub: combine(a, b, o, t) { $0 &- $1 }
  case .mul: combine(a, b, o, t) { $0 &* $1 }
  case .maximum: combine(a, b, o, t) { Swift.max($0, $1) }
  case .minimum: combine(a, b, o, t) { Swift.min($0, $1) }
  case .truncDiv:
    refuseZero(b)
    combine(a, b, o, t) { $0 / $1 }
  case .floorDiv:
    refuseZero(b)
    combine(a, b, o, t) { x, y in
      let q = x / y
      return x % y != 0 && (x < 0) != (y < 0) ? q - 1 : q
    }
  case .remainder:
    refuseZero(b)
    combine(a, b, o, t) { x, y in
      let r = x % y
      return r != 0 && (r < 0) != (y < 0) ? r + y : r
    }
  case .pow: combine(a, b, o, t) { integerPower($0, $1) }
  default: refuse("\(op) needs floating-point numbers; convert with to(.f32)")
  }
}

private func refuseZero(_ b: Tensor) {
  let b = b.packed()
  for i in 0..<b.count where b.i64[i] == 0 {
    refuse("integer division needs divisors other than 0; convert with to(.f32)")
  }
}

/// A power of integers; with a negative exponent what is left of the fraction, as in PyTorch.
private func integerPower(_ base: Int, _ exponent: Int) -> Int {
  if exponent < 0 { return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0 }
  var result = 1
  var b = base
  var e = exponent
  while e > 0 {
    if e & 1 == 1 { result = result &* b }
    b = b &* b
    e >>= 1
  }
  return result
}

/// Compares every pair of elements of two tensors of one dtype that broadcast.
func compare(_ a: Tensor, _ b: Tensor, _ op: CompareOp, _ dims: Dims) -> Tensor {
  let out = Tensor(empty: dims, .bool)
  switch a.dtype {
  case .f32: compareElements(a, b, out, op, Float.self)
  case .f64: compareElements(a, b, out, op, Double.self)
  case .i64: compareElements(a, b, out, op, Int.self)
  case .bool: compareElements(a, b, out, op, UInt8.self)
  }
  return out
}

@inline(__always)
private func compareElements<T: Comparable>(
  _ a: Tensor, _ b: Tensor, _ o: Tensor, _ op: CompareOp, _ t: T.Type
) {
  switch op {
  case .eq: combine(a, b, o, t) { $0 == $1 }
  case .ne: combine(a, b, o, t) { $0 != $1 }
  case .lt: combine(a, b, o, t) { $0 < $1 }
  case .le: combine(a, b, o, t) { $0 <= $1 }
  case .gt: combine(a, b, o, t) { $0 > $1 }
  case .ge: combine(a, b, o, t) { $0 >= $1 }
  }
}

/// `condition ? a : b` for every element; all three broadcast to `dims`.
func select(_ condition: Tensor, _ a: Tensor, _ b: Tensor, _ dims: Dims) -> Tensor {
  let out = Tensor(empty: dims, a.dtype)
  let c = condition.shown(as: dims).packed()
  let x = a.count == 1 ? a : a.shown(as: dims).packed()
  let y = b.count == 1 ? b : b.shown(as: dims).packed()
  switch a.dtype.size {
  case 1: selectElements(c, x, y, out, UInt8.self)
  case 4: selectElements(c, x, y, out, UInt32.self)
  default: selectElements(c, x, y, out, UInt64.self)
  }
  return out
}

@inline(__always)
private func selectElements<T>(
  _ c: Tensor, _ x: Tensor, _ y: Tensor, _ out: Tensor, _ t: T.Type
) {
  let p = x.pointer(t)
  let q = y.pointer(t)
  let o = out.pointer(t)
  let sx = x.count == 1 ? 0 : 1
  let sy = y.count == 1 ? 0 : 1
  for i in 0..<out.count { o[i] = c.bool[i] ? p[i &* sx] : q[i &* sy] }
}
