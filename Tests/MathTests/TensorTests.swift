import Math
import Testing

@Suite struct TensorTests {
  // As PyTorch 2.13 prints them, but for `dtype:` and `requiresGrad:`.
  @Test func `tensors print as in PyTorch`() {
    #expect("\(Tensor([1, 2, 3]))" == "tensor([1., 2., 3.])")
    #expect("\(Tensor([0.5, 1, -2.25]))" == "tensor([ 0.5000,  1.0000, -2.2500])")
    #expect("\(Tensor([[1, 2], [3, 4]]))" == "tensor([[1., 2.],\n        [3., 4.]])")
    #expect("\(Tensor([1e-5, 1]))" == "tensor([1.0000e-05, 1.0000e+00])")
    #expect("\(Tensor([1.5, .nan, .infinity]))" == "tensor([1.5000,    nan,    inf])")
    #expect("\(Tensor(2))" == "tensor(2.)")
    #expect("\(Tensor([1, 20], dtype: .i64))" == "tensor([ 1, 20])")
    #expect("\(Tensor([true, false]))" == "tensor([ true, false])")
    #expect("\(Tensor([1], dtype: .f64))" == "tensor([1.], dtype: .f64)")
    #expect("\(Tensor([1], requiresGrad: true))" == "tensor([1.], requiresGrad: true)")
    #expect("\(Tensor.zeros(0))" == "tensor([])")
    #expect("\(Tensor.zeros(0, 3))" == "tensor([], shape: [0, 3])")
    #expect("\(Tensor.arange(2000))" == "tensor([   0,    1,    2,  ..., 1997, 1998, 1999])")
  }

  @Test func `subscripts take numbers, ranges, all and masks`() {
    let x = Tensor.arange(12).to(.f32).reshaped(3, 4)
    #expect(x[1].doubles == [4, 5, 6, 7])
    #expect(x[-1, 0].item() == 8)
    #expect(x[.all, 1...].shape == [3, 3])
    #expect(x[0..<2, .all].shape == [2, 4])
    #expect(x[.new, 0].shape == [1, 4])
    #expect(x[x .> 9].doubles == [10, 11])
    #expect(x[Tensor([2, 0], dtype: .i64)].doubles == [8, 9, 10, 11, 0, 1, 2, 3])
    x[1] = Tensor([0, 0, 0, 0])
    #expect(x.sum().item() == 44)
    x[x .> 9] = Tensor(-1)
    #expect(x[2].doubles == [8, 9, -1, -1])
  }

  @Test func `views share memory and copies do not`() {
    let x = Tensor.zeros(2, 3)
    let (view, copy) = (x.transposed(0, 1), x.clone())
    x.fill(1)
    #expect(view.sum().item() == 6)
    #expect(copy.sum().item() == 0)
  }

  // torch.allclose of PyTorch 2.13.
  @Test(
    arguments: [
      (1, .infinity, false), (.infinity, .infinity, true), (-.infinity, .infinity, false),
      (.infinity, 1, false), (.nan, .nan, false), (1, 1 + 5e-6, true), (1, 1 + 5e-5, false),
    ] as [(Double, Double, Bool)])
  func `numbers are close as in PyTorch`(a: Double, b: Double, isClose: Bool) {
    #expect(Tensor([a], dtype: .f64).isClose(to: Tensor([b], dtype: .f64)) == isClose)
  }

  @Test func `dtypes are promoted as in PyTorch`() {
    let (i, b) = (Tensor([1, 2], dtype: .i64), Tensor([true, false]))
    #expect((i + b).dtype == .i64)
    #expect((i * 2).dtype == .i64)
    #expect((i * 0.5).dtype == .f32)
    #expect((i / 2).dtype == .f32)
    #expect((Tensor([1], dtype: .f64) + Tensor([1])).dtype == .f64)
    #expect((Tensor(1, dtype: .f64) + Tensor([1])).dtype == .f32)
  }

  @Test func `+= changes in place inside noGrad and makes a new value outside`() {
    var w = Tensor([1, 2], requiresGrad: true)
    let other = w
    noGrad { w -= Tensor([1, 1]) }
    #expect(other.doubles == [0, 1])
    var y = w * 2
    y += w
    y.sum().backward()
    #expect(w.grad?.doubles == [3, 3])
  }
}
