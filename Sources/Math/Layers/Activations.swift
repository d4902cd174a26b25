import Glibc

/// max(0, x); the gradient at 0 is 0, and NaN stays NaN.
///
/// - Precondition: The dtype is not bool.
public func relu(_ x: Tensor) -> Tensor {
  x.requireNumbers("relu")
  return unary(x, .relu).recorded(x) { y, g in y.a.receive(g.gated(y)) }
}

extension Tensor {
  /// This tensor where another of its shape is above 0 or NaN, and else 0: what `relu` passes back.
  func gated(_ y: Tensor) -> Tensor {
    binary(self, y, .gatePositive, dims).recorded(self, y) { r, g in
      r.a.receive(g.gated(r.b))
      r.b.receive(Tensor.zeros(like: r.b))
    }
  }
}

/// x where x > 0, else `negativeSlope` · x.
///
/// The gradient at 0 is `negativeSlope`.
///
/// - Parameters:
///   - x: Of any shape.
///   - negativeSlope: What negative elements are multiplied by; 0 is `relu`.
/// - Precondition: The elements are floating-point numbers.
///
/// Source: Maas, Hannun and Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models,
/// 2013.
public func leakyRelu(
  _ x: Tensor, negativeSlope: Double = 0.01, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  x.requireFloat("leakyRelu", file, line)
  return noGrad { `where`(x .> 0, x, x * negativeSlope) }
    .recorded(x, scalar: negativeSlope) { y, g in
      y.a.receive(`where`(y.a .> 0, g, g * y.scalar))
    }
}

/// x where x > 0, else alpha · (e^x - 1).
///
/// The gradient at 0 is `alpha`: continuous for 1 alone.
///
/// - Parameters:
///   - x: Of any shape.
///   - alpha: The result for x → -∞ is -alpha.
/// - Precondition: The elements are floating-point numbers.
///
/// Source: Clevert, Unterthiner and Hochreiter, Exponential Linear Units, 2016, arXiv:1511.07289.
public func elu(
  _ x: Tensor, alpha: Double = 1, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  x.requireFloat("elu", file, line)
  return noGrad { `where`(x .> 0, x, expMinusOne(x) * alpha) }
    .recorded(x, scalar: alpha) { y, g in
      y.a.receive(`where`(y.a .<= 0, g * (exp(y.a) * y.scalar), g))
    }
}

/// How `gelu` is computed.
public enum GeluApproximation: String, Sendable {
  /// By the error function.
  case none
  /// By a hyperbolic tangent.
  case tanh
}

/// x · Φ(x), Φ the distribution function of the standard normal.
///
///     tanh:  x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))
///
/// - Parameters:
///   - x: Of any shape.
///   - approximate: `.tanh` takes the formula above, which is off by less than 0.001.
/// - Precondition: The elements are floating-point numbers.
///
/// Source: Hendrycks and Gimpel, Gaussian Error Linear Units, 2016, arXiv:1606.08415.
public func gelu(
  _ x: Tensor, approximate: GeluApproximation = .none, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  x.requireFloat("gelu", file, line)
  switch approximate {
  case .none:
    return noGrad { x * 0.5 * (erf(x * 0.7071067811865476) + 1) }.recorded(x) { y, g in
      let x = y.a
      let cdf = (erf(x * 0.7071067811865476) + 1) * 0.5
      let pdf = exp(x * x * -0.5) * 0.3989422804014327
      x.receive(g * (cdf + x * pdf))
    }
  case .tanh:
    let inner = (x + x * x * x * 0.044715) * 0.7978845608028654
    return x * 0.5 * (tanh(inner) + 1)
  }
}

/// x · sigmoid(x), also called swish.
///
/// - Precondition: The elements are floating-point numbers.
public func silu(_ x: Tensor) -> Tensor {
  x.requireFloat("silu")
  return noGrad { x * sigmoid(x) }.recorded(x) { y, g in
    let s = sigmoid(y.a)
    y.a.receive(g * (s * (y.a * (1 - s) + 1)))
  }
}

/// ln(1 + e^(beta x)) / beta, and x itself where beta · x exceeds the threshold.
///
/// - Parameters:
///   - x: Of any shape.
///   - beta: How sharply it bends at 0.
///   - threshold: Beyond it the function is x itself.
/// - Precondition: The elements are floating-point numbers.
public func softplus(
  _ x: Tensor, beta: Double = 1, threshold: Double = 20, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  x.requireFloat("softplus", file, line)
  return noGrad {
    let scaled = x * beta
    return `where`(scaled .> threshold, x, unary(scaled, .softplus) / beta)
  }
  .recorded(x) { y, g in
    let scaled = y.a * beta
    y.a.receive(`where`(scaled .> threshold, g, g * sigmoid(scaled)))
  }
}

/// ln sigmoid(x) = -ln(1 + e^-x), without overflow; at most 0.
///
/// - Precondition: The elements are floating-point numbers.
public func logSigmoid(_ x: Tensor) -> Tensor {
  x.requireFloat("logSigmoid")
  return unary(x, .logSigmoid).recorded(x) { y, g in y.a.receive(g * sigmoid(-y.a)) }
}

/// x limited to -1...1.
///
/// - Parameters:
///   - x: Of any shape.
///   - min: The smallest result.
///   - max: The largest; it wins where the bounds cross.
/// - Precondition: The dtype is not bool.
public func hardTanh(
  _ x: Tensor, min: Double = -1, max: Double = 1, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  x.requireNumbers("hardTanh", file, line)
  return x.clamped(min: min, max: max)
}
