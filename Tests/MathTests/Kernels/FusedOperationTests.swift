import Math
import Testing

/// Operations of floats that are one record or one pass, against what they stand for.
@Suite struct FusedOperationTests {
  /// Ties, NaN and infinities among ordinary numbers.
  private func awkward(_ shape: Int..., seed: UInt64) -> Tensor {
    var g = SplitMix64(seed: seed)
    let list = (0..<shape.reduce(1, *)).map { _ -> Float in
      switch g.int(below: 12) {
      case 0: .nan
      case 1: .infinity
      case 2: -.infinity
      case 3: -0.0
      default: Float(g.int(below: 5)) / 2 - 1
      }
    }
    return Tensor(list).reshaped(shape)
  }

  private func same(_ a: Tensor, _ b: Tensor) -> Bool {
    zip(a.doubles, b.doubles).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) }
  }

  @Test(arguments: [(28, 28), (7, 7), (14, 9), (2, 2), (3, 5), (2, 17), (5, 8), (6, 12)])
  func `pooling by two takes what pooling with positions takes`(h: Int, w: Int) {
    let x = awkward(3, 4, h, w, seed: UInt64(h * w))
    let (a, b) = (x.clone(), x.clone())
    for leaf in [a, b] { leaf.requiresGrad = true }
    let y = maxPool2d(a, kernelSize: [2])
    let expected = maxPool2dWithIndices(b, kernelSize: [2]).values
    #expect(same(y, expected))
    var g = SplitMix64(seed: 3)
    let slopes = Tensor.normal(shape: y.shape, using: &g)
    y.backward(gradient: slopes)
    expected.backward(gradient: slopes)
    #expect(a.grad.flatMap { ga in b.grad.map { ga.isEqual(to: $0) } } == true)
  }

  @Test(arguments: [(5, 4), (2, 2), (8, 8), (7, 9)])
  func `a gradient that is one number everywhere passes a pool`(h: Int, w: Int) {
    var g = SplitMix64(seed: 31)
    let x = Tensor.normal(2, 3, h, w, using: &g)
    func slopes(_ dtype: DType) -> Tensor? {
      let leaf = x.to(dtype).clone()
      leaf.requiresGrad = true
      maxPool2d(leaf, kernelSize: [2]).mean().backward()
      return leaf.grad?.to(.f64)
    }
    let (found, exact) = (slopes(.f32), slopes(.f64))
    #expect(exact.map { found?.isClose(to: $0, rtol: 1e-6) } == true)
  }

  @Test func `views with gaps give what copies of them give`() {
    var g = SplitMix64(seed: 32)
    let base = Tensor.normal(6, 4, 8, 6, using: &g)
    let rows = Tensor.normal(16, 8, using: &g)
    let shifts = Tensor.normal(5, 2, using: &g)
    let layer = Linear(16, 5, using: &g)
    func check(_ x: Tensor, _ view: (Tensor) -> Tensor, _ f: (Tensor) -> Tensor) {
      let results = [true, false].map { copies -> [Tensor] in
        let leaf = x.clone()
        leaf.requiresGrad = true
        let y = f(copies ? view(leaf).clone() : view(leaf))
        (y * 1.5).sum().backward()
        return [y.detach(), leaf.grad ?? leaf]
      }
      for (a, b) in zip(results[0], results[1]) { #expect(a.isEqual(to: b)) }
    }
    check(base, { $0.transposed(2, 3) }) { maxPool2d($0, kernelSize: [2]) }
    check(base, { $0.transposed(0, 1) }) { square(batchNorm($0, training: true)) }
    check(rows, { $0.T }) { crossEntropy($0, target: Tensor.arange(8)) }
    check(rows, { $0.T }) {
      batchHardTripletLoss($0, labels: Tensor([0, 1, 0, 1, 0, 1, 0, 1], dtype: .i64))
    }
    let other = Tensor.normal(8, 16, using: &g)
    check(rows, { $0.T }) { cosineSimilarity($0, other) }
    check(rows, { $0.T }) {
      cosineEmbeddingLoss($0, other, target: Tensor([1, 1, 1, -1, -1, -1, 1, 1]), margin: -1)
    }
    check(rows, { $0.T }) { contrastiveLoss($0, other, labels: Tensor.zeros(8)) }
    check(rows, { $0.T }) { square(layerNorm($0, normalizedShape: [16])) }
    check(rows, { $0.T }) { (layerNorm($0, normalizedShape: [16], weight: other[0]) * 2).mean() }
    check(shifts, { $0.selected(dim: 1, index: 1) }) {
      layer.bias = $0
      return Sequential(layer, ReLU())(rows.T)
    }
  }

  @Test(arguments: [1, 3, 10, 64])
  func `the first few are the first of all in order`(k: Int) {
    let x = awkward(4, 700, seed: 21)
    for (values, dtype) in [(x, DType.f32), (x.to(.f64), .f64)] {
      for largest in [true, false] {
        let found = values.topK(k, largest: largest)
        let order = values.sorted(descending: largest)
        #expect(same(found.values, order.values[.all, 0..<k]), "\(dtype), \(largest)")
        #expect(found.indices.isEqual(to: order.indices[.all, 0..<k].clone()))
      }
    }
  }

  private func scores(_ dtype: DType, _ body: (Tensor, Tensor) -> Tensor) -> [Tensor] {
    var g = SplitMix64(seed: 12)
    let x = Tensor.normal(37, 101, std: 4, using: &g).to(dtype)
    let y = Tensor.randint(in: 0..<101, shape: [37], using: &g)
    x.requiresGrad = true
    let loss = body(x, y)
    loss.backward()
    return [loss, x.grad].compactMap { $0?.detach() }
  }

  @Test func `the cross-entropy of floats agrees with double`() {
    for factor in [1.0, 3.0] {
      let found = scores(.f32) { crossEntropy($0, target: $1) * factor }
      let exact = scores(.f64) { crossEntropy($0, target: $1) * factor }
      for (a, b) in zip(found, exact) { #expect(a.to(.f64).isClose(to: b, rtol: 1e-5, atol: 1e-7)) }
    }
  }

  @Test func `rows that are ignored get no gradient, and backward may pass twice`() {
    var g = SplitMix64(seed: 13)
    let x = Tensor.normal(4, 9, using: &g)
    x.requiresGrad = true
    let loss = crossEntropy(x, target: Tensor([1, -100, 8, 0], dtype: .i64))
    loss.backward(retainGraph: true)
    let once = x.grad?.clone() ?? x
    loss.backward()
    #expect(x.grad?.isClose(to: once * 2) == true)
    #expect(once[1].doubles.allSatisfy { $0 == 0 })
    #expect(abs(once.sum()).item() < 1e-6)
  }

  @Test func `the loss of nothing is NaN, and infinities stay visible`() {
    let none = crossEntropy(Tensor.zeros(2, 3), target: Tensor([-100, -100], dtype: .i64))
    #expect(none.item().isNaN)
    let one = crossEntropy(
      Tensor([0, .infinity, 0] as [Float]).reshaped(1, 3), target: Tensor([0], dtype: .i64))
    #expect(one.item().isNaN)
  }

  @Test(arguments: [(false, false), (true, false), (false, true), (true, true)])
  func `the hardest triplets of floats are those of doubles`(soft: Bool, squared: Bool) {
    func loss(_ dtype: DType) -> [Tensor] {
      var g = SplitMix64(seed: 14)
      let x = Tensor.normal(40, 13, using: &g).to(dtype)
      let labels = Tensor.randint(in: 0..<6, shape: [40], using: &g)
      x.requiresGrad = true
      let y = batchHardTripletLoss(x, labels: labels, margin: 0.5, soft: soft, squared: squared)
      y.backward(retainGraph: true)
      let first = gradients(of: y, at: [x], createGraph: true)[0]
      let second = first.flatMap { gradients(of: ($0 * $0).sum(), at: [x])[0] }
      return [y, x.grad, first, second].compactMap { $0?.detach() }
    }
    let (found, exact) = (loss(.f32), loss(.f64))
    #expect(found.count == 4)
    for (a, b) in zip(found, exact) { #expect(a.to(.f64).isClose(to: b, rtol: 2e-4, atol: 2e-5)) }
  }

  @Test(arguments: [DType.f32, .f64])
  func `equally far and equally near ones share the gradient`(dtype: DType) {
    let x = Tensor([[0], [2], [-2], [3], [-3]], dtype: dtype, requiresGrad: true)
    let labels = Tensor([0, 0, 0, 1, 1], dtype: .i64)
    let loss = batchHardTripletLoss(x, labels: labels, margin: 2)
    #expect(loss.item() == 5)
    loss.backward(retainGraph: true)
    // By PyTorch 2.13's amax and amin.
    let wanted = Tensor([[0], [0.9], [-0.9], [-0.1], [0.1]], dtype: dtype)
    #expect(x.grad?.isClose(to: wanted, rtol: 1e-6, atol: 1e-7) == true)
    let again = gradients(of: loss, at: [x], createGraph: true)[0]
    #expect(again?.isClose(to: wanted, rtol: 1e-6, atol: 1e-7) == true)
  }

  @Test func `a class alone and a batch of one class have no triplets`() {
    let x = Tensor([0, 0, 3, 4] as [Float]).reshaped(2, 2)
    x.requiresGrad = true
    let loss = batchHardTripletLoss(x, labels: Tensor([1, 1], dtype: .i64))
    loss.backward()
    #expect(loss.item() == 0)
    #expect(x.grad?.doubles == [0, 0, 0, 0])
  }

  @Test func `overlaps of boxes are those of the formula`() {
    let a = Tensor([0, 0, 2, 2, 1, 1, 3, 3] as [Float]).reshaped(2, 4)
    let b = Tensor([0, 0, 2, 2, 2, 2, 4, 4, 0, 1, 2, 3] as [Float]).reshaped(3, 4)
    let exact = [1, 0, 1.0 / 3, 1.0 / 7, 1.0 / 7, 1.0 / 3]
    #expect(boxIoU(a, b).isClose(to: Tensor(exact).to(.f32).reshaped(2, 3)))
    #expect(boxIoU(a.to(.f64), b.to(.f64)).isClose(to: Tensor(exact, dtype: .f64).reshaped(2, 3)))
  }

  @Test func `overlaps of boxes pass gradients on`() {
    let b = Tensor([0.1, 0.2, 1.4, 1.7, 0.5, 0.4, 2, 2.2], dtype: .f64).reshaped(2, 4)
    let a = Tensor([0, 0, 1.1, 1.3], dtype: .f64).reshaped(1, 4)
    let report = gradcheck([a, b]) { boxIoU($0[0], $0[1]).sum() }
    #expect(report.passed, "\(report)")
  }

  @Test func `a matrix times its own transpose is what any product is`() {
    var g = SplitMix64(seed: 15)
    let x = Tensor.normal(1003, 40, using: &g)
    #expect(matmul(x, x.T).isEqual(to: matmul(x, x.clone().T)))
  }

  @Test func `a row of a small product is the same beside any others`() {
    var g = SplitMix64(seed: 17)
    let (x, w) = (Tensor.normal(3, 21, using: &g), Tensor.normal(7, 21, using: &g))
    let y = matmul(x, w.T)
    for i in 0..<7 {
      let alone = matmul(x, w[i..<(i + 1)].T)
      #expect(alone.isEqual(to: y.narrowed(dim: 1, start: i, length: 1)), "column \(i)")
    }
  }

  @Test(arguments: [DType.f32, .f64, .i64])
  func `a number beside a tensor counts as a tensor of one number`(dtype: DType) {
    let x = (Tensor.linspace(-3, 4, 22) * 3).to(dtype)
    let views = [
      x, x.reshaped(2, 11).T, x[0..<11], x[3..<4], x[4..<5].expanded(6), Tensor.zeros(0).to(dtype),
      x.sum(),
    ]
    for x in views {
      let two = Tensor(2, dtype: dtype)
      #expect((x + 2).isEqual(to: x + two) && (2 + x).isEqual(to: two + x))
      #expect((x - 2).isEqual(to: x - two) && (2 - x).isEqual(to: two - x))
      #expect((x * 2).isEqual(to: x * two) && (2 * x).isEqual(to: two * x))
      #expect((x / 2).isEqual(to: x / two) && (2 / x).isEqual(to: two / x))
      #expect((x + 2).dtype == dtype && (x / 2).shape == x.shape)
    }
  }

  @Test func `a gradient that is one number for all adds up as one of many does`() {
    let x = Tensor([0.1, -0.7, 3.3, 1e-3, 5, 6, 7.7, 8, 9.9] as [Float])
    x.requiresGrad = true
    let g = Tensor([Float(0.3)])
    (x * x).backward(gradient: g.expanded(9))
    let once = x.grad
    x.zeroGrad()
    (x * x).backward(gradient: g.expanded(9).clone())
    #expect(once?.isEqual(to: x.grad ?? g) == true)
  }

  @Test func `shapes that differ in one dimension differ`() {
    for i in 0..<8 {
      var shape = [Int](repeating: 1, count: 8)
      shape[i] = 2
      #expect(
        !Tensor.zeros(shape).isEqual(to: Tensor.zeros([1, 1, 1, 1, 1, 1, 1, 1])))
      #expect((Tensor.zeros(shape) + Tensor.zeros(1)).shape == shape)
    }
    #expect(!Tensor.zeros(1).isEqual(to: Tensor.zeros(1, 1)))
  }

  @Test func `products with one vector agree with double`() {
    var g = SplitMix64(seed: 16)
    let (x, y) = (Tensor.normal(1001, 131, using: &g), Tensor.normal(131, using: &g))
    let exact = matmul(x.to(.f64), y.to(.f64))
    #expect(matmul(x, y).to(.f64).isClose(to: exact, rtol: 1e-4, atol: 1e-4))
    #expect(matmul(y, x.T).to(.f64).isClose(to: exact, rtol: 1e-4, atol: 1e-4))
  }

  @Test func `the hyperbolic tangent of floats ends at 1`() {
    let x = Tensor([9.1, 20, 1e30, .infinity] as [Float])
    #expect(tanh(x).doubles == [1, 1, 1, 1] && tanh(-x).doubles == [-1, -1, -1, -1])
    let far = Tensor([-339, -5e4] as [Float])
    far.requiresGrad = true
    gelu(far, approximate: .tanh).sum().backward()
    #expect(far.grad?.doubles == [0, 0])
  }

  @Test func `results too large for the caches are those of small ones`() {
    let n = 4_200_003
    let x = Tensor.linspace(0.1, 3, n)
    let y = Tensor.linspace(-2, 5, n)
    let last = (n - 5)..<n
    let middle = 1_000_000..<1_000_037
    for f in [
      { $0 + $1 }, { $0 - $1 }, { $0 * $1 }, { $0 / $1 }, { a, _ in exp(a) }, { a, _ in log(a) },
      { a, _ in tanh(a) }, { _, b in relu(b) }, { _, b in abs(b) }, { a, _ in a * 2 },
      { a, _ in sqrt(a) }, { _, b in square(b) }, { _, b in erf(b) }, { _, b in sigmoid(b) },
    ] as [(Tensor, Tensor) -> Tensor] {
      let whole = f(x, y)
      for part in [0..<9, middle, last] {
        #expect(whole[part].isClose(to: f(x[part].clone(), y[part].clone()), rtol: 1e-6))
      }
    }
    let rows = x[0..<4_200_000].reshaped(42, 100_000)
    #expect(softmax(rows, dim: 1)[3].isClose(to: softmax(rows[3].clone(), dim: 0), rtol: 1e-6))
    let shifted = rows + y[0..<100_000]
    #expect(shifted[41].isClose(to: rows[41] + y[0..<100_000]))
  }
}
