/// x to the power of y, element by element; 0⁰ is 1.
///
/// Integers to negative powers are 0, and those of 1 and -1 are 1 or -1.
///
/// A finite negative number to a fractional power is NaN. The gradient for `y` is 0 where a base of
/// 0 has an exponent of 0 or more, and NaN where the base is negative.
///
/// - Parameters:
///   - x: Bases, of any shape.
///   - y: Exponents, of a shape that broadcasts with that of `x`.
/// - Precondition: The shapes broadcast.
public func pow(
  _ x: Tensor, _ y: Tensor, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  return Tensor.apply(x, y, .pow, "pow", file, line).recorded(x, y) { r, g in
    r.a.receive(
      `where`(r.b .== 0, Tensor.zeros(like: g), g * (r.b * pow(r.a, r.b - 1))).to(r.a.dtype))
    r.b.receive(exponentGradient(g, r.a, r.b, r).to(r.b.dtype))
  }
}

private func exponentGradient(_ g: Tensor, _ base: Tensor, _ exponent: Tensor, _ result: Tensor)
  -> Tensor
{
  // At base 0 the power does not change with an exponent of 0 or more.
  `where`(
    (base .== 0).logicalAnd(exponent .>= 0), Tensor.zeros(like: g), g * (result * log(base)))
}

/// Every element to one power.
///
/// A finite negative number to a fractional power is NaN, and so is -∞ to the power 0.5.
///
/// - Parameters:
///   - x: Bases, of any shape; integers give the default floating-point dtype.
///   - exponent: The power; with 0 the gradient is 0 everywhere.
public func pow(_ x: Tensor, _ exponent: Double) -> Tensor {
  // The special cases are PyTorch's: they differ from the power at -0 and -∞.
  let power: Tensor
  switch x.dtype.isFloatingPoint ? exponent : 0 {
  case 0.5: power = unary(x, .sqrt)
  case 2: power = unary(x, .square)
  case -0.5: power = unary(x, .rsqrt)
  case -1: power = unary(x, .reciprocal)
  case -2: power = unary(unary(x, .square), .reciprocal)
  default: power = Tensor.apply(x, x.operand(exponent), .pow, "pow")
  }
  return power.recorded(x, scalar: exponent) { y, g in
    let p = y.scalar
    y.a.receive(
      p == 0
        ? Tensor.zeros(like: g) : p == 1 ? g : p == 2 ? g * (y.a * 2) : g * (pow(y.a, p - 1) * p))
  }
}

/// Every element to one whole power; integers stay integers.
///
/// - Parameters:
///   - x: Bases, of any shape.
///   - exponent: The power.
/// - Precondition: Integers have an exponent of 0 or more.
public func pow(
  _ x: Tensor, _ exponent: Int, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  if x.dtype.isFloatingPoint { return pow(x, Double(exponent)) }
  require(
    exponent >= 0,
    "pow of integers needs an exponent of 0 or more, got \(exponent); "
      + "convert with to(.f32)", file: file, line: line)
  return pow(x, x.operand(exponent), file: file, line: line)
}

/// One whole base to every element.
///
/// - Parameters:
///   - base: The base; beside integers the results are integers.
///   - x: Exponents, of any shape.
public func pow(_ base: Int, _ x: Tensor) -> Tensor { pow(x.operand(base), x) }

/// One base to every element.
///
/// - Parameters:
///   - base: The base; a negative one gives NaN for a fraction.
///   - x: Exponents, of any shape; integers give the default floating-point dtype.
public func pow(_ base: Double, _ x: Tensor) -> Tensor { pow(x.operand(base), x) }

/// x · ln y, and 0 where x is 0 unless y is NaN.
///
/// Where x is 0 and y is not above 0, the gradient for x is 0.
///
/// - Parameters:
///   - x: Factors, of any shape.
///   - y: Arguments of the logarithm, of a shape that broadcasts with that of `x`.
/// - Precondition: The shapes broadcast.
public func xlogy(
  _ x: Tensor, _ y: Tensor, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let a = x.dtype.isFloatingPoint || y.dtype.isFloatingPoint ? x : x.cast(to: defaultDType)
  return Tensor.apply(a, y, .xlogy, "xlogy", file, line).recorded(x, y) { r, g in
    r.a.receive(
      `where`(
        (r.a .== 0).logicalAnd(r.b .<= 0), Tensor.zeros(like: g), xlogy(g, r.b)
      ).to(r.a.dtype))
    r.b.receive((g * r.a / r.b).to(r.b.dtype))
  }
}

/// x · ln y with one number y.
///
/// Where x is 0 the gradient is 0 unless y is above 0, also if y is NaN.
///
/// - Parameters:
///   - x: Factors, of any shape.
///   - y: The argument of the logarithm.
public func xlogy(_ x: Tensor, _ y: Double) -> Tensor {
  let a = x.dtype.isFloatingPoint ? x : x.cast(to: defaultDType)
  return Tensor.apply(a, a.operand(y), .xlogy, "xlogy").recorded(x, scalar: y) { r, g in
    let slope = xlogy(g, g.operand(r.scalar))
    r.a.receive(r.scalar > 0 ? slope : slope.maskedFilled(r.a .== 0, 0))
  }
}

/// x · ln y with one number x.
///
/// With x = 0 the result is 0 unless y is NaN.
///
/// - Parameters:
///   - x: The factor.
///   - y: Arguments of the logarithm, of any shape.
public func xlogy(_ x: Double, _ y: Tensor) -> Tensor {
  let b = y.dtype.isFloatingPoint ? y : y.cast(to: defaultDType)
  return Tensor.apply(b.operand(x), b, .xlogy, "xlogy").recorded(y, scalar: x) { r, g in
    r.a.receive(g * r.scalar / r.a)
  }
}
