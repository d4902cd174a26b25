import Math

private func padding(_ call: Call) throws(CaseError) -> ConvPadding {
  switch call.string("padding", "") {
  case "same": return .same
  case "valid": return .valid
  case "": return .zeros(call.ints("padding") ?? [0])
  case let name: throw CaseError("no padding named '\(name)'")
  }
}

private func convolution(
  _ call: Call, _ f: (Tensor, Tensor, Tensor?, [Int], ConvPadding, [Int], Int) -> Tensor
) throws -> [Tensor] {
  [
    f(
      try call.tensor(0), try call.tensor(1), call.tensor("bias"), call.ints("stride") ?? [1],
      try padding(call), call.ints("dilation") ?? [1], call.int("groups", 1))
  ]
}

private func adaptive(_ call: Call) throws -> [Tensor] {
  var sizes: [Int?] = []
  switch call.kwargs["output_size"] {
  case .list(let items)?:
    sizes = items.map { if case .int(let n) = $0 { n } else { nil } }
  case .int(let n)?: sizes = [n]
  default: throw CaseError("output_size is missing")
  }
  return [adaptiveAvgPool2d(try call.tensor(0), outputSize: sizes)]
}

private func maxPool(_ call: Call) throws -> [Tensor] {
  let pooled = maxPool2dWithIndices(
    try call.tensor(0), kernelSize: call.ints("kernel_size") ?? [], stride: call.ints("stride"),
    padding: call.ints("padding") ?? [0], dilation: call.ints("dilation") ?? [1],
    ceilMode: call.bool("ceil_mode"))
  return call.bool("return_indices") ? [pooled.values, pooled.indices] : [pooled.values]
}

extension Replay {
  /// Products of matrices.
  static let algebra: [String: Handler] = [
    "matmul": { [matmul(try $0.tensor(0), try $0.tensor(1))] },
    "mm": { [mm(try $0.tensor(0), try $0.tensor(1))] },
    "bmm": { [bmm(try $0.tensor(0), try $0.tensor(1))] },
    "mv": { [mv(try $0.tensor(0), try $0.tensor(1))] },
    "dot": { [dot(try $0.tensor(0), try $0.tensor(1))] },
    "outer": { [outer(try $0.tensor(0), try $0.tensor(1))] },
    "einsum": { call in
      guard case .string(let equation)? = call.args.first else {
        throw CaseError("einsum needs an equation")
      }
      return [einsum(equation, try call.tensors(1))]
    },
  ]

  /// Layers as functions.
  static let layers: [String: Handler] = [
    "nn.functional.linear": {
      [linear(try $0.tensor(0), try $0.tensor(1), bias: $0.tensor("bias"))]
    },
    "nn.functional.conv1d": {
      try convolution($0) {
        conv1d($0, $1, bias: $2, stride: $3, padding: $4, dilation: $5, groups: $6)
      }
    },
    "nn.functional.conv2d": {
      try convolution($0) {
        conv2d($0, $1, bias: $2, stride: $3, padding: $4, dilation: $5, groups: $6)
      }
    },
    "nn.functional.conv_transpose2d": {
      [
        convTranspose2d(
          try $0.tensor(0), try $0.tensor(1), bias: $0.tensor("bias"),
          stride: $0.ints("stride") ?? [1], padding: $0.ints("padding") ?? [0],
          outputPadding: $0.ints("output_padding") ?? [0], groups: $0.int("groups", 1),
          dilation: $0.ints("dilation") ?? [1])
      ]
    },
    "nn.functional.max_pool2d": maxPool,
    "nn.functional.avg_pool2d": {
      [
        avgPool2d(
          try $0.tensor(0), kernelSize: $0.ints("kernel_size") ?? [], stride: $0.ints("stride"),
          padding: $0.ints("padding") ?? [0], ceilMode: $0.bool("ceil_mode"),
          countIncludePad: $0.bool("count_include_pad", true),
          divisorOverride: $0.int("divisor_override"))
      ]
    },
    "nn.functional.adaptive_avg_pool2d": adaptive,
    "nn.functional.batch_norm": {
      [
        batchNorm(
          try $0.tensor(0), runningMean: $0.tensor("running_mean"),
          runningVar: $0.tensor("running_var"), weight: $0.tensor("weight"),
          bias: $0.tensor("bias"), training: $0.bool("training"),
          momentum: $0.double("momentum", 0.1), eps: $0.double("eps", 1e-5))
      ]
    },
    "nn.functional.layer_norm": {
      [
        layerNorm(
          try $0.tensor(0), normalizedShape: $0.ints("normalized_shape") ?? [],
          weight: $0.tensor("weight"), bias: $0.tensor("bias"), eps: $0.double("eps", 1e-5))
      ]
    },
    "nn.functional.group_norm": {
      [
        groupNorm(
          try $0.tensor(0), numGroups: $0.int("num_groups", 1), weight: $0.tensor("weight"),
          bias: $0.tensor("bias"), eps: $0.double("eps", 1e-5))
      ]
    },
    "nn.functional.dropout": {
      [dropout(try $0.tensor(0), p: $0.double("p", 0.5), training: $0.bool("training", true))]
    },
    "nn.functional.embedding": {
      [
        embedding(
          try $0.tensor(0), try $0.tensor(1), paddingIndex: $0.int("padding_idx"),
          maxNorm: $0.double("max_norm"), normType: $0.double("norm_type", 2),
          scaleGradByFreq: $0.bool("scale_grad_by_freq"))
      ]
    },
    "softmax": { [softmax(try $0.tensor(0), dim: $0.int("dim", -1))] },
    "log_softmax": { [logSoftmax(try $0.tensor(0), dim: $0.int("dim", -1))] },
    "nn.functional.softmax": { [softmax(try $0.tensor(0), dim: $0.int("dim", -1))] },
    "nn.functional.log_softmax": { [logSoftmax(try $0.tensor(0), dim: $0.int("dim", -1))] },
    "nn.functional.softmin": { [softmin(try $0.tensor(0), dim: $0.int("dim", -1))] },
    "nn.functional.normalize": {
      [
        normalize(
          try $0.tensor(0), p: $0.double("p", 2), dim: $0.int("dim", 1),
          eps: $0.double("eps", 1e-12))
      ]
    },
    "nn.functional.cosine_similarity": {
      [
        cosineSimilarity(
          try $0.tensor(0), try $0.tensor(1), dim: $0.int("dim", 1), eps: $0.double("eps", 1e-8))
      ]
    },
    "nn.functional.pairwise_distance": {
      [
        pairwiseDistance(
          try $0.tensor(0), try $0.tensor(1), p: $0.double("p", 2), eps: $0.double("eps", 1e-6),
          keepDim: $0.keepDim)
      ]
    },
    "cdist": { [cdist(try $0.tensor(0), try $0.tensor(1), p: $0.double("p", 2))] },
  ]
}
