import Glibc

/// e to the power of every element.
///
/// Infinite beyond 88.73 in `f32` and 709.79 in `f64`; integers give the default floating-point
/// dtype, as they do below but where they stay integers.
public func exp(_ x: Tensor) -> Tensor {
  unary(x, .exp).recorded(x) { y, g in y.a.receive(g * y) }
}

/// e^x - 1, accurate near 0 (PyTorch: `expm1`); at least -1.
public func expMinusOne(_ x: Tensor) -> Tensor {
  unary(x, .expMinusOne).recorded(x) { y, g in y.a.receive(g * (y + 1)) }
}

/// The natural logarithm: -∞ of 0, NaN of negative numbers; the gradient at 0 is infinite.
public func log(_ x: Tensor) -> Tensor {
  unary(x, .log).recorded(x) { y, g in y.a.receive(g / y.a) }
}

/// ln(1 + x), accurate near 0 (PyTorch: `log1p`): -∞ of -1, NaN below.
public func log(onePlus x: Tensor) -> Tensor {
  unary(x, .logOnePlus).recorded(x) { y, g in y.a.receive(g / (y.a + 1)) }
}

/// The logarithm to base 2: -∞ of 0, NaN of negative numbers.
public func log2(_ x: Tensor) -> Tensor {
  unary(x, .log2).recorded(x) { y, g in y.a.receive(g / (y.a * Glibc.log(2.0))) }
}

/// The logarithm to base 10: -∞ of 0, NaN of negative numbers.
public func log10(_ x: Tensor) -> Tensor {
  unary(x, .log10).recorded(x) { y, g in y.a.receive(g / (y.a * Glibc.log(10.0))) }
}

/// The square root, NaN of negative numbers; at 0 its gradient is infinite.
public func sqrt(_ x: Tensor) -> Tensor {
  unary(x, .sqrt).recorded(x) { y, g in y.in0.use { $0.receive(g / (y * 2)) } }
}

/// 1 / √x: infinite of 0, NaN of negative numbers.
public func rsqrt(_ x: Tensor) -> Tensor {
  unary(x, .rsqrt).recorded(x) { y, g in y.a.receive(g * -0.5 * (y * y * y)) }
}

/// x · x; integers stay integers.
public func square(_ x: Tensor) -> Tensor {
  unary(x, .square).recorded(x) { y, g in y.a.receive(g * (y.a * 2)) }
}

/// The absolute value; its gradient at 0 is 0, and integers stay integers.
///
/// - Precondition: The dtype is not bool.
public func abs(_ x: Tensor) -> Tensor {
  x.requireNumbers("abs")
  return unary(x, .abs).recorded(x) { y, g in y.a.receive(g * sign(y.a)) }
}

/// -1, 0 or 1 by the sign, 0 of NaN, and booleans as they are; its gradient is 0.
public func sign(_ x: Tensor) -> Tensor {
  if x.dtype == .bool { return x.clone() }
  return unary(x, .sign).recorded(x, saves: false) { y, _ in y.a.receive(Tensor.zeros(like: y.a)) }
}

/// The sine of radians; NaN of infinity.
public func sin(_ x: Tensor) -> Tensor {
  unary(x, .sin).recorded(x) { y, g in y.a.receive(g * cos(y.a)) }
}

/// The cosine of radians; NaN of infinity.
public func cos(_ x: Tensor) -> Tensor {
  unary(x, .cos).recorded(x) { y, g in y.a.receive(-g * sin(y.a)) }
}

/// The tangent of radians; NaN of infinity.
public func tan(_ x: Tensor) -> Tensor {
  unary(x, .tan).recorded(x) { y, g in y.a.receive(g * (y * y + 1)) }
}

/// The arc sine, in radians, in -π/2...π/2; NaN beyond -1...1, and at ±1 its gradient is infinite.
public func asin(_ x: Tensor) -> Tensor {
  unary(x, .asin).recorded(x) { y, g in y.a.receive(g * rsqrt(1 - y.a * y.a)) }
}

/// The arc cosine, in radians, in 0...π; NaN beyond -1...1, as after rounding of a cosine: clamp
/// first.
///
/// At ±1 its gradient is infinite.
public func acos(_ x: Tensor) -> Tensor {
  unary(x, .acos).recorded(x) { y, g in y.a.receive(-g * rsqrt(1 - y.a * y.a)) }
}

/// The arc tangent, in radians, in -π/2...π/2.
public func atan(_ x: Tensor) -> Tensor {
  unary(x, .atan).recorded(x) { y, g in y.a.receive(g / (y.a * y.a + 1)) }
}

/// The angle of the points (x, y), in radians, in -π...π.
///
/// At the origin the result is 0 or ±π by the signs, and the gradient NaN.
///
/// - Parameters:
///   - y: Ordinates, of any shape.
///   - x: Abscissas, of a shape that broadcasts with that of `y`.
/// - Precondition: The shapes broadcast.
public func atan2(
  _ y: Tensor, _ x: Tensor, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  return Tensor.apply(y, x, .atan2, "atan2", file, line).recorded(y, x) { r, g in
    let square = r.a * r.a + r.b * r.b
    r.a.receive(g * (r.b / square))
    r.b.receive(-g * (r.a / square))
  }
}

/// The hyperbolic sine, (e^x - e^-x) / 2.
public func sinh(_ x: Tensor) -> Tensor {
  unary(x, .sinh).recorded(x) { y, g in y.a.receive(g * cosh(y.a)) }
}

/// The hyperbolic cosine, (e^x + e^-x) / 2.
public func cosh(_ x: Tensor) -> Tensor {
  unary(x, .cosh).recorded(x) { y, g in y.a.receive(g * sinh(y.a)) }
}

/// The hyperbolic tangent, in -1...1.
public func tanh(_ x: Tensor) -> Tensor {
  unary(x, .tanh).recorded(x) { y, g in y.a.receive(g * (1 - y * y)) }
}

/// 1 / (1 + e^-x), in 0...1.
///
/// It rounds to 1 beyond 16.7 in `f32` and 36.8 in `f64`, where logarithms of 1 - sigmoid(x) fail:
/// take `logSigmoid`, or a loss that is given logits.
public func sigmoid(_ x: Tensor) -> Tensor {
  unary(x, .sigmoid).recorded(x) { y, g in y.a.receive(g * (1 - y) * y) }
}

/// 1 / x; infinite of 0, with its sign.
public func reciprocal(_ x: Tensor) -> Tensor {
  unary(x, .reciprocal).recorded(x) { y, g in y.a.receive(-g * (y * y)) }
}

/// The error function: 2/√π ∫₀ˣ e^(-t²) dt, in -1...1.
public func erf(_ x: Tensor) -> Tensor {
  unary(x, .erf).recorded(x) { y, g in
    y.a.receive(g * (exp(-(y.a * y.a)) * 1.1283791670955126))
  }
}

/// The largest whole number that is not larger; its gradient is 0, and integers stay as they are.
///
/// - Precondition: The dtype is not bool.
public func floor(_ x: Tensor) -> Tensor {
  x.requireNumbers("floor")
  return unary(x, .floor).recorded(x, saves: false) { y, _ in y.a.receive(Tensor.zeros(like: y.a)) }
}

/// The smallest whole number that is not smaller; its gradient is 0, and integers stay as they are.
///
/// - Precondition: The dtype is not bool.
public func ceil(_ x: Tensor) -> Tensor {
  x.requireNumbers("ceil")
  return unary(x, .ceil).recorded(x, saves: false) { y, _ in y.a.receive(Tensor.zeros(like: y.a)) }
}

/// The nearest number of so many decimals, halves to even; its gradient is 0.
///
/// - Parameters:
///   - x: Of any shape; integers stay as they are.
///   - decimals: Digits after the point; negative rounds to tens, hundreds…
/// - Precondition: The dtype is not bool.
public func round(
  _ x: Tensor, decimals: Int = 0, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  x.requireNumbers("round", file, line)
  let rounded: Tensor
  if decimals == 0 || !x.dtype.isFloatingPoint {
    rounded = unary(x, .round)
  } else {
    let ten = Glibc.pow(10.0, Double(Swift.abs(decimals)))
    rounded = noGrad {
      decimals > 0 ? unary(x * ten, .round) / ten : unary(x / ten, .round) * ten
    }
  }
  return rounded.recorded(x, saves: false) { y, _ in y.a.receive(Tensor.zeros(like: y.a)) }
}

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

/// The larger of two elements; NaN wins, and a tie shares its gradient.
///
/// - Parameters:
///   - x: Of any shape.
///   - y: Of a shape that broadcasts with that of `x`.
/// - Precondition: The shapes broadcast.
public func maximum(
  _ x: Tensor, _ y: Tensor, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  Tensor.apply(x, y, .maximum, "maximum", file, line).recorded(x, y) { r, g in
    let shared = `where`(r.a .== r.b, g / 2, g)
    let zero = Tensor.zeros(like: g)
    r.a.receive(`where`(r.a .< r.b, zero, shared).to(r.a.dtype))
    r.b.receive(`where`(r.a .> r.b, zero, shared).to(r.b.dtype))
  }
}

/// The smaller of two elements; NaN wins, and a tie shares its gradient.
///
/// - Parameters:
///   - x: Of any shape.
///   - y: Of a shape that broadcasts with that of `x`.
/// - Precondition: The shapes broadcast.
public func minimum(
  _ x: Tensor, _ y: Tensor, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  Tensor.apply(x, y, .minimum, "minimum", file, line).recorded(x, y) { r, g in
    let shared = `where`(r.a .== r.b, g / 2, g)
    let zero = Tensor.zeros(like: g)
    r.a.receive(`where`(r.a .> r.b, zero, shared).to(r.a.dtype))
    r.b.receive(`where`(r.a .< r.b, zero, shared).to(r.b.dtype))
  }
}

/// `condition ? x : y` for every element; all three broadcast.
///
/// - Parameters:
///   - condition: Which of the two to take; bool.
///   - x: What is taken where the condition is true.
///   - y: What is taken where it is false.
/// - Returns: The broadcast shape and the promoted dtype; each gradient is 0 where the other is
///   taken.
/// - Precondition: The condition is of dtype bool, and the shapes broadcast.
public func `where`(
  _ condition: Tensor, _ x: Tensor, _ y: Tensor, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  require(
    condition.dtype == .bool,
    "where needs a condition of dtype bool, got \(condition.dtype); compare, as in x .> 0",
    file: file, line: line)
  let dtype = promoted(x, y)
  let dims = broadcastDims(x, y, "where", file, line)
  guard let all = Dims.broadcast(dims, condition.dims) else {
    refuse(
      "where needs shapes that broadcast, got \(condition.shape), \(x.shape) and \(y.shape); "
        + "compare sizes from the right: equal, or 1", file: file, line: line)
  }
  return select(condition, x.cast(to: dtype), y.cast(to: dtype), all)
    .recorded([condition, x, y]) { r, g in
      guard let inputs = r.more else { return }
      let zero = Tensor.zeros(like: g)
      inputs[1].receive(`where`(inputs[0], g, zero).to(inputs[1].dtype))
      inputs[2].receive(`where`(inputs[0], zero, g).to(inputs[2].dtype))
    }
}

/// `condition ? x : value` for every element.
///
/// - Parameters:
///   - condition: Which of the two to take; bool.
///   - x: What is taken where the condition is true.
///   - value: What is taken where it is false.
/// - Precondition: The condition is of dtype bool, and the shapes broadcast.
public func `where`(
  _ condition: Tensor, _ x: Tensor, _ value: Double, file: StaticString = #file,
  line: UInt = #line
) -> Tensor { `where`(condition, x, x.operand(value), file: file, line: line) }

/// `condition ? value : y` for every element.
///
/// - Parameters:
///   - condition: Which of the two to take; bool.
///   - value: What is taken where the condition is true.
///   - y: What is taken where it is false.
/// - Precondition: The condition is of dtype bool, and the shapes broadcast.
public func `where`(
  _ condition: Tensor, _ value: Double, _ y: Tensor, file: StaticString = #file,
  line: UInt = #line
) -> Tensor { `where`(condition, y.operand(value), y, file: file, line: line) }

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

/// ln Γ(x); not differentiable here.
func logGamma(_ x: Tensor) -> Tensor { unary(x, .lgamma) }

extension Tensor {
  /// Limits every element to a range; the gradient passes at the bounds, and NaN stays NaN.
  public func clamped(to range: ClosedRange<Double>) -> Tensor {
    clamped(min: range.lowerBound, max: range.upperBound)
  }

  /// Limits every element from below, above or both; where the bounds cross, `max` wins.
  ///
  /// Integers stay integers between whole bounds.
  ///
  /// The gradient passes at the bounds, and is 0 beyond them.
  ///
  /// - Parameters:
  ///   - min: The smallest result; `nil` leaves that end open.
  ///   - max: The largest result; `nil` leaves that end open.
  public func clamped(min: Double? = nil, max: Double? = nil) -> Tensor {
    var y = self
    if let min { y = Tensor.apply(y, bound(min), .maximum, "clamped") }
    if let max { y = Tensor.apply(y, bound(max), .minimum, "clamped") }
    let low = min ?? -.infinity
    let high = max ?? .infinity
    // Without bounds the result would be this very tensor.
    if y === self { y = copied() }
    return y.recorded(self) { y, g in
      var inside = y.a .>= low
      inside = inside.logicalAnd(y.a .<= high)
      y.a.receive(`where`(inside, g, Tensor.zeros(like: g)))
    }
  }

  private func bound(_ value: Double) -> Tensor {
    dtype == .i64 && value == value.rounded() && Swift.abs(value) < 0x1p53
      ? Tensor.scalar(value, .i64) : operand(value)
  }

  /// Limits every element by tensors that broadcast; at a tie the gradient is this tensor's.
  ///
  /// - Parameters:
  ///   - min: The smallest results; `nil` leaves that end open.
  ///   - max: The largest results, which win where bounds cross; `nil` leaves that end open.
  /// - Precondition: The shapes broadcast.
  public func clamped(
    min: Tensor?, max: Tensor?, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    var y = self
    if let min { y = Tensor.apply(y, min, .maximum, "clamped", file, line) }
    if let max { y = Tensor.apply(y, max, .minimum, "clamped", file, line) }
    if y === self { y = copied() }
    let low = min ?? operand(-.infinity)
    let high = max ?? operand(.infinity)
    let hasHigh = max != nil
    return y.recorded(self, low, high) { y, g in
      let (x, low, high) = (y.a, y.b, y.c)
      let zero = Tensor.zeros(like: g)
      let inside = (x .>= low).logicalAnd(x .<= high)
      x.receive(`where`(inside, g, zero).to(x.dtype))
      let isBelow = hasHigh ? (x .< low).logicalAnd(low .< high) : x .< low
      low.receive(`where`(isBelow, g, zero).to(low.dtype))
      high.receive(
        `where`((x .> high).logicalOr(low .> high), g, zero).to(high.dtype))
    }
  }

  /// Limits every element in place.
  ///
  /// - Precondition: A leaf that requires a gradient is changed inside `noGrad`.
  public func clamp(
    to range: ClosedRange<Double>, file: StaticString = #file, line: UInt = #line
  ) { overwrite(noGrad { clamped(to: range) }, file: file, line: line) }
}
