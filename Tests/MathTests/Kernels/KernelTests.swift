import Glibc
import Math
import Testing

// Threads are a setting of the process: these tests must not run beside one another.
@Suite(.serialized) struct KernelTests {
  /// The largest error of a float function, in units of the last place of the result in double.
  private func worstUlp(
    _ range: ClosedRange<Double>, _ f: (Tensor) -> Tensor, _ exact: (Double) -> Double
  ) -> Double {
    let x = Tensor.linspace(range.lowerBound, range.upperBound, 100_003)
    let y = f(x).doubles
    return zip(x.doubles, y).reduce(0) { worst, pair in
      let want = exact(pair.0)
      return max(worst, abs(pair.1 - want) / Double(Float(want).ulp))
    }
  }

  @Test func `vector functions stay within their stated errors`() {
    #expect(worstUlp(-87...88, { exp($0) }, { Glibc.exp($0) }) <= 2)
    #expect(worstUlp(1e-6...100, { log($0) }, { Glibc.log($0) }) <= 1.5)
    #expect(worstUlp(0.5...2, { log($0) }, { Glibc.log($0) }) <= 1.5)
    #expect(worstUlp(-9...9, { tanh($0) }, { Glibc.tanh($0) }) <= 5)
    #expect(worstUlp(-4...4, { erf($0) }, { Glibc.erf($0) }) <= 6)
    #expect(worstUlp(-20...20, { sigmoid($0) }, { 1 / (1 + Glibc.exp(-$0)) }) <= 4)
  }

  @Test func `vector functions know the special values`() {
    let x = Tensor([.nan, .infinity, -.infinity, 0, -0.0, 1e-40, -1, 200, -200])
    for (f, exact) in [
      ({ exp($0) }, { Glibc.exp($0) }), ({ log($0) }, { Glibc.log($0) }),
      ({ tanh($0) }, { Glibc.tanh($0) }), ({ erf($0) }, { Glibc.erf($0) }),
      ({ relu($0) }, { $0.isNaN ? $0 : max(0, $0) }),
    ] as [((Tensor) -> Tensor, (Double) -> Double)] {
      for (value, input) in zip(f(x).doubles, x.doubles) {
        let want = Double(Float(exact(input)))
        // Denormal results may lose digits.
        let agrees = value == want || abs(value - want) <= abs(want) * 1e-6 + 1e-38
        #expect(
          value.isNaN ? want.isNaN : agrees,
          "\(input): \(value), not \(want)")
      }
    }
  }

  @Test(arguments: [
    (1, 1, 1), (3, 5, 7), (37, 53, 29), (130, 200, 70), (64, 10, 400), (257, 129, 65),
  ])
  func `float products agree with double products`(m: Int, n: Int, k: Int) {
    var g = SplitMix64(seed: 11)
    let a = Tensor.normal(m, k, dtype: .f64, using: &g)
    let b = Tensor.normal(k, n, dtype: .f64, using: &g)
    let exact = matmul(a, b)
    let (af, bf) = (a.to(.f32), b.to(.f32))
    for y in [
      matmul(af, bf), matmul(af.T.clone().T, bf), matmul(af, bf.T.clone().T),
      matmul(af.T.clone().T, bf.T.clone().T),
    ] { #expect(y.to(.f64).isClose(to: exact, rtol: 1e-4, atol: 1e-4)) }
  }

  @Test func `results are the same with one thread and with two`() {
    func everything() -> [Tensor] {
      var g = SplitMix64(seed: 2)
      let x = Tensor.normal(513, 700, using: &g)
      let w = Tensor.normal(700, 300, using: &g)
      let images = Tensor.normal(5, 8, 33, 31, using: &g)
      let filters = Tensor.normal(16, 8, 3, 3, using: &g)
      x.requiresGrad = true
      filters.requiresGrad = true
      let y = softmax(matmul(tanh(x), w), dim: 1)
      let z = maxPool2d(relu(conv2d(images, filters, padding: 1)), kernelSize: [2])
      let loss = (y * y).sum() + z.mean() + x.sum(dim: 0).norm() + exp(x).sum()
      loss.backward()
      return [loss, x.grad, filters.grad, batchNorm(images, training: true), y].compactMap { $0 }
    }
    let before = Math.threads
    defer { Math.threads = before }
    Math.threads = 1
    let one = everything()
    Math.threads = 2
    let two = everything()
    for (a, b) in zip(one, two) { #expect(a.isEqual(to: b)) }
  }

  @Test func `steady training asks the system for no memory`() {
    var g = SplitMix64(seed: 1)
    let model = Sequential(Linear(16, 32, using: &g), ReLU(), Linear(32, 4, using: &g))
    let x = Tensor.normal(8, 16, using: &g)
    let y = Tensor([0, 1, 2, 3, 0, 1, 2, 3], dtype: .i64)
    let optimizer = Adam(model.parameters, lr: 1e-3)
    func step() {
      optimizer.zeroGrad()
      crossEntropy(model(x), target: y).backward()
      optimizer.step()
    }
    for _ in 0..<10 { step() }
    let before = allocatedBlocks
    for _ in 0..<100 { step() }
    #expect(allocatedBlocks == before)
  }
}
