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

/// ln Γ(x); not differentiable here.
func logGamma(_ x: Tensor) -> Tensor { unary(x, .lgamma) }
