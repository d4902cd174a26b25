import Math
import Testing

/// Float convolutions have kernels of their own; the plain matrix of windows in `f64` is the measure.
@Suite struct ConvolutionKernelTests {
  struct Shape: CustomTestStringConvertible {
    var n = 3
    var c = 8
    var o = 16
    var h = 9
    var w = 11
    var k = [3, 3]
    var stride = [1]
    var padding: [Int] = [1]
    var dilation = [1]
    var testDescription: String {
      "\(n)x\(c)x\(h)x\(w) to \(o) by \(k), stride \(stride), padding \(padding), \(dilation)"
    }
  }

  /// What a convolution with `relu` and its gradients are, in a dtype.
  private func everything(_ s: Shape, _ dtype: DType, fused: Bool) -> [Tensor] {
    var g = SplitMix64(seed: 5)
    let x = Tensor.normal(s.n, s.c, s.h, s.w, using: &g).to(dtype)
    let w = Tensor.normal(shape: [s.o, s.c] + s.k, std: 0.2, using: &g).to(dtype)
    let b = Tensor.normal(s.o, using: &g).to(dtype)
    for p in [x, w, b] { p.requiresGrad = true }
    let y: Tensor
    if fused {
      let layer = Conv2d(
        s.c, s.o, kernelSize: s.k, stride: s.stride, padding: .zeros(s.padding),
        dilation: s.dilation)
      (layer.weight, layer.bias) = (w, b)
      y = Sequential(layer, ReLU())(x)
    } else {
      y = relu(
        conv2d(
          x, w, bias: b, stride: s.stride, padding: .zeros(s.padding), dilation: s.dilation))
    }
    let slopes = Tensor.normal(shape: y.shape, using: &g).to(dtype)
    y.backward(gradient: slopes)
    return [y, x.grad, w.grad, b.grad].compactMap { $0?.detach() }
  }

  private func largest(_ x: Tensor) -> Double { abs(x).max().item() }

  /// Eight times what float sums of this length may be off, in parts of the largest value.
  private let roundingOfSums = 4e-6
  /// The same for Winograd's transforms.
  private let roundingOfTransforms = 4e-5

  @Test(arguments: [
    Shape(), Shape(c: 1, o: 32, h: 28, w: 28), Shape(c: 1, o: 5, h: 9, w: 10, padding: [2]),
    Shape(c: 1, o: 3, h: 12, w: 16, padding: [0]), Shape(c: 1, o: 2, h: 4, w: 15, padding: [1, 0]),
    Shape(c: 3, o: 8, h: 5, w: 5),
    Shape(c: 5, o: 21, h: 7, w: 7), Shape(c: 16, o: 16, stride: [2]),
    Shape(c: 8, o: 24, k: [5, 3], padding: [2, 0]), Shape(c: 8, o: 8, padding: [0]),
    Shape(c: 4, o: 16, dilation: [2]), Shape(c: 6, o: 9, stride: [2, 3], padding: [2, 1]),
    Shape(c: 1, o: 8, k: [1, 1], padding: [0]), Shape(n: 1, c: 8, o: 4), Shape(c: 2, o: 12),
    Shape(c: 8, o: 8, h: 3, w: 3), Shape(n: 9, c: 32, o: 17, h: 6, w: 6),
  ])
  func `direct convolutions and their gradients agree with double`(shape: Shape) {
    let exact = everything(shape, .f64, fused: false)
    for found in [everything(shape, .f32, fused: true), everything(shape, .f32, fused: false)] {
      for (a, b) in zip(found, exact) {
        #expect(largest(a.to(.f64) - b) <= roundingOfSums * largest(b))
      }
    }
  }

  @Test(arguments: [
    Shape(n: 5, c: 32, o: 32, h: 28, w: 28), Shape(n: 7, c: 32, o: 64, h: 14, w: 14),
    Shape(n: 13, c: 64, o: 32, h: 7, w: 7), Shape(n: 1, c: 32, o: 32, h: 7, w: 9),
    Shape(n: 2, c: 48, o: 32, h: 33, w: 30),
  ])
  func `transformed convolutions agree with double within their error`(shape: Shape) {
    let exact = everything(shape, .f64, fused: false)
    for (a, b) in zip(everything(shape, .f32, fused: true), exact) {
      #expect(largest(a.to(.f64) - b) <= roundingOfTransforms * largest(b))
    }
  }

  @Test func `results that no gradient is asked of are not transformed`() {
    var g = SplitMix64(seed: 6)
    let x = Tensor.normal(2, 32, 14, 14, using: &g)
    let w = Tensor.normal(32, 32, 3, 3, using: &g)
    let exact = conv2d(x.to(.f64), w.to(.f64), padding: 1)
    let plain = conv2d(x, w, padding: 1).to(.f64)
    #expect(largest(plain - exact) <= 1e-6 * largest(exact))
  }

  @Test func `a layer gives the same with the relu after it and apart from it`() {
    var g = SplitMix64(seed: 7)
    let x = Tensor.normal(4, 8, 12, 12, using: &g)
    let layers = [Conv2d(8, 16, kernelSize: [3], padding: 1, using: &g), ReLU()] as [any Module]
    #expect(Sequential(layers)(x).isEqual(to: relu(layers[0](x))))
    let rows = Tensor.normal(5, 7, using: &g)
    let line = Linear(7, 3, using: &g)
    for dtype in [DType.f32, .f64] {
      (line.weight, line.bias) = (line.weight.to(dtype), line.bias?.to(dtype))
      let z = rows.to(dtype)
      #expect(Sequential(line, ReLU())(z).isEqual(to: relu(line(z))))
    }
  }

  @Test func `fused layers may be differentiated twice`() {
    func second(_ dtype: DType) -> [Tensor] {
      var g = SplitMix64(seed: 8)
      let x = Tensor.normal(2, 8, 6, 6, using: &g).to(dtype)
      x.requiresGrad = true
      let convolution = Conv2d(8, 8, kernelSize: [3], padding: 1, using: &g)
      let line = Linear(8 * 9, 3, using: &g)
      for layer in [convolution, line] as [any Module] {
        for p in layer.parameters { p.requiresGrad = false }
      }
      (convolution.weight, convolution.bias) = (
        convolution.weight.to(dtype), convolution.bias?.to(dtype)
      )
      (line.weight, line.bias) = (line.weight.to(dtype), line.bias?.to(dtype))
      let model = Sequential(convolution, ReLU(), MaxPool2d(2), Flatten(), line)
      let loss = crossEntropy(model(x), target: Tensor([2, 0], dtype: .i64))
      guard let first = gradients(of: loss, at: [x], createGraph: true)[0] else { return [] }
      return [first.detach()]
        + gradients(of: (first * first).sum(), at: [x]).compactMap { $0 }
    }
    let (found, exact) = (second(.f32), second(.f64))
    #expect(found.count == 2)
    for (a, b) in zip(found, exact) {
      #expect(largest(a.to(.f64) - b) <= 1e-5 * largest(b))
    }
  }
}
