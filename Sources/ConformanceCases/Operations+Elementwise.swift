import Math

private func unary(_ f: @escaping @Sendable (Tensor) -> Tensor) -> Handler {
  { [f(try $0.tensor(0))] }
}

private func both(_ f: @escaping @Sendable (Tensor, Tensor) -> Tensor) -> Handler {
  { call in [f(try call.tensor(0), try call.tensor(1))] }
}

/// An operation of two operands, either of which may be a number.
private func mixed(
  _ tensors: @escaping @Sendable (Tensor, Tensor) -> Tensor,
  _ right: @escaping @Sendable (Tensor, Double) -> Tensor,
  _ left: @escaping @Sendable (Double, Tensor) -> Tensor
) -> Handler {
  { call in
    guard call.args.count == 2 else { throw CaseError("two operands are needed") }
    // Beside integers a whole number stays one.
    func isWhole(_ x: Tensor) -> Bool { !x.dtype.isFloatingPoint }
    switch (call.args[0], call.args[1]) {
    case (.tensor(let x), .tensor(let y)): return [tensors(x, y)]
    case (.tensor(let x), .int) where isWhole(x): return [tensors(x, try call.tensor(1))]
    case (.int, .tensor(let y)) where isWhole(y): return [tensors(try call.tensor(0), y)]
    case (.tensor(let x), .bool): return [tensors(x, try call.tensor(1))]
    case (.bool, .tensor(let y)): return [tensors(try call.tensor(0), y)]
    case (.tensor(let x), .double(let y)): return [right(x, y)]
    case (.tensor(let x), .int(let y)): return [right(x, Double(y))]
    case (.double(let x), .tensor(let y)): return [left(x, y)]
    case (.int(let x), .tensor(let y)): return [left(Double(x), y)]
    default: throw CaseError("operands are no tensors or numbers")
    }
  }
}

/// The tensor times `alpha`, which stays a whole number beside integers.
private func scaled(_ x: Tensor, _ alpha: Double) -> Tensor {
  if alpha == 1 { return x }
  return x.dtype.isFloatingPoint || alpha != alpha.rounded() ? x * alpha : x * Int(alpha)
}

private func divide(_ call: Call) throws -> [Tensor] {
  guard call.isPresent("rounding_mode") else {
    return try mixed({ $0 / $1 }, { $0 / $1 }, { $0 / $1 })(call)
  }
  let (x, y) = (try call.tensor(0), try call.tensor(1))
  switch call.string("rounding_mode", "") {
  case "floor": return [x.floorDivided(by: y)]
  case "trunc": return [x.truncDivided(by: y)]
  case let mode: throw CaseError("no rounding mode '\(mode)'")
  }
}

private func clamp(_ call: Call) throws -> [Tensor] {
  let x = try call.tensor(0)
  if !call.isPresent("min") && !call.isPresent("max") { throw CaseError("clamp without bounds") }
  if call.tensor("min") != nil || call.tensor("max") != nil {
    func bound(_ name: String) -> Tensor? {
      call.tensor(name) ?? call.double(name).map { Tensor($0, dtype: .f64) }
    }
    return [x.clamped(min: bound("min"), max: bound("max"))]
  }
  return [x.clamped(min: call.double("min"), max: call.double("max"))]
}

extension Replay {
  /// Functions of single elements, and comparisons.
  static let elementwise: [String: Handler] = [
    "add": { call in
      let alpha = call.double("alpha", 1)
      return try mixed(
        { $0 + scaled($1, alpha) }, { $0 + alpha * $1 }, { $0 + $1 * alpha })(call)
    },
    "sub": { call in
      let alpha = call.double("alpha", 1)
      return try mixed(
        { $0 - scaled($1, alpha) }, { $0 - alpha * $1 }, { $0 - $1 * alpha })(call)
    },
    "mul": mixed({ $0 * $1 }, { $0 * $1 }, { $0 * $1 }),
    "div": divide,
    "pow": mixed({ pow($0, $1) }, { pow($0, $1) }, { pow($0, $1) }),
    "neg": unary { -$0 },
    "exp": unary { exp($0) },
    "expm1": unary(expMinusOne),
    "log": unary { log($0) },
    "log1p": unary { log(onePlus: $0) },
    "sqrt": unary { sqrt($0) },
    "rsqrt": unary(rsqrt),
    "square": unary(square),
    "abs": unary { abs($0) },
    "sign": unary(sign),
    "sin": unary { sin($0) },
    "cos": unary { cos($0) },
    "tanh": unary { tanh($0) },
    "sigmoid": unary(sigmoid),
    "reciprocal": unary(reciprocal),
    "erf": unary { erf($0) },
    "floor": unary { floor($0) },
    "round": { [round(try $0.tensor(0), decimals: $0.int("decimals", 0))] },
    "clamp": clamp,
    "maximum": both(maximum),
    "minimum": both(minimum),
    "where": { [`where`(try $0.tensor(0), try $0.tensor(1), try $0.tensor(2))] },
    "xlogy": both(xlogy),
    "nn.functional.relu": unary(relu),
    "nn.functional.leaky_relu": {
      [leakyRelu(try $0.tensor(0), negativeSlope: $0.double("negative_slope", 0.01))]
    },
    "nn.functional.elu": { [elu(try $0.tensor(0), alpha: $0.double("alpha", 1))] },
    "nn.functional.gelu": {
      [gelu(try $0.tensor(0), approximate: try $0.choice("approximate", GeluApproximation.none))]
    },
    "nn.functional.silu": unary(silu),
    "nn.functional.softplus": {
      [
        softplus(
          try $0.tensor(0), beta: $0.double("beta", 1), threshold: $0.double("threshold", 20))
      ]
    },
    "nn.functional.logsigmoid": unary(logSigmoid),
    "eq": both { $0 .== $1 },
    "ne": both { $0 .!= $1 },
    "lt": both { $0 .< $1 },
    "le": both { $0 .<= $1 },
    "gt": both { $0 .> $1 },
    "ge": both { $0 .>= $1 },
  ]
}
