import Math

private func kernel(_ call: Call) -> [Int] { call.ints("kernel_size") ?? [1] }

private func padding(_ call: Call) throws(CaseError) -> ConvPadding {
  switch call.string("padding", "") {
  case "same": return .same
  case "valid": return .valid
  case "": return .zeros(call.ints("padding") ?? [0])
  case let name: throw CaseError("no padding named '\(name)'")
  }
}

private func mode(_ call: Call) throws(CaseError) -> PaddingMode {
  let name = call.string("padding_mode", "zeros")
  guard let mode = name == "zeros" ? .constant : PaddingMode(rawValue: name), name != "constant"
  else { throw CaseError("no padding mode named '\(name)'") }
  return mode
}

private func channels(_ call: Call) -> (Int, Int) {
  (call.int("in_channels", 1), call.int("out_channels", 1))
}

private func batchNorm(_ call: Call, _ layer: BatchNorm) throws -> [Tensor] {
  layer.weight = call.tensor("state.weight")
  layer.bias = call.tensor("state.bias")
  layer.runningMean = call.tensor("state.running_mean")
  layer.runningVar = call.tensor("state.running_var")
  layer.numBatchesTracked = call.tensor("state.num_batches_tracked")
  layer.train(call.bool("training", true))
  return [layer(try call.tensor(0))]
}

private func batchNormOptions(_ call: Call) -> (Int, Double, Double?, Bool, Bool) {
  let cumulative = call.kwargs["momentum"] != nil && !call.isPresent("momentum")
  return (
    call.int("num_features", 1), call.double("eps", 1e-5),
    cumulative ? nil : call.double("momentum", 0.1), call.bool("affine", true),
    call.bool("track_running_stats", true)
  )
}

extension Replay {
  /// Layers as modules.
  static let modules: [String: Handler] = [
    "nn.Linear": { call in
      let layer = Linear(call.int("in_features", 1), call.int("out_features", 1))
      layer.weight = try call.need("state.weight")
      layer.bias = call.tensor("state.bias")
      return [layer(try call.tensor(0))]
    },
    "nn.Conv1d": { call in
      let (i, o) = channels(call)
      let layer = Conv1d(
        i, o, kernelSize: kernel(call), stride: call.ints("stride") ?? [1],
        padding: try padding(call), dilation: call.ints("dilation") ?? [1],
        groups: call.int("groups", 1), paddingMode: try mode(call))
      layer.weight = try call.need("state.weight")
      layer.bias = call.tensor("state.bias")
      return [layer(try call.tensor(0))]
    },
    "nn.Conv2d": { call in
      let (i, o) = channels(call)
      let layer = Conv2d(
        i, o, kernelSize: kernel(call), stride: call.ints("stride") ?? [1],
        padding: try padding(call), dilation: call.ints("dilation") ?? [1],
        groups: call.int("groups", 1), paddingMode: try mode(call))
      layer.weight = try call.need("state.weight")
      layer.bias = call.tensor("state.bias")
      return [layer(try call.tensor(0))]
    },
    "nn.ConvTranspose2d": { call in
      let (i, o) = channels(call)
      if try mode(call) != .constant { throw CaseError("transposed convolution pads with zeros") }
      let layer = ConvTranspose2d(
        i, o, kernelSize: kernel(call), stride: call.ints("stride") ?? [1],
        padding: call.ints("padding") ?? [0], outputPadding: call.ints("output_padding") ?? [0],
        dilation: call.ints("dilation") ?? [1], groups: call.int("groups", 1))
      layer.weight = try call.need("state.weight")
      layer.bias = call.tensor("state.bias")
      return [layer(try call.tensor(0))]
    },
    "nn.BatchNorm1d": { call in
      let (n, eps, momentum, affine, tracks) = batchNormOptions(call)
      return try batchNorm(
        call,
        BatchNorm1d(n, eps: eps, momentum: momentum, affine: affine, trackRunningStats: tracks))
    },
    "nn.BatchNorm2d": { call in
      let (n, eps, momentum, affine, tracks) = batchNormOptions(call)
      return try batchNorm(
        call,
        BatchNorm2d(n, eps: eps, momentum: momentum, affine: affine, trackRunningStats: tracks))
    },
    "nn.LayerNorm": { call in
      let layer = LayerNorm(call.ints("normalized_shape") ?? [], eps: call.double("eps", 1e-5))
      layer.weight = call.tensor("state.weight")
      layer.bias = call.tensor("state.bias")
      return [layer(try call.tensor(0))]
    },
    "nn.GroupNorm": { call in
      let layer = GroupNorm(
        call.int("num_groups", 1), call.int("num_channels", 1), eps: call.double("eps", 1e-5))
      layer.weight = call.tensor("state.weight")
      layer.bias = call.tensor("state.bias")
      return [layer(try call.tensor(0))]
    },
    "nn.Embedding": { call in
      let layer = Embedding(
        call.int("num_embeddings", 1), call.int("embedding_dim", 1),
        paddingIndex: call.int("padding_idx"))
      layer.weight = try call.need("state.weight")
      return [layer(try call.tensor(0))]
    },
    "nn.Flatten": {
      [
        Flatten(startDim: $0.int("start_dim", 1), endDim: $0.int("end_dim", -1))(
          try $0.tensor(0))
      ]
    },
  ]
}
