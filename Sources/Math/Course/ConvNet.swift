/// What stands between the images and the linear layers of a `ConvNet`.
public enum ConvBody: String, Sendable {
  /// 3×3 convolutions in two stages, as in VGG.
  case vgg
  /// The same with the input of each convolution added to its output where the widths agree.
  case residual
  /// `MBConv` blocks, as in EfficientNet.
  case efficient
}

/// How the weights of a `ConvNet` begin.
public enum ConvInit: String, Sendable {
  /// Weights and biases uniform within ±1/√fanIn, as PyTorch's layers.
  case layerDefault
  /// Xavier's uniform weights and biases of 0.01, of linear layers only: what the article's code does.
  case xavierLinear
  /// He's uniform weights and biases of 0, everywhere.
  case he
}

/// The clinic's convolutional network: images of 7 × 7 pixels in, two stages of 8 and 16 channels, a
/// linear layer of 32, an embedding of 16.
public final class ConvNet: Module {
  /// The convolutions.
  public let features: Sequential
  /// The linear layers.
  public let top: Sequential

  /// A network whose weights come from a seed.
  ///
  /// - Parameters:
  ///   - seed: The seed of all weights.
  ///   - body: What the two stages are made of.
  ///   - depth: Convolutions, or blocks, a stage.
  ///   - activation: What follows each convolution and the hidden linear layer; `.efficient` blocks
  ///     have their own.
  ///   - norm: `.hidden` normalises after each convolution, `.all` also after the linear layers;
  ///     `.efficient` blocks always normalise.
  ///   - initialization: How the weights begin.
  ///   - hasSoftmax: Whether the embedding is a softmax.
  /// - Precondition: `depth` is 1 or more.
  public init(
    seed: UInt64, body: ConvBody = .vgg, depth: Int = 1, activation: MicroActivation = .relu,
    norm: MicroNorm = .none, initialization: ConvInit = .layerDefault, hasSoftmax: Bool = false,
    file: StaticString = #file, line: UInt = #line
  ) {
    require(
      depth > 0, "ConvNet needs a depth of 1 or more, got \(depth); a stage has to widen",
      file: file, line: line)
    var generator = SplitMix64(seed: seed)
    var layers: [any Module] = []
    var channels = 1
    for (stage, width) in [8, 16].enumerated() {
      for _ in 0..<depth {
        switch body {
        case .efficient:
          layers.append(MBConv(channels, width, expansion: 2, using: &generator))
        case .vgg, .residual:
          let conv = Conv2d(channels, width, kernelSize: [3], padding: 1, using: &generator)
          let block = Sequential(
            norm == .none
              ? [conv, Lambda(activation.callAsFunction)]
              : [conv, BatchNorm2d(width), Lambda(activation.callAsFunction)])
          layers.append(body == .residual && channels == width ? Residual(block) : block)
        }
        channels = width
      }
      if stage == 0 { layers.append(MaxPool2d(2)) }
    }
    features = Sequential(layers)
    let hidden = Linear(16 * 9, 32, using: &generator)
    let embedding = Linear(32, 16, using: &generator)
    var top: [any Module] = [Flatten(), hidden]
    if norm == .all { top.append(BatchNorm1d(32)) }
    top += [Lambda(activation.callAsFunction), embedding]
    if norm == .all { top.append(BatchNorm1d(16)) }
    if hasSoftmax { top.append(Lambda { softmax($0, dim: 1) }) }
    self.top = Sequential(top)
    start(initialization, &generator)
  }

  /// The embeddings of prepared images `[n, 1, 7, 7]`: `[n, 16]`.
  public func forward(_ x: Tensor) -> Tensor { top(features(x)) }

  /// The weights of convolutions and linear layers, in order.
  public var weights: [Tensor] { parameters.filter { $0.rank > 1 } }

  private func start(_ initialization: ConvInit, _ generator: inout SplitMix64) {
    if initialization == .layerDefault { return }
    for (name, p) in namedParameters where initialization == .he || name.hasPrefix("top") {
      let isWeight = p.rank > 1
      if isWeight {
        p.initialize(
          initialization == .he ? .kaimingUniform(p.shape) : .xavierUniform(p.shape),
          using: &generator)
      } else if name.hasSuffix("bias") {
        noGrad { p.fill(initialization == .he ? 0 : 0.01) }
      }
    }
  }
}
