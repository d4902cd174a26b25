import Glibc
import Math
import Testing

@Suite struct KernelTests {
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
    // Without FMA the products of the long polynomials are rounded, too.
    let more: Double = Processor.isPortable ? 1 : 0
    #expect(worstUlp(-9...9, { tanh($0) }, { Glibc.tanh($0) }) <= 5 + more)
    #expect(worstUlp(-4...4, { erf($0) }, { Glibc.erf($0) }) <= 6 + more)
    #expect(worstUlp(-20...20, { sigmoid($0) }, { 1 / (1 + Glibc.exp(-$0)) }) <= 4)
  }

  @Test func `vector functions know the special values`() {
    let x = Tensor([.nan, .infinity, -.infinity, 0, -0.0, 1e-40, -1, 200, -200, 88.6, -88.6, -87])
    for (f, exact) in [
      ({ exp($0) }, { Glibc.exp($0) }), ({ log($0) }, { Glibc.log($0) }),
      ({ tanh($0) }, { Glibc.tanh($0) }), ({ erf($0) }, { Glibc.erf($0) }),
      ({ relu($0) }, { $0.isNaN ? $0 : max(0, $0) }),
      ({ sigmoid($0) }, { 1 / (1 + Glibc.exp(-$0)) }),
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
