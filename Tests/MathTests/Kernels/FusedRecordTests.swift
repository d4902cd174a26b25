import Math
import Testing

/// Operations of rows of floats in one record, against the operations that they stand for and against
/// doubles.
@Suite struct FusedRecordTests {
  private func rows(_ shape: Int..., seed: UInt64) -> Tensor {
    var g = SplitMix64(seed: seed)
    return Tensor.normal(shape: shape, using: &g)
  }

  /// A result, its gradients, and the gradients of the sum of their squares.
  private func derivatives(_ inputs: [Tensor], _ dtype: DType, _ f: ([Tensor]) -> Tensor)
    -> [Tensor]
  {
    let leaves = inputs.map { $0.to(dtype).clone() }
    for x in leaves { x.requiresGrad = true }
    let y = f(leaves)
    let weights = Tensor.linspace(-1, 2, y.count, dtype: dtype).reshaped(y.shape)
    let plain = gradients(of: y, at: leaves, gradient: weights, retainGraph: true)
    let first = gradients(of: y, at: leaves, gradient: weights, createGraph: true)
    let total = first.compactMap { $0 }.reduce(Tensor(0, dtype: dtype)) { $0 + ($1 * $1).sum() }
    let second = gradients(of: total, at: leaves)
    return [y.detach()] + (plain + first + second).compactMap { $0?.detach() }
  }

  private func expectFloatsLikeDoubles(_ inputs: [Tensor], _ f: ([Tensor]) -> Tensor) {
    let (found, exact) = (derivatives(inputs, .f32, f), derivatives(inputs, .f64, f))
    #expect(found.count > 2 * inputs.count && exact.count == found.count)
    for (i, (a, b)) in zip(found, exact).enumerated() {
      let scale = abs(b).max().item()
      #expect(
        a.to(.f64).isClose(to: b, rtol: 5e-4, atol: 2e-5 * scale), "number \(i) of \(inputs.count)")
    }
  }

  @Test(arguments: [1, 3, 10, 101, 513])
  func `cosines of rows have the bits of the operations they stand for`(width: Int) {
    let (a, b) = (rows(37, width, seed: 1), rows(37, width, seed: 2))
    let weights = Tensor.linspace(-1, 2, 37)
    var results: [[Tensor]] = []
    for isFused in [true, false] {
      let (x, y) = (a.clone().detach(), b.clone().detach())
      for leaf in [x, y] { leaf.requiresGrad = true }
      func unit(_ z: Tensor) -> Tensor { z / z.norm(dim: 1, keepDim: true).clamped(min: 1e-8) }
      let cosines = isFused ? cosineSimilarity(x, y) : (unit(x) * unit(y)).sum(dim: 1)
      cosines.backward(gradient: weights)
      results.append([cosines.detach(), x.grad, y.grad].compactMap { $0 })
    }
    #expect(results[0].count == 3)
    for (found, expected) in zip(results[0], results[1]) { #expect(found.isEqual(to: expected)) }
  }

  @Test(arguments: [[7, 10], [3, 4, 33], [10]])
  func `cosines of rows agree with double`(shape: [Int]) {
    var g = SplitMix64(seed: 3)
    let inputs = (0..<2).map { _ in Tensor.normal(shape: shape, using: &g) }
    expectFloatsLikeDoubles(inputs) { cosineSimilarity($0[0], $0[1], dim: -1) }
  }

  @Test func `a row of zeros scores 0 and passes on what the floor lets through`() {
    let inputs = [Tensor([0, 0, 3, 4]).reshaped(2, 2), Tensor([1, 2, 4, 3]).reshaped(2, 2)]
    func run(_ dtype: DType) -> [Tensor] {
      let leaves = inputs.map { $0.to(dtype).clone() }
      for x in leaves { x.requiresGrad = true }
      let y = cosineSimilarity(leaves[0], leaves[1], eps: 0.5)
      y.sum().backward()
      return [y] + leaves.compactMap(\.grad)
    }
    for (a, b) in zip(run(.f32), run(.f64)) {
      #expect(a.to(.f64).isClose(to: b, rtol: 1e-6, atol: 1e-7))
    }
    #expect(run(.f32)[0].doubles[0] == 0)
  }

  @Test func `the cosine loss of floats agrees with double`() {
    let target = Tensor([1, -1, -1, 1, -1, 1, -1], dtype: .i64)
    let inputs = [rows(7, 33, seed: 4), rows(7, 33, seed: 5)]
    for reduction in [LossReduction.mean, .none] {
      expectFloatsLikeDoubles(inputs) {
        cosineEmbeddingLoss($0[0], $0[1], target: target, margin: -0.5, reduction: reduction)
      }
    }
  }

  @Test(arguments: [PairConvention.zeroIsSimilar, .oneIsSimilar])
  func `the contrastive loss of floats agrees with double`(convention: PairConvention) {
    let labels = Tensor([1, 0, 0, 1, 1, 0, 1], dtype: .i64)
    let inputs = [rows(7, 33, seed: 6), rows(7, 33, seed: 7)]
    for reduction in [LossReduction.mean, .sum, .none] {
      expectFloatsLikeDoubles(inputs) {
        contrastiveLoss(
          $0[0], $0[1], labels: labels, margin: 9, convention: convention, reduction: reduction)
      }
    }
  }

  @Test func `equal rows of a dissimilar pair have no direction to part in`() {
    let x = Tensor([1, 2] as [Float]).reshaped(1, 2)
    let y = x.clone()
    for leaf in [x, y] { leaf.requiresGrad = true }
    let loss = contrastiveLoss(x, y, labels: Tensor([1], dtype: .i64), margin: 2)
    loss.backward()
    #expect(loss.item() == 2)
    #expect(x.grad?.doubles == [0, 0] && y.grad?.doubles == [0, 0])
  }

  @Test func `layer normalisation of floats agrees with double`() {
    let (x, w, b) = (rows(5, 3, 11, seed: 8), rows(3, 11, seed: 9), rows(3, 11, seed: 10))
    expectFloatsLikeDoubles([x, w, b]) {
      layerNorm($0[0], normalizedShape: [3, 11], weight: $0[1], bias: $0[2])
    }
    expectFloatsLikeDoubles([x]) { layerNorm($0[0], normalizedShape: [11]) }
    expectFloatsLikeDoubles([x, w]) { layerNorm($0[0], normalizedShape: [3, 11], weight: $0[1]) }
    expectFloatsLikeDoubles([x, b]) { layerNorm($0[0], normalizedShape: [3, 11], bias: $0[1]) }
    expectFloatsLikeDoubles([rows(4, 6, 5, seed: 11)]) { groupNorm($0[0], numGroups: 3) }
  }

  @Test(arguments: [[16, 16], [33, 47], [100, 17], [3, 40, 24], [2064, 2100]])
  func `a transposed copy has the elements of the view`(shape: [Int]) {
    let x = Tensor.linspace(0, 1, shape.reduce(1, *)).reshaped(shape)
    // Doubles and integers are copied one by one.
    let exact = x.to(.f64).transposed(-2, -1).contiguous()
    #expect(x.transposed(-2, -1).contiguous().to(.f64).isEqual(to: exact))
    let part = x.transposed(-2, -1).narrowed(dim: -1, start: 1, length: 13)
    #expect(
      part.contiguous().to(.f64).isEqual(to: exact.narrowed(dim: -1, start: 1, length: 13).clone()))
  }
}
