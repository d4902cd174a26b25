import Math
import Testing

/// One function whose gradient is checked, and the range its inputs come from.
struct Primitive: CustomTestStringConvertible, Sendable {
  let name: String
  let inputs: Int
  let range: Range<Double>
  let function: @Sendable ([Tensor]) -> Tensor
  var testDescription: String { name }

  init(
    _ name: String, inputs: Int = 1, in range: Range<Double> = -2..<2,
    _ function: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    self.name = name
    self.inputs = inputs
    self.range = range
    self.function = function
  }
}

extension Primitive {
  static let elementwise: [Primitive] = [
    Primitive("+", inputs: 2) { $0[0] + $0[1] }, Primitive("-", inputs: 2) { $0[0] - $0[1] },
    Primitive("*", inputs: 2) { $0[0] * $0[1] },
    Primitive("/", inputs: 2, in: 0.5..<2) { $0[0] / $0[1] },
    Primitive("pow", inputs: 2, in: 0.5..<2) { pow($0[0], $0[1]) },
    Primitive("maximum", inputs: 2) { maximum($0[0], $0[1]) },
    Primitive("minimum", inputs: 2) { minimum($0[0], $0[1]) },
    Primitive("atan2", inputs: 2, in: 0.5..<2) { atan2($0[0], $0[1]) },
    Primitive("xlogy", inputs: 2, in: 0.5..<2) { xlogy($0[0], $0[1]) },
    Primitive("exp") { exp($0[0]) }, Primitive("expMinusOne") { expMinusOne($0[0]) },
    Primitive("log", in: 0.5..<2) { log($0[0]) }, Primitive("log2", in: 0.5..<2) { log2($0[0]) },
    Primitive("log10", in: 0.5..<2) { log10($0[0]) },
    Primitive("log(onePlus:)", in: -0.5..<2) { log(onePlus: $0[0]) },
    Primitive("sqrt", in: 0.5..<2) { sqrt($0[0]) },
    Primitive("rsqrt", in: 0.5..<2) { rsqrt($0[0]) },
    Primitive("square") { square($0[0]) }, Primitive("abs") { abs($0[0]) },
    Primitive("sin") { sin($0[0]) }, Primitive("cos") { cos($0[0]) },
    Primitive("tan", in: -1..<1) { tan($0[0]) }, Primitive("asin", in: -0.9..<0.9) { asin($0[0]) },
    Primitive("acos", in: -0.9..<0.9) { acos($0[0]) }, Primitive("atan") { atan($0[0]) },
    Primitive("sinh") { sinh($0[0]) }, Primitive("cosh") { cosh($0[0]) },
    Primitive("tanh") { tanh($0[0]) }, Primitive("sigmoid") { sigmoid($0[0]) },
    Primitive("reciprocal", in: 0.5..<2) { reciprocal($0[0]) }, Primitive("erf") { erf($0[0]) },
    Primitive("relu") { relu($0[0]) }, Primitive("leakyRelu") { leakyRelu($0[0]) },
    Primitive("elu") { elu($0[0]) }, Primitive("gelu") { gelu($0[0]) },
    Primitive("gelu tanh") { gelu($0[0], approximate: .tanh) }, Primitive("silu") { silu($0[0]) },
    Primitive("softplus") { softplus($0[0]) }, Primitive("logSigmoid") { logSigmoid($0[0]) },
    Primitive("clamped") { $0[0].clamped(to: -1...1) },
    Primitive("where", inputs: 2) { `where`($0[0] .> $0[1], $0[0] * 2, $0[1]) },
  ]
}

extension Primitive {
  static let shapes: [Primitive] = [
    Primitive("sum") { $0[0].sum(dim: 1) * $0[0].sum() },
    Primitive("mean") { $0[0].mean(dim: [0, 2]) },
    Primitive("variance") { $0[0].variance(dim: 1) }, Primitive("std") { $0[0].std(dim: [0, 1]) },
    Primitive("norm 1") { $0[0].norm(p: 1, dim: 1) }, Primitive("norm 2") { $0[0].norm(dim: 1) },
    Primitive("norm 3") { $0[0].norm(p: 3, dim: [1, 2]) },
    Primitive("norm infinity") { $0[0].norm(p: .infinity, dim: 2) },
    Primitive("prod") { $0[0].prod(dim: 1) }, Primitive("cumsum") { square($0[0].cumsum(dim: 1)) },
    Primitive("amax") { $0[0].amax(dim: [1]) }, Primitive("min") { $0[0].min(dim: 2).values },
    Primitive("logSumExp") { $0[0].logSumExp(dim: 1) },
    Primitive("softmax") { square(softmax($0[0], dim: 1)) },
    Primitive("logSoftmax") { square(logSoftmax($0[0], dim: 2)) },
    Primitive("permuted") { square($0[0].permuted(2, 0, 1)) * $0[0].sum() },
    Primitive("sliced") { square($0[0].sliced(dim: 1, from: 1, step: 2)) },
    Primitive("selected") { square($0[0][.all, 1]) },
    Primitive("flipped") { $0[0].flipped(dims: [0, 2]) * $0[0] },
    Primitive("rolled") { $0[0].rolled(shifts: [1], dims: [1]) * $0[0] },
    Primitive("repeated") { square($0[0].repeated([1, 2, 1, 1])) },
    Primitive("lowerTriangle") { square($0[0].lowerTriangle()) },
    Primitive("diagonal") { square($0[0].diagonal(dim1: 1, dim2: 2)) },
    Primitive("padded") { square($0[0].padded([1, 2], mode: .reflect)) },
    Primitive("sorted") { $0[0].sorted(dim: 1).values * $0[0] },
    Primitive("cat", inputs: 2) { square(cat([$0[0], $0[1], $0[0]], dim: 1)) },
    Primitive("stack", inputs: 2) { square(stack([$0[0], $0[1]])) },
    Primitive("matmul", inputs: 2) { matmul($0[0], $0[1].transposed(1, 2)) },
    Primitive("einsum", inputs: 2) { einsum("bij,bkj->bik", $0[0], $0[1]) },
    Primitive("cosineSimilarity", inputs: 2) { cosineSimilarity($0[0], $0[1], dim: 2) },
    Primitive("cdist", inputs: 2) { cdist($0[0], $0[1]) },
    Primitive("conv1d", inputs: 2) { conv1d($0[0], $0[1].narrowed(dim: 2, start: 0, length: 2)) },
    Primitive("conv2d", inputs: 2) {
      conv2d(
        $0[0].unsqueezed(dim: 0), $0[1].unsqueezed(dim: 0).narrowed(dim: 3, start: 0, length: 2),
        padding: 1)
    },
    Primitive("convTranspose2d", inputs: 2) {
      convTranspose2d(
        $0[0].unsqueezed(dim: 1), $0[1].unsqueezed(dim: 0).narrowed(dim: 1, start: 0, length: 1),
        stride: [2])
    },
    Primitive("maxPool2d") { maxPool2d($0[0], kernelSize: [2], stride: [1]) },
    Primitive("avgPool2d") { avgPool2d($0[0], kernelSize: [2], stride: [1], padding: [1]) },
    Primitive("adaptiveAvgPool2d") { square(adaptiveAvgPool2d($0[0], outputSize: [2])) },
    Primitive("batchNorm") { square(batchNorm($0[0], training: true)) * $0[0] },
    Primitive("layerNorm") { layerNorm($0[0], normalizedShape: [$0[0].shape[2]]) * $0[0] },
    Primitive("groupNorm") { groupNorm($0[0], numGroups: 1) * $0[0] },
  ]
}

@Suite struct GradientTests {
  @Test(arguments: Primitive.elementwise + Primitive.shapes)
  func `a pullback agrees with finite differences`(primitive: Primitive) {
    for seed in UInt64(1)...3 {
      var g = SplitMix64(seed: seed)
      let n = 3 + g.int(below: 2)
      let inputs = (0..<primitive.inputs).map { _ in
        Tensor.uniform(n, n, n, in: primitive.range, dtype: .f64, using: &g)
      }
      // A cotangent other than 1: gradients that only sum up rightly are found out.
      let shape = noGrad { primitive.function(inputs) }.shape
      let weights = Tensor.uniform(shape: shape, in: 0.5..<1.5, dtype: .f64, using: &g)
      let report = gradcheck(inputs, rtol: 1e-4, atol: 1e-6) {
        primitive.function($0) * weights
      }
      #expect(report.passed, "seed \(seed): \(report)")
    }
  }

  @Test(arguments: Primitive.elementwise + Primitive.shapes)
  func `a gradient of a gradient agrees with finite differences`(primitive: Primitive) {
    var g = SplitMix64(seed: 7)
    let inputs = (0..<primitive.inputs).map { _ in
      Tensor.uniform(3, 3, 3, in: primitive.range, dtype: .f64, using: &g)
    }
    let report = gradcheck(inputs, rtol: 1e-3, atol: 1e-5) { given in
      // Finite differences give points that require no gradient; here they need one.
      let xs = given.map { x in
        if x.requiresGrad { return x }
        let leaf = x.detach()
        leaf.requiresGrad = true
        return leaf
      }
      let y = (primitive.function(xs) * 1.5).sum()
      let first = gradients(of: y, at: xs, createGraph: true)
      return first.compactMap { $0 }.reduce(Tensor(0, dtype: .f64)) { $0 + ($1 * $1).sum() }
    }
    #expect(report.passed, "seed 7: \(report)")
  }

  @Test func `a broadcast operand gets a gradient of its own shape`() {
    let row = Tensor([1, 2, 3], requiresGrad: true)
    let x = Tensor([[1, 1, 1], [2, 2, 2]])
    (x * row).sum().backward()
    #expect(row.grad?.doubles == [3, 3, 3])
  }

  @Test func `gradients of two passes add up`() {
    let x = Tensor([2], requiresGrad: true)
    (x * x).sum().backward()
    (x * x).sum().backward()
    #expect(x.grad?.doubles == [8])
    x.zeroGrad()
    #expect(x.grad == nil)
  }

  @Test func `two results may share a part and pass back one after the other`() {
    let x = Tensor([3], requiresGrad: true)
    let part = x * 2
    let (a, b) = (part.sum(), (part * part).sum())
    a.backward(retainGraph: true)
    b.backward()
    #expect(x.grad?.doubles == [26])
  }

  @Test func `a chain of a million operations is recorded, passed back and dropped`() {
    let x = Tensor([1], requiresGrad: true)
    var y = x
    for _ in 0..<1_000_000 { y = y * 1.0 }
    y = x
    var z = x
    for _ in 0..<100_000 { z = z + x }
    z.sum().backward()
    #expect(x.grad?.doubles == [100_001])
  }

  @Test func `a custom operation passes its own gradient`() {
    let x = Tensor([1, 2], requiresGrad: true)
    let y = Tensor.custom([x]) {
      $0[0] * 3
    } backward: { _, _, g in
      [g * 100]
    }
    y.sum().backward()
    #expect(y.doubles == [3, 6])
    #expect(x.grad?.doubles == [100, 100])
  }

  @Test func `nothing is recorded inside noGrad`() {
    let x = Tensor([1], requiresGrad: true)
    #expect(!noGrad { x * 2 }.requiresGrad)
    #expect((x * 2).requiresGrad)
    #expect(!(x * 2).detach().requiresGrad)
  }

  @Test func `valueWithGradient leaves the point as it was`() {
    let x = Tensor([1, 2])
    let (value, slope) = valueWithGradient(at: x) { ($0 * $0).sum() }
    #expect(value.item() == 5)
    #expect(slope.doubles == [2, 4])
    #expect(!x.requiresGrad && x.grad == nil)
  }
}
