import Glibc

/// A small, fast and portable generator of random numbers: one seed gives one sequence everywhere.
///
/// Source: Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators, 2014.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// A generator of the sequence of a seed.
  public init(seed: UInt64) { state = seed }

  /// 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number in `0..<1` of 53 random bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A standard normal number: √(-2 ln(1 - u1)) cos(2π u2), u1 drawn first.
  ///
  /// 1 - u1 is never 0. The sine half of the pair is dropped, so that every number takes two.
  public mutating func normal() -> Double {
    let u1 = uniform()
    let u2 = uniform()
    return Glibc.sqrt(-2 * Glibc.log(1 - u1)) * Glibc.cos(2 * Double.pi * u2)
  }

  /// A whole number in `0..<n`.
  ///
  /// - Precondition: `n` is 1 or more.
  public mutating func int(below n: Int, file: StaticString = #file, line: UInt = #line) -> Int {
    require(
      n > 0,
      "int(below:) needs 1 or more, got \(n); count what there is to choose from", file: file,
      line: line)
    return Int(uniform() * Double(n))
  }

  /// Shuffles in place, by Fisher and Yates from the end.
  public mutating func shuffle<Element>(_ list: inout [Element]) {
    for i in stride(from: list.count - 1, to: 0, by: -1) { list.swapAt(i, int(below: i + 1)) }
  }

  /// The numbers `0..<n` in random order; none if `n` is 0 or less.
  public mutating func permutation(_ n: Int) -> [Int] {
    var list = Array(0..<Swift.max(0, n))
    shuffle(&list)
    return list
  }
}

// One generator for all that is given none; a lesson seeds it with `manualSeed`.
nonisolated(unsafe) private var globalGenerator = SplitMix64(seed: 0)

/// Restarts the global generator, which layers and random tensors use unless given another.
public func manualSeed(_ seed: UInt64) { globalGenerator = SplitMix64(seed: seed) }

func withGlobalGenerator<Result>(_ body: (inout SplitMix64) -> Result) -> Result {
  body(&globalGenerator)
}

extension Tensor {
  private static func generated(
    _ shape: [Int], _ dtype: DType?, _ file: StaticString, _ line: UInt, _ next: () -> Double
  ) -> Tensor {
    let out = Tensor(empty: Dims(checked: shape, file, line), dtype ?? defaultDType)
    for i in 0..<out.count { out.setElement(i, next()) }
    return out
  }

  /// Uniform numbers in a range, drawn in row-major order.
  ///
  /// - Parameters:
  ///   - shape: The sizes; none gives a 0-d tensor.
  ///   - range: The numbers are a + (b - a) u, a and b its bounds, u in `0..<1`.
  ///   - dtype: The type of the elements; the default one if absent. Integers lose their fraction.
  ///   - generator: Where the random numbers come from, one an element.
  /// - Precondition: Sizes of 0 or more, for at most eight dimensions.
  public static func uniform(
    _ shape: Int..., in range: Range<Double> = 0..<1, dtype: DType? = nil,
    using generator: inout SplitMix64, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    uniform(shape: shape, in: range, dtype: dtype, using: &generator, file: file, line: line)
  }

  /// Uniform numbers in a range, drawn in row-major order.
  ///
  /// - Parameters:
  ///   - shape: The sizes; an empty list gives a 0-d tensor.
  ///   - range: The numbers are a + (b - a) u, a and b its bounds, u in `0..<1`.
  ///   - dtype: The type of the elements; the default one if absent. Integers lose their fraction.
  ///   - generator: Where the random numbers come from, one an element.
  /// - Precondition: Sizes of 0 or more, for at most eight dimensions.
  public static func uniform(
    shape: [Int], in range: Range<Double> = 0..<1, dtype: DType? = nil,
    using generator: inout SplitMix64, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    let width = range.upperBound - range.lowerBound
    return generated(shape, dtype, file, line) {
      range.lowerBound + width * generator.uniform()
    }
  }

  /// Normal numbers, drawn in row-major order.
  ///
  /// - Parameters:
  ///   - shape: The sizes; none gives a 0-d tensor.
  ///   - mean: The mean of the distribution.
  ///   - std: Its standard deviation.
  ///   - dtype: The type of the elements; the default one if absent.
  ///   - generator: Where the random numbers come from, two an element.
  /// - Precondition: Sizes of 0 or more, for at most eight dimensions.
  public static func normal(
    _ shape: Int..., mean: Double = 0, std: Double = 1, dtype: DType? = nil,
    using generator: inout SplitMix64, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    normal(
      shape: shape, mean: mean, std: std, dtype: dtype, using: &generator, file: file, line: line)
  }

  /// Normal numbers, drawn in row-major order.
  ///
  /// - Parameters:
  ///   - shape: The sizes; an empty list gives a 0-d tensor.
  ///   - mean: The mean of the distribution.
  ///   - std: Its standard deviation.
  ///   - dtype: The type of the elements; the default one if absent.
  ///   - generator: Where the random numbers come from, two an element.
  /// - Precondition: Sizes of 0 or more, for at most eight dimensions.
  public static func normal(
    shape: [Int], mean: Double = 0, std: Double = 1, dtype: DType? = nil,
    using generator: inout SplitMix64, file: StaticString = #file, line: UInt = #line
  ) -> Tensor { generated(shape, dtype, file, line) { mean + std * generator.normal() } }

  /// Ones with probability `p`, else zeros.
  ///
  /// - Parameters:
  ///   - p: The probability of a one; 0 or less gives zeros alone, 1 or more ones.
  ///   - shape: The sizes; an empty list gives a 0-d tensor.
  ///   - dtype: The type of the elements; the default one if absent.
  ///   - generator: Where the random numbers come from, one an element.
  /// - Precondition: Sizes of 0 or more, for at most eight dimensions.
  public static func bernoulli(
    _ p: Double, shape: [Int], dtype: DType? = nil, using generator: inout SplitMix64,
    file: StaticString = #file, line: UInt = #line
  ) -> Tensor { generated(shape, dtype, file, line) { generator.uniform() < p ? 1 : 0 } }

  /// Uniform numbers in `0..<1` of the global generator.
  ///
  /// - Parameters:
  ///   - shape: The sizes; none gives a 0-d tensor.
  ///   - dtype: The type of the elements; the default one if absent.
  ///   - requiresGrad: Whether operations on the tensor are recorded.
  /// - Precondition: Sizes of 0 or more, for at most eight dimensions; only a floating-point tensor
  ///   requires a gradient.
  public static func rand(
    _ shape: Int..., dtype: DType? = nil, requiresGrad: Bool = false, file: StaticString = #file,
    line: UInt = #line
  ) -> Tensor {
    let site = CallSite(file, line)
    defer { site.leave() }
    let x = withGlobalGenerator { uniform(shape: shape, dtype: dtype, using: &$0) }
    x.requiresGrad = requiresGrad
    return x
  }

  /// Standard normal numbers of the global generator.
  ///
  /// - Parameters:
  ///   - shape: The sizes; none gives a 0-d tensor.
  ///   - dtype: The type of the elements; the default one if absent.
  ///   - requiresGrad: Whether operations on the tensor are recorded.
  /// - Precondition: Sizes of 0 or more, for at most eight dimensions; only a floating-point tensor
  ///   requires a gradient.
  public static func randn(
    _ shape: Int..., dtype: DType? = nil, requiresGrad: Bool = false, file: StaticString = #file,
    line: UInt = #line
  ) -> Tensor {
    let site = CallSite(file, line)
    defer { site.leave() }
    let x = withGlobalGenerator { normal(shape: shape, dtype: dtype, using: &$0) }
    x.requiresGrad = requiresGrad
    return x
  }

  /// Whole numbers of a range, as `i64`.
  ///
  /// - Parameters:
  ///   - range: The numbers to draw from, without its upper bound.
  ///   - shape: The sizes; an empty list gives a 0-d tensor.
  ///   - generator: Where the random numbers come from, one an element.
  /// - Precondition: The range is not empty; sizes of 0 or more, for at most eight dimensions.
  public static func randint(
    in range: Range<Int>, shape: [Int], using generator: inout SplitMix64,
    file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    require(
      !range.isEmpty, "randint needs a number to draw, got the range \(range); widen it",
      file: file,
      line: line)
    return generated(shape, .i64, file, line) {
      Double(range.lowerBound + generator.int(below: range.count))
    }
  }

  /// The numbers `0..<n` in random order, as `i64`.
  ///
  /// - Parameters:
  ///   - n: How many; 0 or less gives none.
  ///   - generator: Where the random numbers come from.
  /// - Returns: Shape `[n]`.
  public static func randperm(_ n: Int, using generator: inout SplitMix64) -> Tensor {
    Tensor(generator.permutation(n))
  }
}
