import Math

extension Replay {
  /// Small programs for the tape.
  static let composites: [String: Handler] = [
    "composite.diamond": { call in
      let x = try call.tensor(0)
      let y = x * x
      let z = y + x
      return [y * z + sin(z)]
    },
    "composite.reuse": { call in
      let x = try call.tensor(0)
      return [x * x * x - 2 * x]
    },
    "composite.fanout_sum": { call in
      let x = try call.tensor(0)
      let a = exp(x)
      return [a, a.sum(), a * x]
    },
    "composite.mlp_cross_entropy": { call in
      let hidden = tanh(matmul(try call.tensor(0), try call.tensor(1).T) + (try call.tensor(2)))
      let scores = matmul(hidden, try call.tensor(3).T) + (try call.tensor(4))
      return [crossEntropy(scores, target: try call.tensor(5))]
    },
    "composite.logistic": { call in
      let scores = matmul(try call.tensor(0), try call.tensor(1)) + (try call.tensor(2))
      return [binaryCrossEntropyWithLogits(scores, target: try call.tensor(3))]
    },
    "composite.softmax_attention": { call in
      let (q, k, v) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
      let scale = Double(q.shape.last ?? 1).squareRoot()
      return [matmul(softmax(matmul(q, k.transposed(-2, -1)) / scale, dim: -1), v)]
    },
    "composite.ctc_log_softmax": ctcOfLogits,
    "composite.conv_bn_relu_pool": { call in
      let x = conv2d(try call.tensor(0), try call.tensor(1), padding: 1)
      let y = batchNorm(x, weight: try call.tensor(2), bias: try call.tensor(3), training: true)
      return [maxPool2d(relu(y), kernelSize: [2]).mean()]
    },
    "composite.logsumexp_twice": { call in
      [try call.tensor(0).logSumExp(dim: 1).logSumExp(dim: 0)]
    },
    "composite.variance_by_hand": { call in
      let x = try call.tensor(0)
      let d = x - x.mean(dim: 0, keepDim: true)
      return [(d * d).sum(dim: 0) / Double(x.shape[0] - 1)]
    },
    "composite.norm_ratio": { call in
      let (x, y) = (try call.tensor(0), try call.tensor(1))
      return [(x * y).sum() / (sqrt((x * x).sum()) * sqrt((y * y).sum()))]
    },
    "composite.detach": { call in
      let x = try call.tensor(0)
      return [x * x.detach() + (x * 3).detach()]
    },
    "composite.index_accumulate": { call in
      let picked = try call.tensor(0).indexSelected(dim: 0, index: try call.tensor(1))
      return [picked * picked]
    },
    "composite.cat_split": { call in
      let (x, y) = (try call.tensor(0), try call.tensor(1))
      let pieces = cat([x, y, x], dim: 1).split(2, dim: 1)
      return [pieces[0] * pieces[pieces.count - 1]]
    },
    "composite.broadcast_chain": { call in
      let (x, y, z) = (try call.tensor(0), try call.tensor(1), try call.tensor(2))
      return [(x + y) * z - y / z]
    },
    "composite.where_safe_log": { call in
      let x = try call.tensor(0)
      return [`where`(x .> 0, log(`where`(x .> 0, x, 1.0)), 0.0)]
    },
  ]
}
