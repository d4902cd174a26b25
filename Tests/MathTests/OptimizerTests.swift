import Math
import Testing

/// Optimisers take all parameters of a group in one pass.
@Suite struct OptimizerTests {
  private static let kinds: [@Sendable ([Tensor]) -> Optimizer] = [
    { Adam($0, lr: 0.1) }, { Adam($0, lr: 0.1, amsgrad: true, weightDecay: 0.1, maximize: true) },
    { Adam($0, lr: 0.1, weightDecay: 0.1) }, { AdamW($0, lr: 0.1) },
    { AdamW($0, lr: 0.1, amsgrad: true) }, { SGD($0, lr: 0.1) },
    { SGD($0, lr: 0.1, weightDecay: 0.1) },
    { SGD($0, lr: 0.1, momentum: 0.9, dampening: 0.2, weightDecay: 0.1) },
    { SGD($0, lr: 0.1, momentum: 0.9, nesterov: true) }, { RMSprop($0, lr: 0.1) },
  ]

  @Test(arguments: kinds.indices, [DType.f32, .f64])
  func `parameters change as they would alone`(kind: Int, dtype: DType) {
    var g = SplitMix64(seed: 4)
    let start = [[5, 7], [1], [3], []].map { Tensor.normal(shape: $0, dtype: dtype, using: &g) }
    let slopes = (0..<3).map { _ in
      start.map { Tensor.normal(shape: $0.shape, dtype: dtype, using: &g) }
    }
    func train(_ optimizers: ([Tensor]) -> [Optimizer]) -> [Tensor] {
      let parameters = start.map { $0.clone() }
      for p in parameters { p.requiresGrad = true }
      let all = optimizers(parameters)
      for (step, list) in slopes.enumerated() {
        // The third parameter has no gradient at first, and so made fewer steps afterwards.
        for (i, p) in parameters.enumerated() { p.grad = step == 0 && i == 2 ? nil : list[i] }
        for one in all { one.step() }
      }
      return parameters.map { $0.detach() }
    }
    let together = train { [Self.kinds[kind]($0)] }
    let alone = train { $0.map { Self.kinds[kind]([$0]) } }
    for (a, b, before) in zip3(together, alone, start) {
      #expect(a.isEqual(to: b))
      #expect(!a.isEqual(to: before))
    }
  }

  private func zip3(_ a: [Tensor], _ b: [Tensor], _ c: [Tensor]) -> [(Tensor, Tensor, Tensor)] {
    a.indices.map { (a[$0], b[$0], c[$0]) }
  }

  @Test func `a parameter named in two groups has one memory`() {
    let p = Tensor([1] as [Float])
    p.requiresGrad = true
    let optimizer = SGD(groups: [([p], 1), ([p], 1)], momentum: 0.5)
    p.grad = Tensor([1] as [Float])
    optimizer.step()
    // The buffer is 1, then 0.5 · 1 + 1.
    #expect(p.doubles == [-1.5])
  }
}
