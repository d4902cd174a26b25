/// Sets each element to 0 with probability `p` and scales the rest by 1 / (1 - p).
///
/// - Parameters:
///   - x: Of any shape.
///   - p: The probability, in `0...1`, that an element is dropped; 1 leaves zeros.
///   - training: Without it the input comes back, and no random number is drawn.
///   - generator: Where the random numbers come from.
/// - Returns: The shape of `x`.
/// - Precondition: `p` is in `0...1`, and what it changes are floating-point numbers.
///
/// Source: Srivastava et al., Dropout: A Simple Way to Prevent Neural Networks from Overfitting,
/// 2014.
public func dropout(
  _ x: Tensor, p: Double = 0.5, training: Bool = true, using generator: inout SplitMix64,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  require(
    p >= 0 && p <= 1,
    "dropout needs a probability in 0...1, got \(p); "
      + "pass the part to drop, not to keep", file: file, line: line)
  if !training || p == 0 { return x }
  x.requireFloat("dropout", file, line)
  if p == 1 { return x * 0.0 }
  let mask = Tensor.bernoulli(1 - p, shape: x.shape, dtype: x.dtype, using: &generator)
  return x * (mask / (1 - p))
}

/// Sets each element to 0 with probability `p`, with random numbers of the global generator.
///
/// - Parameters:
///   - x: Of any shape.
///   - p: The probability, in `0...1`, that an element is dropped; 1 leaves zeros.
///   - training: Without it the input comes back, and no random number is drawn.
/// - Returns: The shape of `x`.
/// - Precondition: `p` is in `0...1`, and what it changes are floating-point numbers.
public func dropout(
  _ x: Tensor, p: Double = 0.5, training: Bool = true, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  withGlobalGenerator {
    dropout(x, p: p, training: training, using: &$0, file: file, line: line)
  }
}
