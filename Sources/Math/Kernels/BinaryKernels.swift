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
  let out = Tensor(empty: dims, a.dtype)
  switch a.dtype {
  case .f32: binaryF32(op, a, b, out)
  case .f64: binaryF64(op, a, b, out)
  default: binaryInteger(op, a, b, out)
  }
  return out
}

/// Calls `f` on every pair; the plain cases first, which the compiler turns into vector loops.
@inline(__always)
func combine<A, O>(
  _ a: Tensor, _ b: Tensor, _ out: Tensor, _ type: A.Type, _ result: O.Type, _ f: (A, A) -> O
) {
  let p = a.pointer(A.self)
  let q = b.pointer(A.self)
  let o = out.pointer(O.self)
  let n = out.count
  if a.isContiguous && b.isContiguous && a.count == n && b.count == n {
    if n <= elementGrain {
      var i = 0
      while i < n {
        o[i] = f(p[i], q[i])
        i &+= 1
      }
    } else {
      parallel(n, grain: elementGrain) { lo, hi in
        var i = lo
        while i < hi {
          o[i] = f(p[i], q[i])
          i &+= 1
        }
      }
    }
    return
  }
  if b.count == 1 && a.isContiguous && a.count == n {
    let y = q[0]
    parallel(n, grain: elementGrain) { lo, hi in
      var i = lo
      while i < hi {
        o[i] = f(p[i], y)
        i &+= 1
      }
    }
    return
  }
  if a.count == 1 && b.isContiguous && b.count == n {
    let x = p[0]
    parallel(n, grain: elementGrain) { lo, hi in
      var i = lo
      while i < hi {
        o[i] = f(x, q[i])
        i &+= 1
      }
    }
    return
  }
  let sa = a.strides.broadcast(from: a.dims, to: out.dims)
  let sb = b.strides.broadcast(from: b.dims, to: out.dims)
  let rank = out.dims.rank
  let width = rank == 0 ? 1 : out.dims[rank - 1]
  let da = rank == 0 ? 0 : sa[rank - 1]
  let db = rank == 0 ? 0 : sb[rank - 1]
  forEachRun(out.dims, sa, sb) { ia, ib, io in
    let x = p + ia
    let y = q + ib
    let z = o + io
    var i = 0
    if da == 1 && db == 1 {
      while i < width {
        z[i] = f(x[i], y[i])
        i &+= 1
      }
    } else if da == 1 && db == 0 {
      let v = y[0]
      while i < width {
        z[i] = f(x[i], v)
        i &+= 1
      }
    } else if da == 0 && db == 1 {
      let v = x[0]
      while i < width {
        z[i] = f(v, y[i])
        i &+= 1
      }
    } else {
      while i < width {
        z[i] = f(x[i &* da], y[i &* db])
        i &+= 1
      }
    }
  }
}

@inline(never)
private func binaryF32(_ op: BinaryOp, _ a: Tensor, _ b: Tensor, _ o: Tensor) {
  let t = Float.self
  switch op {
  case .add: combine(a, b, o, t, t) { $0 + $1 }
  case .sub: combine(a, b, o, t, t) { $0 - $1 }
  case .mul: combine(a, b, o, t, t) { $0 * $1 }
  case .div: combine(a, b, o, t, t) { $0 / $1 }
  case .maximum: combine(a, b, o, t, t) { $0 > $1 || $0.isNaN ? $0 : $1 }
  case .minimum: combine(a, b, o, t, t) { $0 < $1 || $0.isNaN ? $0 : $1 }
  case .pow: combine(a, b, o, t, t) { Glibc.powf($0, $1) }
  case .floorDiv: combine(a, b, o, t, t) { Float(floorDivided(Double($0), Double($1))) }
  case .truncDiv: combine(a, b, o, t, t) { ($0 / $1).rounded(.towardZero) }
  case .xlogy: combine(a, b, o, t, t) { $0 == 0 && !$1.isNaN ? 0 : $0 * Glibc.logf($1) }
  case .atan2: combine(a, b, o, t, t) { Glibc.atan2f($0, $1) }
  case .remainder: combine(a, b, o, t, t) { Float(floorRemainder(Double($0), Double($1))) }
  case .gatePositive: combine(a, b, o, t, t) { $1 <= 0 ? 0 : $0 }
  case .gateAbs: combine(a, b, o, t, t) { $1 > 0 ? $0 : $1 < 0 ? -$0 : $0 * ($1.isNaN ? .nan : 0) }
  }
}

@inline(never)
private func binaryF64(_ op: BinaryOp, _ a: Tensor, _ b: Tensor, _ o: Tensor) {
  let t = Double.self
  switch op {
  case .add: combine(a, b, o, t, t) { $0 + $1 }
  case .sub: combine(a, b, o, t, t) { $0 - $1 }
  case .mul: combine(a, b, o, t, t) { $0 * $1 }
  case .div: combine(a, b, o, t, t) { $0 / $1 }
  case .maximum: combine(a, b, o, t, t) { $0 > $1 || $0.isNaN ? $0 : $1 }
  case .minimum: combine(a, b, o, t, t) { $0 < $1 || $0.isNaN ? $0 : $1 }
  case .pow: combine(a, b, o, t, t) { Glibc.pow($0, $1) }
  case .floorDiv: combine(a, b, o, t, t) { floorDivided($0, $1) }
  case .truncDiv: combine(a, b, o, t, t) { ($0 / $1).rounded(.towardZero) }
  case .xlogy: combine(a, b, o, t, t) { $0 == 0 && !$1.isNaN ? 0 : $0 * Glibc.log($1) }
  case .atan2: combine(a, b, o, t, t) { Glibc.atan2($0, $1) }
  case .remainder: combine(a, b, o, t, t) { floorRemainder($0, $1) }
  case .gatePositive: combine(a, b, o, t, t) { $1 <= 0 ? 0 : $0 }
  case .gateAbs: combine(a, b, o, t, t) { $1 > 0 ? $0 : $1 < 0 ? -$0 : $0 * ($1.isNaN ? .nan : 0) }
  }
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
    case .add, .maximum: combine(a, b, o, t, t) { $0 || $1 }
    case .mul, .minimum: combine(a, b, o, t, t) { $0 && $1 }
    default: refuse("\(op) needs numbers, got bool tensors; convert one with to(.i64)")
    }
    return
  }
  let t = Int.self
  switch op {
  case .add: combine(a, b, o, t, t) { $0 &+ $1 }
  case .sub: combine(a, b, o, t, t) { $0 &- $1 }
  case .mul: combine(a, b, o, t, t) { $0 &* $1 }
  case .maximum: combine(a, b, o, t, t) { Swift.max($0, $1) }
  case .minimum: combine(a, b, o, t, t) { Swift.min($0, $1) }
  case .truncDiv:
    refuseZero(b)
    combine(a, b, o, t, t) { $0 / $1 }
  case .floorDiv:
    refuseZero(b)
    combine(a, b, o, t, t) { x, y in
      let q = x / y
      return x % y != 0 && (x < 0) != (y < 0) ? q - 1 : q
    }
  case .remainder:
    refuseZero(b)
    combine(a, b, o, t, t) { x, y in
      let r = x % y
      return r != 0 && (r < 0) != (y < 0) ? r + y : r
    }
  case .pow:
    for i in 0..<b.count where b.packed().i64[i] < 0 {
      refuse("pow of integers needs exponents of 0 or more; convert with to(.f32)")
    }
    combine(a, b, o, t, t) { integerPower($0, $1) }
  default: refuse("\(op) needs floating-point numbers; convert with to(.f32)")
  }
}

private func refuseZero(_ b: Tensor) {
  let b = b.packed()
  for i in 0..<b.count where b.i64[i] == 0 {
    refuse("integer division needs divisors other than 0; convert with to(.f32)")
  }
}

private func integerPower(_ base: Int, _ exponent: Int) -> Int {
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
  case .eq: combine(a, b, o, t, Bool.self) { $0 == $1 }
  case .ne: combine(a, b, o, t, Bool.self) { $0 != $1 }
  case .lt: combine(a, b, o, t, Bool.self) { $0 < $1 }
  case .le: combine(a, b, o, t, Bool.self) { $0 <= $1 }
  case .gt: combine(a, b, o, t, Bool.self) { $0 > $1 }
  case .ge: combine(a, b, o, t, Bool.self) { $0 >= $1 }
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
