import Math
import Testing

/// Integers from 0 to below `n`, the same for each count.
private func classes(_ count: Int, below n: Int) -> Tensor {
  Tensor((0..<count).map { ($0 * 7 + 3) % n })
}

/// 0 or 1 for each element of a tensor.
private func labels(like x: Tensor) -> Tensor {
  Tensor((0..<x.count).map { Double(($0 * 5 + 1) % 3 == 0 ? 1 : 0) }, shape: x.shape, dtype: .f64)
}

private func rows(_ x: Tensor) -> Tensor { x.flattened(startDim: 1) }

/// Four boxes of numbers in 0.1...1 that overlap their targets in part.
private func boxes(_ x: Tensor, _ shift: Double) -> Tensor {
  let flat = x.flattened().narrowed(dim: 0, start: 0, length: 16).reshaped(4, 4)
  let corner = flat.narrowed(dim: 1, start: 0, length: 2) + shift
  return cat([corner, corner + flat.narrowed(dim: 1, start: 2, length: 2) + 0.5], dim: 1)
}

extension Primitive {
  static let numbers: [Primitive] = [
    Primitive("x + 2") { $0[0] + 2.5 }, Primitive("2 - x") { 2.5 - $0[0] },
    Primitive("x - 2") { $0[0] - 2 }, Primitive("x * 3") { $0[0] * 3.5 },
    Primitive("x / 3") { $0[0] / 3.5 }, Primitive("3 / x", in: 0.5..<2) { 3 / $0[0] },
    Primitive("-x") { -$0[0] }, Primitive("x ** 3") { pow($0[0], 3) },
    Primitive("x ** 2.5", in: 0.5..<2) { pow($0[0], 2.5) },
    Primitive("2 ** x") { pow(2, $0[0]) },
    Primitive("%", inputs: 2, in: 0.6..<0.9) { $0[0] % $0[1] },
    Primitive("floor") { floor($0[0]) * $0[0] }, Primitive("ceil") { ceil($0[0]) * $0[0] },
    Primitive("round") { round($0[0], decimals: 1) * $0[0] },
    Primitive("sign") { sign($0[0]) * $0[0] },
    Primitive("floorDivided", inputs: 2, in: 0.5..<2) { $0[0].floorDivided(by: $0[1]) * $0[0] },
    Primitive("truncDivided", inputs: 2, in: 0.5..<2) { $0[0].truncDivided(by: $0[1]) * $0[1] },
    Primitive("clamped to tensors", inputs: 3) { $0[0].clamped(min: $0[1], max: $0[2]) },
    Primitive("hardTanh") { hardTanh($0[0]) },
    Primitive("xlogy of a number", in: 0.5..<2) { xlogy(1.5, $0[0]) },
    Primitive("xlogy with a number") { xlogy($0[0], 1.5) },
  ]
}

extension Primitive {
  static let picks: [Primitive] = [
    Primitive("gathered") {
      square($0[0].gathered(dim: 1, index: Tensor([0, 2, 2, 1], shape: [1, 4, 1], dtype: .i64)))
    },
    Primitive("indexSelected") {
      square($0[0].indexSelected(dim: 2, index: Tensor([2, 0, 0], dtype: .i64)))
    },
    Primitive("maskedSelected") { square($0[0].maskedSelected(labels(like: $0[0]) .== 1)) },
    Primitive("maskedFilled") { square($0[0].maskedFilled(labels(like: $0[0]) .== 1, 2)) },
    Primitive("x[index]") { square($0[0][Tensor([1, -1, 1], dtype: .i64)]) },
    Primitive("max of all") { $0[0].max() * $0[0] },
    Primitive("min of all") { $0[0].min() * $0[0] },
    Primitive("max") { $0[0].max(dim: 0).values }, Primitive("amin") { $0[0].amin(dim: [0, 2]) },
    Primitive("topK") { square($0[0].topK(2, dim: 1).values) },
    Primitive("topK of rows") { square($0[0].flattened(startDim: 1).topK(1).values) },
    Primitive("expanded") {
      square($0[0].unsqueezed(dim: 1).expanded(-1, 2, -1, -1))
    },
    Primitive("squeezed") { square($0[0].unsqueezed(dim: 0).squeezed()) },
    Primitive("transposed") { square($0[0].transposed(0, 2)) * $0[0].sum() },
    Primitive("clone and to") { square($0[0].clone().to(.f64)) },
    Primitive("split") { $0[0].split(2, dim: 1)[0] * 3 },
    Primitive("upperTriangle") { square($0[0].upperTriangle(diagonal: 1)) },
    Primitive("norm 0.5", in: 0.2..<1) { $0[0].norm(p: 0.5, dim: 1) },
    Primitive("prod of all", in: 0.5..<1.5) { $0[0].prod() },
    Primitive("normalize") { normalize($0[0], dim: 2) },
    Primitive("pairwiseDistance", inputs: 2) { pairwiseDistance($0[0], $0[1]) },
    Primitive("cdist 1", inputs: 2) { cdist($0[0], $0[1], p: 1) },
    Primitive("custom") {
      Tensor.custom([$0[0]]) {
        exp($0[0])
      } backward: { _, y, g in
        [g * y]
      }
    },
    Primitive("cdist infinity", inputs: 2) { cdist($0[0], $0[1], p: .infinity) },
    Primitive("embedding") {
      square(embedding(classes(5, below: 3), $0[0].flattened(startDim: 1)))
    },
    Primitive("linear", inputs: 2) {
      square(linear($0[0], rows($0[1]).narrowed(dim: 1, start: 0, length: $0[0].shape[2])))
    },
    Primitive("maxPool2d in the padding") { x in
      let y = maxPool2d(x[0], kernelSize: [2], stride: [1], padding: [3], dilation: [5])
      return `where`(y.isFinite(), y, 0)
    },
    Primitive("softmin") { square(softmin($0[0], dim: 0)) },
  ]
}

extension Primitive {
  static let losses: [Primitive] = [
    Primitive("mseLoss", inputs: 2) { mseLoss($0[0], target: $0[1]) },
    Primitive("l1Loss", inputs: 2) { l1Loss($0[0], target: $0[1]) },
    Primitive("smoothL1Loss", inputs: 2) { smoothL1Loss($0[0], target: $0[1], beta: 0.7) },
    Primitive("huberLoss", inputs: 2) { huberLoss($0[0], target: $0[1], delta: 0.7) },
    Primitive("crossEntropy") { x in
      crossEntropy(
        rows(x[0]), target: classes(x[0].shape[0], below: 4), labelSmoothing: 0.1)
    },
    Primitive("crossEntropy of probabilities", inputs: 2) {
      crossEntropy(rows($0[0]), target: rows(softmax($0[1], dim: 1)))
    },
    Primitive("nllLoss") { nllLoss(rows($0[0]), target: classes($0[0].shape[0], below: 4)) },
    Primitive("binaryCrossEntropy", in: 0.1..<0.9) {
      binaryCrossEntropy($0[0], target: labels(like: $0[0]))
    },
    Primitive("binaryCrossEntropyWithLogits") {
      binaryCrossEntropyWithLogits($0[0], target: labels(like: $0[0]))
    },
    Primitive("binaryCrossEntropyWithLogits of weights", inputs: 3, in: 0.1..<0.9) {
      binaryCrossEntropyWithLogits($0[0], target: $0[1], positiveWeight: $0[2])
    },
    Primitive("klDivergence", inputs: 2, in: 0.2..<0.9) { klDivergence($0[0], target: $0[1]) },
    Primitive("jsDivergence", inputs: 2, in: 0.2..<0.9) { jsDivergence(rows($0[0]), rows($0[1])) },
    Primitive("cosineEmbeddingLoss", inputs: 2) {
      let signs = Tensor((0..<$0[0].shape[0]).map { Double($0 % 2 * 2 - 1) }, dtype: .f64)
      return cosineEmbeddingLoss(rows($0[0]), rows($0[1]), target: signs, margin: -0.5)
    },
    Primitive("tripletMarginLoss", inputs: 3) {
      tripletMarginLoss($0[0], positive: $0[1], negative: $0[2], swap: true)
    },
    Primitive("marginRankingLoss", inputs: 2) {
      marginRankingLoss($0[0], $0[1], target: labels(like: $0[0]) * 2 - 1, margin: 0.3)
    },
    Primitive("hingeEmbeddingLoss") {
      hingeEmbeddingLoss($0[0], target: labels(like: $0[0]) * 2 - 1)
    },
    Primitive("softMarginLoss") { softMarginLoss($0[0], target: labels(like: $0[0]) * 2 - 1) },
    Primitive("multiMarginLoss") {
      multiMarginLoss(rows($0[0]), target: classes($0[0].shape[0], below: 4), p: 2)
    },
    Primitive("multilabelMarginLoss") {
      let (n, c) = (rows($0[0]).shape[0], rows($0[0]).shape[1])
      let list = (0..<n * c).map { $0 % c < 2 ? $0 % c + 1 : -1 }
      return multilabelMarginLoss(rows($0[0]), target: Tensor(list, shape: [n, c], dtype: .i64))
    },
    Primitive("multilabelSoftMarginLoss") {
      multilabelSoftMarginLoss(rows($0[0]), target: labels(like: rows($0[0])))
    },
    Primitive("poissonNLLLoss") {
      poissonNLLLoss($0[0], target: labels(like: $0[0]) * 3, full: true)
    },
    Primitive("gaussianNLLLoss", inputs: 3, in: 0.3..<2) {
      gaussianNLLLoss($0[0], target: $0[1], variance: $0[2])
    },
    Primitive("ctcLoss") {
      ctcLoss(
        logSoftmax($0[0], dim: 2),
        targets: Tensor([1], shape: [1, 1], dtype: .i64).expanded($0[0].shape[1], 1),
        inputLengths: Array(repeating: $0[0].shape[0], count: $0[0].shape[1]),
        targetLengths: Array(repeating: 1, count: $0[0].shape[1]))
    },
    Primitive("sigmoidFocalLoss") { sigmoidFocalLoss($0[0], target: labels(like: $0[0])) },
    Primitive("softmaxFocalLoss") {
      softmaxFocalLoss(rows($0[0]), target: classes($0[0].shape[0], below: 4))
    },
    Primitive("giouLoss", inputs: 2, in: 0.1..<1) {
      giouLoss(boxes($0[0], 0), target: boxes($0[1], 0.1))
    },
    Primitive("diouLoss", inputs: 2, in: 0.1..<1) {
      diouLoss(boxes($0[0], 0), target: boxes($0[1], 0.1))
    },
    Primitive("eiouLoss", inputs: 2, in: 0.1..<1) {
      eiouLoss(boxes($0[0], 0), target: boxes($0[1], 0.1))
    },
    Primitive("siouLoss", inputs: 2, in: 0.1..<1) {
      siouLoss(boxes($0[0], 0), target: boxes($0[1], 0.1))
    },
    Primitive("alphaIoULoss", inputs: 2, in: 0.1..<1) {
      alphaIoULoss(boxes($0[0], 0), target: boxes($0[1], 0.1), kind: .giou)
    },
    Primitive("jaccardLoss", in: 0.1..<0.9) { jaccardLoss($0[0], target: labels(like: $0[0])) },
    Primitive("diceLoss", in: 0.1..<0.9) {
      diceLoss($0[0], target: labels(like: $0[0]), squared: true)
    },
    Primitive("tverskyLoss", in: 0.1..<0.9) { tverskyLoss($0[0], target: labels(like: $0[0])) },
    Primitive("lovaszHingeLoss") { lovaszHingeLoss($0[0], labels: labels(like: $0[0])) },
    Primitive("lovaszSoftmaxLoss") {
      lovaszSoftmaxLoss(softmax(rows($0[0]), dim: 1), labels: classes($0[0].shape[0], below: 4))
    },
    Primitive("wassersteinDistance", inputs: 2) { wassersteinDistance($0[0], $0[1], p: 2) },
    Primitive("sinkhorn", in: 0.1..<1) {
      let cost = $0[0].selected(dim: 0, index: 0)
      func even(_ n: Int) -> Tensor { Tensor.full([n], 1 / Double(n), dtype: .f64) }
      return sinkhorn(
        cost: cost, even(cost.shape[0]), even(cost.shape[1]), epsilon: 0.5, iterations: 5
      ).cost
    },
    Primitive("contrastiveLoss", inputs: 2) {
      contrastiveLoss(
        rows($0[0]), rows($0[1]),
        labels: labels(
          like: $0[0].selected(dim: 1, index: 0)
            .selected(dim: 1, index: 0)), margin: 4)
    },
    Primitive("infoNCELoss", inputs: 2) { infoNCELoss(rows($0[0]), rows($0[1])) },
    Primitive("ntXentLoss", inputs: 2) { ntXentLoss(rows($0[0]), rows($0[1])) },
    Primitive("batchHardTripletLoss") {
      batchHardTripletLoss(rows($0[0]), labels: classes($0[0].shape[0], below: 2))
    },
    Primitive("semiHardTripletLoss") {
      semiHardTripletLoss(rows($0[0]), labels: classes($0[0].shape[0], below: 2))
    },
    Primitive("vicRegLoss", inputs: 2) { vicRegLoss(rows($0[0]), rows($0[1])).total },
    Primitive("barlowTwinsLoss", inputs: 2) { barlowTwinsLoss(rows($0[0]), rows($0[1])) },
    Primitive("alignment", inputs: 2) { alignment(rows($0[0]), rows($0[1])) },
    Primitive("uniformity") { uniformity(rows($0[0])) },
  ]
}

@Suite struct PullbackTests {
  @Test(arguments: Primitive.numbers + Primitive.picks + Primitive.losses)
  func `a gradient agrees with finite differences on random shapes`(primitive: Primitive) {
    for seed in UInt64(11)...12 {
      var g = SplitMix64(seed: seed)
      let shape = [3 + g.int(below: 2), 3 + g.int(below: 2), 3 + g.int(below: 2)]
      let inputs = (0..<primitive.inputs).map { _ in
        Tensor.uniform(shape: shape, in: primitive.range, dtype: .f64, using: &g)
      }
      let result = noGrad { primitive.function(inputs) }.shape
      let weights = Tensor.uniform(shape: result, in: 0.5..<1.5, dtype: .f64, using: &g)
      let report = gradcheck(inputs, rtol: 1e-4, atol: 1e-6) { primitive.function($0) * weights }
      #expect(report.passed, "seed \(seed), shape \(shape): \(report)")
    }
  }

  @Test(arguments: Primitive.numbers + Primitive.picks)
  func `it may be differentiated again`(primitive: Primitive) {
    var g = SplitMix64(seed: 13)
    let inputs = (0..<primitive.inputs).map { _ in
      Tensor.uniform(3, 3, 3, in: primitive.range, dtype: .f64, using: &g)
    }
    let report = gradcheck(inputs, rtol: 1e-3, atol: 1e-5) { given in
      let xs = given.map { x in
        if x.requiresGrad { return x }
        let leaf = x.detach()
        leaf.requiresGrad = true
        return leaf
      }
      let first = gradients(of: primitive.function(xs).sum(), at: xs, createGraph: true)
      return first.compactMap { $0 }.reduce(Tensor(0, dtype: .f64)) { $0 + ($1 * $1).sum() }
    }
    #expect(report.passed, "seed 13: \(report)")
  }
}
