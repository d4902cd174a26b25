/// x Wᵀ + bias, with weight `[out, in]`.
public final class Linear: Module {
  /// Shape `[out, in]`.
  public var weight: Tensor
  /// Shape `[out]`, if there is one.
  public var bias: Tensor?

  /// A layer with weights and then biases uniform within ±1/√in, of the global generator.
  ///
  /// - Parameters:
  ///   - inFeatures: The last size of the input.
  ///   - outFeatures: The last size of the output.
  ///   - bias: Whether each output adds a number of its own.
  /// - Precondition: Both sizes are 0 or more.
  public convenience init(
    _ inFeatures: Int, _ outFeatures: Int, bias: Bool = true, file: StaticString = #file,
    line: UInt = #line
  ) {
    var generator = SplitMix64(seed: withGlobalGenerator { $0.next() })
    self.init(
      inFeatures, outFeatures, bias: bias, using: &generator, file: file, line: line)
  }

  /// A layer with weights and then biases uniform within ±1/√in, of the generator given.
  ///
  /// - Parameters:
  ///   - inFeatures: The last size of the input.
  ///   - outFeatures: The last size of the output.
  ///   - bias: Whether each output adds a number of its own.
  ///   - generator: Where the random numbers come from.
  /// - Precondition: Both sizes are 0 or more.
  public init(
    _ inFeatures: Int, _ outFeatures: Int, bias: Bool = true, using generator: inout SplitMix64,
    file: StaticString = #file, line: UInt = #line
  ) {
    let site = CallSite(file, line)
    defer { site.leave() }
    let distribution = Distribution.layerDefault(fanIn: inFeatures)
    weight = parameter([outFeatures, inFeatures], distribution, &generator)
    self.bias = bias ? parameter([outFeatures], distribution, &generator) : nil
  }

  /// The product with the weights, and the bias.
  public func forward(_ x: Tensor) -> Tensor { linear(x, weight, bias: bias) }
}

extension Linear: FusesReLU {
  func forwardThenRelu(_ x: Tensor) -> Tensor {
    if let bias, isFusable(x, weight, bias) { return linearFused(x, weight, bias, relu: true) }
    return relu(forward(x))
  }
}
