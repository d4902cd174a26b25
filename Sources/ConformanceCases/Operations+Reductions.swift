import Math

private func dims(_ call: Call) -> [Int] { call.ints("dim") ?? [] }

private func correction(_ call: Call) -> Double {
  call.isPresent("unbiased") && !call.bool("unbiased", true) ? 0 : call.double("correction", 1)
}

private func extremes(_ call: Call, largest: Bool) throws -> [Tensor] {
  let x = try call.tensor(0)
  if call.args.count > 1 {
    let y = try call.tensor(1)
    return [largest ? maximum(x, y) : minimum(x, y)]
  }
  guard let dim = call.int("dim") else { return [largest ? x.max() : x.min()] }
  let chosen =
    largest
    ? x.max(dim: dim, keepDim: call.keepDim) : x.min(dim: dim, keepDim: call.keepDim)
  return [chosen.values, chosen.indices]
}

private func truth(_ call: Call, all: Bool) throws -> [Tensor] {
  let x = try call.tensor(0)
  guard let dim = call.ints("dim") else {
    let y = all ? x.all() : x.any()
    return [call.keepDim ? y.reshaped(x.shape.map { _ in 1 }) : y]
  }
  return [
    all ? x.all(dim: dim, keepDim: call.keepDim) : x.any(dim: dim, keepDim: call.keepDim)
  ]
}

private func vectorNorm(_ call: Call, _ order: Double) throws -> [Tensor] {
  [try call.tensor(0).norm(p: order, dim: dims(call), keepDim: call.keepDim)]
}

extension Replay {
  /// Sums and what else makes fewer elements of many.
  static let reductions: [String: Handler] = [
    "sum": { [try $0.tensor(0).sum(dim: dims($0), keepDim: $0.keepDim)] },
    "mean": { [try $0.tensor(0).mean(dim: dims($0), keepDim: $0.keepDim)] },
    "var": {
      [
        try $0.tensor(0).variance(
          dim: dims($0), correction: correction($0), keepDim: $0.keepDim)
      ]
    },
    "std": {
      [try $0.tensor(0).std(dim: dims($0), correction: correction($0), keepDim: $0.keepDim)]
    },
    "prod": { call in
      let x = try call.tensor(0)
      guard let dim = call.int("dim") else { return [x.prod()] }
      return [x.prod(dim: dim, keepDim: call.keepDim)]
    },
    "max": { try extremes($0, largest: true) },
    "min": { try extremes($0, largest: false) },
    "argmax": { [try $0.tensor(0).argmax(dim: $0.int("dim"), keepDim: $0.keepDim)] },
    "argmin": { [try $0.tensor(0).argmin(dim: $0.int("dim"), keepDim: $0.keepDim)] },
    "amax": { [try $0.tensor(0).amax(dim: dims($0), keepDim: $0.keepDim)] },
    "amin": { [try $0.tensor(0).amin(dim: dims($0), keepDim: $0.keepDim)] },
    "logsumexp": { [try $0.tensor(0).logSumExp(dim: dims($0), keepDim: $0.keepDim)] },
    "norm": { try vectorNorm($0, $0.double("p", 2)) },
    "linalg.vector_norm": { try vectorNorm($0, $0.double("ord", 2)) },
    "cumsum": { [try $0.tensor(0).cumsum(dim: $0.int("dim", 0))] },
    "all": { try truth($0, all: true) },
    "any": { try truth($0, all: false) },
  ]
}
