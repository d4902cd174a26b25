import Math
import Testing

// Golden values: SplitMix64 as published, and derivations computed once in Python.
@Suite struct RandomTests {
  @Test func `a seed gives the published sequence`() {
    var g = SplitMix64(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    for value in expected { #expect(g.next() == value) }
  }

  @Test func `uniform numbers are the upper 53 bits`() {
    var g = SplitMix64(seed: 0)
    for value in [
      0.8833108082136426, 0.43152799704850997, 0.026433771592597743, 0.9708819781538285,
      0.10634669156721244,
    ] { #expect(g.uniform() == value) }
  }

  @Test func `normal numbers are the cosine half of Box and Muller's pair`() {
    var g = SplitMix64(seed: 0)
    for value in [
      -1.8839083333524405, 0.22760793546360525, -0.22143788059715477, 0.08341854419566393,
      0.7170826494218734,
    ] { #expect(abs(g.normal() - value) < 1e-12) }
  }

  @Test func `a shuffle swaps from the end`() {
    var g = SplitMix64(seed: 42)
    #expect(g.permutation(10) == [8, 3, 6, 5, 4, 0, 9, 2, 1, 7])
  }

  @Test func `a tensor is drawn in row-major order`() {
    var (a, b) = (SplitMix64(seed: 3), SplitMix64(seed: 3))
    let x = Tensor.normal(2, 3, dtype: .f64, using: &a)
    for value in x.doubles { #expect(b.normal() == value) }
  }

  @Test func `dropout keeps the mean and repeats by its seed`() {
    let x = Tensor.ones(10_000)
    var (a, b) = (SplitMix64(seed: 5), SplitMix64(seed: 5))
    let y = dropout(x, p: 0.3, using: &a)
    #expect(abs(y.mean().item() - 1) < 0.03)
    #expect(y.isEqual(to: dropout(x, p: 0.3, using: &b)))
  }
}
