import Math

/// What a lesson does with vectors of ten numbers and a network of two layers.
func smallWorkloads() -> [Workload] {
  [
    Workload("cos10") {
      let (a, b) = (leaf(10), leaf(10))
      return {
        a.zeroGrad()
        b.zeroGrad()
        (1 - cosineSimilarity(a, b, dim: 0)).backward()
      }
    },
    Workload("cos10_prim") {
      let (a, b) = (leaf(10), leaf(10))
      return {
        a.zeroGrad()
        b.zeroGrad()
        (1 - (a * b).sum() / (sqrt((a * a).sum()) * sqrt((b * b).sum()))).backward()
      }
    },
    // One hundred recorded operations, then backward.
    Workload("chain100") {
      let (a, b) = (leaf(10), leaf(10))
      return {
        a.zeroGrad()
        b.zeroGrad()
        chain(a, b).sum().backward()
      }
    },
    Workload("chain100_fwd") {
      let (a, b) = (leaf(10), leaf(10))
      return { _ = chain(a, b) }
    },
    Workload("chain100_nograd") {
      let (a, b) = (normal(10), normal(10))
      return { _ = chain(a, b) }
    },
    Workload("mlp") { mlp(steps: true) },
    Workload("mlp_nostep") { mlp(steps: false) },
    // Steps of optimisers alone, of 200 parameters of 64 numbers.
    Workload("adam200") {
      let optimizer = Adam(parametersWithGradients(), lr: 1e-3)
      return { optimizer.step() }
    },
    Workload("sgd200") {
      let optimizer = SGD(parametersWithGradients(), lr: 1e-3, momentum: 0.9)
      return { optimizer.step() }
    },
  ]
}

private func chain(_ a: Tensor, _ b: Tensor) -> Tensor {
  var x = a
  for _ in 0..<50 {
    x = x * b
    x = x + a
  }
  return x
}

private func mlp(steps: Bool) -> () -> Void {
  let model = Sequential(Linear(16, 32), ReLU(), Linear(32, 4))
  let optimizer = Adam(model.parameters, lr: 1e-3)
  let (x, y) = (normal(8, 16), classes(8, below: 4))
  return {
    optimizer.zeroGrad()
    crossEntropy(model(x), target: y).backward()
    if steps { optimizer.step() }
  }
}

private func parametersWithGradients() -> [Tensor] {
  (0..<200).map { _ in
    let p = leaf(64)
    p.grad = normal(64)
    return p
  }
}
