import Math

private func distribution(_ d: Distribution) -> [Tensor] {
  switch d {
  case .uniform(let low, let high): [Tensor([low, high], dtype: .f64)]
  case .normal(let mean, let std): [Tensor([mean, std], dtype: .f64)]
  case .constant(let value): [Tensor(value, dtype: .f64)]
  }
}

private func kaiming(_ call: Call, uniform: Bool) throws -> [Tensor] {
  let shape = call.ints("shape") ?? []
  let a = call.double("a", 0)
  let mode = try call.choice("mode", FanMode.fanIn)
  let nonlinearity = try call.choice("nonlinearity", Nonlinearity.leakyRelu)
  return distribution(
    uniform
      ? .kaimingUniform(shape, a: a, mode: mode, nonlinearity: nonlinearity)
      : .kaimingNormal(shape, a: a, mode: mode, nonlinearity: nonlinearity))
}

private func layerDefault(_ call: Call) throws -> [Tensor] {
  let bias = call.bool("bias", true)
  let groups = call.int("groups", 1)
  func window(_ dims: Int) -> Int {
    let k = call.ints("kernel_size") ?? [1]
    return (0..<dims).reduce(1) { $0 * (k.count == 1 ? k[0] : k[$1]) }
  }
  let fan: Int
  switch call.string("layer", "") {
  case "Linear": fan = call.int("in_features", 1)
  case "Conv1d": fan = call.int("in_channels", 1) / groups * window(1)
  case "Conv2d": fan = call.int("in_channels", 1) / groups * window(2)
  case "ConvTranspose2d": fan = call.int("out_channels", 1) / groups * window(2)
  case "Embedding": return distribution(Embedding.distribution)
  case "BatchNorm1d", "BatchNorm2d", "LayerNorm", "GroupNorm": return []
  case let name: throw CaseError("no layer named '\(name)'")
  }
  let one = distribution(.layerDefault(fanIn: fan))
  return bias ? one + one : one
}

/// The value and gradients of a test problem of optimisers at a step.
private func evaluate(_ call: Call, _ parameters: [Tensor], _ step: Int) throws -> Double? {
  let problem = call.string("problem", "")
  if problem == "given_grads" {
    guard case .list(let grads)? = call.kwargs["problem.grads"] else {
      throw CaseError("problem.grads is missing")
    }
    for (k, p) in parameters.enumerated() {
      guard case .tensor(let g) = grads[k] else { throw CaseError("problem.grads is no list") }
      p.grad = g.detach().selected(dim: 0, index: step).clone()
    }
    return nil
  }
  let x = parameters[0]
  let value: Tensor
  if problem == "quadratic" {
    let a = try call.need("problem.A")
    let b = try call.need("problem.b")
    value = dot(x, matmul(a, x)) / 2 - dot(b, x)
  } else {
    let n = x.count
    let (head, tail) = (x.sliced(dim: 0, to: n - 1), x.sliced(dim: 0, from: 1))
    value = (square(tail - square(head)) * 100 + square(1 - head)).sum()
  }
  value.backward()
  return value.item()
}

private func optimize(
  _ make: @escaping @Sendable ([(parameters: [Tensor], lr: Double)], Call) -> Optimizer, lr: Double
)
  -> Handler
{
  { call in
    let parameters = try call.tensors(0).map { $0.detach().clone() }
    for p in parameters { p.requiresGrad = true }
    let rate = call.double("lr", lr)
    if rate < 0 { throw CaseError("a rate is 0 or more, also where groups have their own") }
    let groups: [(parameters: [Tensor], lr: Double)] =
      call.doubles("lrs").map { rates in zip(parameters, rates).map { ([$0], $1) } }
      ?? [(parameters, rate)]
    let optimizer = make(groups, call)
    var paths: [[Tensor]] = parameters.map { _ in [] }
    var values: [Double] = []
    for step in 0..<call.int("steps", 0) {
      optimizer.zeroGrad()
      if let value = try evaluate(call, parameters, step) { values.append(value) }
      optimizer.step()
      for (k, p) in parameters.enumerated() { paths[k].append(p.detach().clone()) }
    }
    let outputs = zip(paths, parameters).map { path, p in
      path.isEmpty ? Tensor.zeros([0] + p.shape, dtype: .f64) : stack(path)
    }
    return call.string("problem", "") == "given_grads"
      ? outputs : outputs + [Tensor(values, dtype: .f64)]
  }
}

private func betas(_ call: Call) -> (Double, Double) {
  let list = call.doubles("betas") ?? [0.9, 0.999]
  return (list[0], list[1])
}

private func schedule(_ make: @escaping @Sendable (Optimizer, Call) throws -> LRScheduler)
  -> Handler
{
  { call in
    let optimizer = SGD([Tensor([0], dtype: .f64)], lr: call.double("lr", 0.1), momentum: 0.9)
    let scheduler = try make(optimizer, call)
    var rates = [optimizer.lr]
    var momenta = [optimizer.groups[0].momentum]
    for _ in 0..<call.int("steps", 0) {
      optimizer.step()
      scheduler.step()
      rates.append(optimizer.lr)
      momenta.append(optimizer.groups[0].momentum)
    }
    let output = Tensor(rates, dtype: .f64)
    return scheduler is OneCycleLR ? [output, Tensor(momenta, dtype: .f64)] : [output]
  }
}

private func lambda(_ name: String) throws(CaseError) -> (Int) -> Double {
  switch name {
  case "pow_0.95": return { power(0.95, $0) }
  case "inverse": return { 1 / (1 + 0.1 * Double($0)) }
  case "warmup_10": return { min(1, Double($0 + 1) / 10) }
  case "piecewise": return { $0 < 10 ? 1 : $0 < 20 ? 0.1 : 0.01 }
  case "half_cosine_30":
    return { (1 + cos(Tensor(Double.pi * Double($0) / 30, dtype: .f64)).item()) / 2 }
  default: throw CaseError("no lambda named '\(name)'")
  }
}

private func power(_ x: Double, _ n: Int) -> Double {
  pow(Tensor(x, dtype: .f64), Double(n)).item()
}

private func plateau(_ call: Call) throws -> [Tensor] {
  let optimizer = SGD([Tensor([0], dtype: .f64)], lr: call.double("lr", 0.1), momentum: 0.9)
  let scheduler = ReduceLROnPlateau(
    optimizer, mode: try call.choice("mode", PlateauMode.min), factor: call.double("factor", 0.1),
    patience: call.int("patience", 10), threshold: call.double("threshold", 1e-4),
    thresholdMode: try call.choice("threshold_mode", ThresholdMode.rel),
    cooldown: call.int("cooldown", 0), minLR: call.double("min_lr", 0),
    eps: call.double("eps", 1e-8))
  var rates = [optimizer.lr]
  for metric in try call.tensor(0).doubles {
    scheduler.step(metric)
    rates.append(optimizer.lr)
  }
  return [Tensor(rates, dtype: .f64)]
}

private func clipped(_ call: Call, _ clip: ([Tensor]) -> [Tensor]) throws -> [Tensor] {
  let parameters = try call.tensors(0).map { g in
    let p = Tensor.zeros(like: g.detach())
    p.requiresGrad = true
    p.grad = g.detach().clone()
    return p
  }
  return clip(parameters) + parameters.compactMap(\.grad)
}

extension Replay {
  /// Initialisers, optimisers, schedules and clipping.
  static let training: [String: Handler] = [
    "nn.init.calculate_gain": { call in
      let name: Nonlinearity = try call.choice("nonlinearity", .linear)
      return [Tensor(calculateGain(name, parameter: call.double("param")), dtype: .f64)]
    },
    "nn.init.fan": { call in
      let fan = fans(of: call.ints("shape") ?? [])
      return [Tensor([fan.fanIn, fan.fanOut] as [Int])]
    },
    "nn.init.xavier_uniform_": {
      distribution(.xavierUniform($0.ints("shape") ?? [], gain: $0.double("gain", 1)))
    },
    "nn.init.xavier_normal_": {
      distribution(.xavierNormal($0.ints("shape") ?? [], gain: $0.double("gain", 1)))
    },
    "nn.init.kaiming_uniform_": { try kaiming($0, uniform: true) },
    "nn.init.kaiming_normal_": { try kaiming($0, uniform: false) },
    "nn.init.layer_default": layerDefault,
    "optim.SGD": optimize(
      { groups, c in
        SGD(
          groups: groups, momentum: c.double("momentum", 0), dampening: c.double("dampening", 0),
          weightDecay: c.double("weight_decay", 0), nesterov: c.bool("nesterov"),
          maximize: c.bool("maximize"))
      }, lr: 0.001),
    "optim.Adam": optimize(
      { groups, c in
        Adam(
          groups: groups, betas: betas(c), eps: c.double("eps", 1e-8), amsgrad: c.bool("amsgrad"),
          weightDecay: c.double("weight_decay", 0), maximize: c.bool("maximize"))
      }, lr: 0.001),
    "optim.AdamW": optimize(
      { groups, c in
        AdamW(
          groups: groups, betas: betas(c), eps: c.double("eps", 1e-8), amsgrad: c.bool("amsgrad"),
          weightDecay: c.double("weight_decay", 0.01), maximize: c.bool("maximize"))
      }, lr: 0.001),
    "optim.RMSprop": optimize(
      { groups, c in
        RMSprop(
          groups: groups, alpha: c.double("alpha", 0.99), eps: c.double("eps", 1e-8),
          momentum: c.double("momentum", 0), centered: c.bool("centered"),
          weightDecay: c.double("weight_decay", 0), maximize: c.bool("maximize"))
      }, lr: 0.01),
    "optim.Adagrad": optimize(
      { groups, c in
        Adagrad(
          groups: groups, lrDecay: c.double("lr_decay", 0),
          initialAccumulatorValue: c.double("initial_accumulator_value", 0),
          eps: c.double("eps", 1e-10), weightDecay: c.double("weight_decay", 0),
          maximize: c.bool("maximize"))
      }, lr: 0.01),
    "optim.Adadelta": optimize(
      { groups, c in
        Adadelta(
          groups: groups, rho: c.double("rho", 0.9), eps: c.double("eps", 1e-6),
          weightDecay: c.double("weight_decay", 0), maximize: c.bool("maximize"))
      }, lr: 1),
    "optim.NAdam": optimize(
      { groups, c in
        NAdam(
          groups: groups, betas: betas(c), eps: c.double("eps", 1e-8),
          momentumDecay: c.double("momentum_decay", 0.004),
          decoupledWeightDecay: c.bool("decoupled_weight_decay"),
          weightDecay: c.double("weight_decay", 0), maximize: c.bool("maximize"))
      }, lr: 0.002),
    "lr_scheduler.StepLR": schedule { o, c in
      StepLR(o, stepSize: c.int("step_size", 1), gamma: c.double("gamma", 0.1))
    },
    "lr_scheduler.ExponentialLR": schedule { o, c in
      ExponentialLR(o, gamma: c.double("gamma", 1))
    },
    "lr_scheduler.CosineAnnealingLR": schedule { o, c in
      CosineAnnealingLR(o, tMax: c.int("T_max", 1), etaMin: c.double("eta_min", 0))
    },
    "lr_scheduler.LambdaLR": schedule { o, c in LambdaLR(o, try lambda(c.string("lr_lambda", "")))
    },
    "lr_scheduler.OneCycleLR": schedule { o, c in
      OneCycleLR(
        o, maxLR: c.double("max_lr", 0.1), totalSteps: c.int("total_steps"),
        epochs: c.int("epochs"), stepsPerEpoch: c.int("steps_per_epoch"),
        pctStart: c.double("pct_start", 0.3),
        annealStrategy: try c.choice("anneal_strategy", AnnealStrategy.cos),
        cycleMomentum: c.bool("cycle_momentum", true),
        baseMomentum: c.double("base_momentum", 0.85),
        maxMomentum: c.double("max_momentum", 0.95), divFactor: c.double("div_factor", 25),
        finalDivFactor: c.double("final_div_factor", 1e4), threePhase: c.bool("three_phase"))
    },
    "lr_scheduler.ReduceLROnPlateau": plateau,
    "nn.utils.clip_grad_norm_": { call in
      try clipped(call) {
        [
          clipGradNorm(
            $0, maxNorm: call.double("max_norm", 1), normType: call.double("norm_type", 2),
            errorIfNonfinite: call.bool("error_if_nonfinite"))
        ]
      }
    },
    "nn.utils.clip_grad_value_": { call in
      try clipped(call) {
        clipGradValue($0, clipValue: call.double("clip_value", 1))
        return []
      }
    },
  ]
}
