import Math
import Testing

/// Every kernel that shares its work between threads gives the same bits for any number of them.
///
/// Sizes are such that each takes several chunks. Threads are a setting of the process; another test
/// may hold the pool meanwhile, so that each number is tried twice.
@Suite(.serialized) struct ThreadIndependenceTests {
  struct Kernel: CustomTestStringConvertible, Sendable {
    let name: String
    let run: @Sendable () -> [Tensor]
    init(_ name: String, _ run: @escaping @Sendable () -> [Tensor]) {
      (self.name, self.run) = (name, run)
    }
    var testDescription: String { name }
  }

  /// Standard normal numbers, always the same for a shape.
  private static func normal(_ shape: Int..., dtype: DType = .f32) -> Tensor {
    var g = SplitMix64(seed: UInt64(shape.reduce(7) { $0 &* 31 &+ $1 }))
    return Tensor.normal(shape: shape, dtype: dtype, using: &g)
  }

  private static func classes(_ count: Int, below n: Int) -> Tensor {
    var g = SplitMix64(seed: 3)
    return Tensor.randint(in: 0..<n, shape: [count], using: &g)
  }

  /// A result and the gradients of its sum with fixed weights.
  private static func withGradients(_ inputs: [Tensor], _ f: ([Tensor]) -> Tensor) -> [Tensor] {
    let leaves = inputs.map { $0.detach() }
    for x in leaves { x.requiresGrad = true }
    let y = f(leaves)
    y.backward(gradient: Tensor.linspace(-1, 2, y.count, dtype: y.dtype).reshaped(y.shape))
    return [y.detach()] + leaves.compactMap(\.grad)
  }

  private static func convolution(
    _ n: Int, _ c: Int, _ o: Int, _ side: Int, groups: Int = 1, stride: Int = 1,
    dtype: DType = .f32
  ) -> [Tensor] {
    withGradients([
      normal(n, c, side, side, dtype: dtype), normal(o, c / groups, 3, 3, dtype: dtype),
      normal(o, dtype: dtype),
    ]) { relu(conv2d($0[0], $0[1], bias: $0[2], stride: [stride], padding: 1, groups: groups)) }
  }

  private static func trained(_ make: ([Tensor]) -> Optimizer) -> [Tensor] {
    let parameters = [normal(300, 401), normal(7)]
    for p in parameters { p.requiresGrad = true }
    let optimizer = make(parameters)
    for step in 1...3 {
      for p in parameters { p.grad = p.detach() * Double(step) }
      optimizer.step()
    }
    return parameters.map { $0.detach() }
  }

  static let products = [
    Kernel("a wide product") {
      withGradients([normal(130, 90), normal(90, 700)]) { matmul($0[0], $0[1]) }
    },
    Kernel("a tall product") {
      withGradients([normal(900, 150), normal(150, 70)]) { matmul($0[0], $0[1]) }
    },
    Kernel("a deep product") { [matmul(normal(70, 1500), normal(1500, 80))] },
    Kernel("a product of transposed matrices") { [matmul(normal(300, 200).T, normal(260, 300).T)] },
    Kernel("a product with one vector") { [matmul(normal(3000, 257), normal(257))] },
    Kernel("a matrix times its transpose") {
      let x = normal(1003, 60)
      return [matmul(x, x.T)]
    },
    Kernel("a product of doubles") {
      [matmul(normal(150, 210, dtype: .f64), normal(210, 130, dtype: .f64))]
    },
    Kernel("a batch of products") { [bmm(normal(3, 100, 64), normal(3, 64, 120))] },
  ]

  static let convolutions = [
    Kernel("a direct convolution") { convolution(9, 8, 21, 13) },
    Kernel("a direct convolution with stride") { convolution(9, 16, 16, 15, stride: 2) },
    Kernel("a transformed convolution") { convolution(11, 32, 48, 14) },
    Kernel("a convolution of planes") { convolution(9, 1, 32, 28) },
    Kernel("a convolution in groups") { convolution(9, 8, 12, 9, groups: 4) },
    Kernel("a convolution of doubles") { convolution(9, 3, 5, 9, dtype: .f64) },
    Kernel("pooling by two") {
      withGradients([normal(9, 8, 33, 31)]) { maxPool2d($0[0], kernelSize: [2]) }
    },
    Kernel("pooling by three") {
      withGradients([normal(9, 8, 33, 31)]) { maxPool2d($0[0], kernelSize: [3], stride: [2]) }
    },
    Kernel("pooling to means") {
      withGradients([normal(9, 8, 33, 31)]) { avgPool2d($0[0], kernelSize: [3]) }
    },
  ]

  static let normalizations = [
    Kernel("batch normalisation") {
      withGradients([normal(9, 12, 21, 23), normal(12), normal(12)]) {
        batchNorm($0[0], weight: $0[1], bias: $0[2], training: true)
      }
    },
    Kernel("layer normalisation") {
      withGradients([normal(500, 301), normal(301), normal(301)]) {
        layerNorm($0[0], normalizedShape: [301], weight: $0[1], bias: $0[2])
      }
    },
    Kernel("group normalisation") {
      withGradients([normal(30, 12, 21, 23)]) { groupNorm($0[0], numGroups: 3) }
    },
    Kernel("softmax of rows") { withGradients([normal(700, 301)]) { softmax($0[0], dim: 1) } },
    Kernel("softmax of more rows than the caches hold") { [softmax(normal(1100, 4096), dim: 1)] },
    Kernel("softmax of columns") { withGradients([normal(301, 400)]) { softmax($0[0], dim: 0) } },
    Kernel("the logarithm of softmax") {
      withGradients([normal(700, 301)]) { logSoftmax($0[0], dim: 1) }
    },
    Kernel("the logarithm of sums of exponentials") { [normal(700, 301).logSumExp(dim: 1)] },
  ]

  static let reductions = [
    Kernel("the sum of all") { [normal(999, 1001).sum(), normal(999, 301, dtype: .f64).sum()] },
    Kernel("sums of rows") {
      [normal(999, 1001).sum(dim: 1), normal(999, 301, dtype: .f64).sum(dim: 1)]
    },
    Kernel("sums of columns") {
      [normal(999, 1001).sum(dim: 0), normal(999, 301, dtype: .f64).sum(dim: 0)]
    },
    Kernel("sums in the middle") { [normal(40, 101, 201).sum(dim: 1)] },
    Kernel("products, norms and truths") {
      let x = normal(999, 301)
      return [
        x.prod(dim: 1), x.norm(dim: 1), x.norm(p: 1, dim: 0), x.norm(), (x .> 3).any(dim: [1]),
        (x .> -4).all(dim: [1]),
      ]
    },
    Kernel("extremes, orders and running sums") {
      let x = normal(300, 400)
      return [
        x.max(dim: 1).values, x.max(dim: 1).indices, x.sorted(dim: 1).values,
        x.sorted(dim: 1).indices, x.cumsum(dim: 1), x.argmin(dim: 0),
      ]
    },
    Kernel("the first few") {
      let found = normal(300, 700).topK(10)
      return [found.values, found.indices]
    },
  ]

  static let elements = [
    Kernel("functions of elements") {
      withGradients([normal(300, 401)]) { exp(tanh($0[0])) + sigmoid($0[0]) * erf($0[0]) }
    },
    Kernel("functions of more elements than the caches hold") {
      let x = normal(2100, 2001)
      return [exp(x), sigmoid(x), x * x, x + x[0], x - x[0..., 0..<1]]
    },
    Kernel("functions of doubles") { [log(abs(normal(300, 401, dtype: .f64)))] },
    Kernel("sums that broadcast") {
      withGradients([normal(300, 401), normal(401), normal(300, 1)]) { $0[0] * $0[1] + $0[2] }
    },
    Kernel("a transposed copy") {
      [normal(700, 401).T.contiguous(), normal(2112, 2048).T.contiguous()]
    },
    Kernel("steps of Adam") { trained { Adam($0, lr: 0.1, weightDecay: 0.1) } },
    Kernel("steps of AdamW") { trained { AdamW($0, lr: 0.1, amsgrad: true) } },
    Kernel("steps of SGD") { trained { SGD($0, lr: 0.1, momentum: 0.9, nesterov: true) } },
  ]

  static let losses = [
    Kernel("cross-entropy") {
      withGradients([normal(700, 301)]) { crossEntropy($0[0], target: classes(700, below: 301)) }
    },
    Kernel("the hardest triplets") {
      withGradients([normal(300, 64)]) {
        batchHardTripletLoss($0[0], labels: classes(300, below: 9))
      }
    },
    Kernel("contrastive loss") {
      withGradients([normal(700, 101), normal(700, 100 + 1)]) {
        contrastiveLoss($0[0], $0[1] * 0.5, labels: classes(700, below: 2), margin: 12)
      }
    },
    Kernel("cosines of rows") {
      withGradients([normal(700, 101), normal(700, 102)[.all, 0..<101].clone()]) {
        cosineSimilarity($0[0], $0[1])
      }
    },
    Kernel("the cosine loss") {
      withGradients([normal(700, 101), normal(700, 102)[.all, 0..<101].clone()]) {
        cosineEmbeddingLoss($0[0], $0[1], target: classes(700, below: 2) * 2 - 1)
      }
    },
    Kernel("overlaps of boxes") {
      let corners = abs(normal(400, 2))
      let boxes = cat([corners, corners + 1], dim: 1)
      return [boxIoU(boxes, boxes * 1.1)]
    },
    Kernel("distances") {
      withGradients([normal(60, 33), normal(70, 33)]) { cdist($0[0], $0[1]) }
    },
  ]

  @Test(arguments: products + convolutions + normalizations + reductions + elements + losses)
  func `a kernel gives the same bits with any number of threads`(kernel: Kernel) {
    let before = Math.threads
    defer { Math.threads = before }
    Math.threads = 1
    let expected = kernel.run()
    for threads in [2, 2, 3] {
      Math.threads = threads
      let found = kernel.run()
      #expect(found.count == expected.count)
      for (a, b) in zip(found, expected) {
        // NaN here would hide a difference.
        #expect(!b.isNaN().any().bools[0] && a.isEqual(to: b), "\(threads) threads")
      }
    }
  }
}
