import Math

private func unary(_ f: @escaping @Sendable (Tensor) -> Tensor) -> Handler {
  { [f(try $0.tensor(0))] }
}

private func both(_ f: @escaping @Sendable (Tensor, Tensor) -> Tensor) -> Handler {
  { call in [f(try call.operand(0, beside: 1), try call.operand(1, beside: 0))] }
}

/// An operation of two operands, either of which may be a number.
private func mixed(
  _ tensors: @escaping @Sendable (Tensor, Tensor) throws -> Tensor,
  _ right: @escaping @Sendable (Tensor, Double) -> Tensor,
  _ left: @escaping @Sendable (Double, Tensor) -> Tensor
) -> Handler {
  { call in
    guard call.args.count == 2 else { throw CaseError("two operands are needed") }
    // Beside integers a whole number stays one.
    func isWhole(_ x: Tensor) -> Bool { !x.dtype.isFloatingPoint }
    switch (call.args[0], call.args[1]) {
    case (.tensor(let x), .tensor(let y)): return [try tensors(x, y)]
    case (.tensor(let x), .int) where isWhole(x): return [try tensors(x, call.tensor(1))]
    case (.int, .tensor(let y)) where isWhole(y): return [try tensors(call.tensor(0), y)]
    case (.tensor(let x), .bool): return [try tensors(x, call.tensor(1))]
    case (.bool, .tensor(let y)): return [try tensors(call.tensor(0), y)]
    case (.tensor(let x), .double(let y)): return [right(x, y)]
    case (.tensor(let x), .int(let y)): return [right(x, Double(y))]
    case (.double(let x), .tensor(let y)): return [left(x, y)]
    case (.int(let x), .tensor(let y)): return [left(Double(x), y)]
    default: return [try tensors(call.tensor(0), call.tensor(1))]
    }
  }
}

/// The tensor times `alpha`, which stays a whole number beside integers.
private func scaled(_ x: Tensor, _ alpha: Double, beside other: Tensor) throws -> Tensor {
  let isInteger = !x.dtype.isFloatingPoint
  if isInteger && other.dtype.isFloatingPoint { return x.to(other.dtype) * alpha }
  if isInteger && alpha != alpha.rounded() { throw CaseError("integers need a whole alpha") }
  if alpha == 1 { return x }
  if x.dtype == .bool && alpha == 0 { return Tensor.zeros(like: x) }
  return isInteger ? x * Int(alpha) : x * alpha
}

private func divide(_ call: Call) throws -> [Tensor] {
  guard call.isPresent("rounding_mode") else {
    return try mixed({ $0 / $1 }, { $0 / $1 }, { $0 / $1 })(call)
  }
  let (x, y) = (try call.operand(0, beside: 1), try call.operand(1, beside: 0))
  switch call.string("rounding_mode", "") {
  case "floor": return [x.floorDivided(by: y)]
  case "trunc": return [x.truncDivided(by: y)]
  case let mode: throw CaseError("no rounding mode '\(mode)'")
  }
}

private func clamp(_ call: Call) throws -> [Tensor] {
  let x = try call.tensor(0)
  if !call.isPresent("min") && !call.isPresent("max") { throw CaseError("clamp without bounds") }
  if call.tensor("min") != nil || call.tensor("max") != nil || !x.dtype.isFloatingPoint {
    func bound(_ name: String) -> Tensor? {
      call.tensor(name) ?? call.kwargs[name].flatMap { Call.operand($0, beside: x) }
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
        { $0 + (try scaled($1, alpha, beside: $0)) }, { $0 + alpha * $1 }, { $0 + $1 * alpha })(
          call)
    },
    "sub": { call in
      let alpha = call.double("alpha", 1)
      return try mixed(
        { $0 - (try scaled($1, alpha, beside: $0)) }, { $0 - alpha * $1 }, { $0 - $1 * alpha })(
          call)
    },
    "mul": mixed({ $0 * $1 }, { $0 * $1 }, { $0 * $1 }),
    "div": divide,
    "pow": { call in
      // A plain whole number as exponent of integers is refused if it is negative; a tensor's is not.
      if case .tensor(let x)? = call.args.first, case .int(let n)? = call.args.last {
        return [pow(x, n)]
      }
      return try mixed({ pow($0, $1) }, { pow($0, $1) }, { pow($0, $1) })(call)
    },
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
    "maximum": both { maximum($0, $1) },
    "minimum": both { minimum($0, $1) },
    "where": { call in
      [
        `where`(
          try call.tensor(0), try call.operand(1, beside: 2), try call.operand(2, beside: 1))
      ]
    },
    "xlogy": mixed({ xlogy($0, $1) }, { xlogy($0, $1) }, { xlogy($0, $1) }),
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
