// Networks sized by the caller. The widths are arguments, so that small ones train in a lesson.

/// A network of 3×3 convolutions in stages, each ended by pooling, with linear layers on top.
///
/// Source: Simonyan and Zisserman, Very Deep Convolutional Networks, 2015, arXiv:1409.1556.
public final class VGG: Module {
  /// The convolutions.
  public let features: Sequential
  /// The linear layers.
  public let classifier: Sequential

  /// A network for square images, with weights of the global generator.
  ///
  /// - Parameters:
  ///   - inChannels: Channels of the images.
  ///   - imageSize: Their height and width.
  ///   - stages: Widths of the convolutions, a list a stage: `[[32, 32], [64, 64]]`.
  ///   - hidden: Widths of linear layers before the last.
  ///   - outputs: The width of the last.
  ///   - batchNorm: Whether each convolution is normalised.
  ///   - dropout: The probability that an output of a hidden linear layer is dropped in training.
  /// - Precondition: No width is negative.
  public convenience init(
    inChannels: Int, imageSize: Int, stages: [[Int]], hidden: [Int] = [], outputs: Int,
    batchNorm: Bool = false, dropout: Double = 0, file: StaticString = #file, line: UInt = #line
  ) {
    var generator = SplitMix64(seed: withGlobalGenerator { $0.next() })
    self.init(
      inChannels: inChannels, imageSize: imageSize, stages: stages, hidden: hidden,
      outputs: outputs, batchNorm: batchNorm, dropout: dropout, using: &generator, file: file,
      line: line)
  }

  /// A network for square images.
  ///
  /// - Parameters:
  ///   - inChannels: Channels of the images.
  ///   - imageSize: Their height and width.
  ///   - stages: Widths of the convolutions, a list a stage: `[[32, 32], [64, 64]]`.
  ///   - hidden: Widths of linear layers before the last.
  ///   - outputs: The width of the last.
  ///   - batchNorm: Whether each convolution is normalised.
  ///   - dropout: The probability that an output of a hidden linear layer is dropped in training.
  ///   - generator: Where the weights come from, in the order of the layers.
  /// - Precondition: No width is negative.
  public init(
    inChannels: Int, imageSize: Int, stages: [[Int]], hidden: [Int] = [], outputs: Int,
    batchNorm: Bool = false, dropout: Double = 0, using generator: inout SplitMix64,
    file: StaticString = #file, line: UInt = #line
  ) {
    let site = CallSite(file, line)
    defer { site.leave() }
    var layers: [any Module] = []
    var channels = inChannels
    var size = imageSize
    for stage in stages {
      for width in stage {
        layers.append(
          Conv2d(channels, width, kernelSize: [3], padding: 1, using: &generator))
        if batchNorm { layers.append(BatchNorm2d(width)) }
        layers.append(ReLU())
        channels = width
      }
      layers.append(MaxPool2d(2))
      size /= 2
    }
    features = Sequential(layers)
    var top: [any Module] = [Flatten()]
    var width = channels * size * size
    for next in hidden {
      top += [Linear(width, next, using: &generator), ReLU()]
      if dropout > 0 { top.append(Dropout(dropout)) }
      width = next
    }
    top.append(Linear(width, outputs, using: &generator))
    classifier = Sequential(top)
  }

  /// The outputs of a batch `[n, c, h, w]`.
  public func forward(_ x: Tensor) -> Tensor { classifier(features(x)) }
}

/// A network of residual blocks of two 3×3 convolutions.
///
/// Source: He et al., Deep Residual Learning, 2016, arXiv:1512.03385.
public final class ResNet: Module {
  /// The first convolution and the blocks.
  public let features: Sequential
  /// The linear layer on the averages of the channels.
  public let head: Linear

  /// A network for images, with weights of the global generator.
  ///
  /// - Parameters:
  ///   - inChannels: Channels of the images.
  ///   - widths: The width of each stage; every stage but the first halves the image.
  ///   - blocks: How many blocks a stage has.
  ///   - outputs: The width of the output.
  /// - Precondition: No size is negative.
  public convenience init(
    inChannels: Int, widths: [Int], blocks: Int = 2, outputs: Int, file: StaticString = #file,
    line: UInt = #line
  ) {
    var generator = SplitMix64(seed: withGlobalGenerator { $0.next() })
    self.init(
      inChannels: inChannels, widths: widths, blocks: blocks, outputs: outputs, using: &generator,
      file: file, line: line)
  }

  /// A network for images.
  ///
  /// - Parameters:
  ///   - inChannels: Channels of the images.
  ///   - widths: The width of each stage; every stage but the first halves the image.
  ///   - blocks: How many blocks a stage has.
  ///   - outputs: The width of the output.
  ///   - generator: Where the weights come from, in the order of the layers.
  /// - Precondition: No size is negative.
  public init(
    inChannels: Int, widths: [Int], blocks: Int = 2, outputs: Int,
    using generator: inout SplitMix64, file: StaticString = #file, line: UInt = #line
  ) {
    let site = CallSite(file, line)
    defer { site.leave() }
    func conv(_ i: Int, _ o: Int, _ k: Int, _ stride: Int) -> [any Module] {
      [
        Conv2d(
          i, o, kernelSize: [k], stride: [stride], padding: .zeros([k / 2]), bias: false,
          using: &generator), BatchNorm2d(o),
      ]
    }
    var channels = widths.first ?? outputs
    var layers: [any Module] = conv(inChannels, channels, 3, 1) + [ReLU()]
    for (stage, width) in widths.enumerated() {
      for block in 0..<blocks {
        let stride = stage > 0 && block == 0 ? 2 : 1
        let body = Sequential(
          conv(channels, width, 3, stride) + [ReLU()] + conv(width, width, 3, 1))
        let shortcut: (any Module)? =
          stride == 1 && channels == width ? nil : Sequential(conv(channels, width, 1, stride))
        layers += [Residual(body, shortcut: shortcut), ReLU()]
        channels = width
      }
    }
    features = Sequential(layers)
    head = Linear(channels, outputs, using: &generator)
  }

  /// The outputs of a batch `[n, c, h, w]`.
  public func forward(_ x: Tensor) -> Tensor { head(features(x).mean(dim: [2, 3])) }
}

/// Channels weighed by what the whole image shows.
///
/// Source: Hu et al., Squeeze-and-Excitation Networks, 2018, arXiv:1709.01507.
public final class SqueezeExcite: Module {
  /// From all channels to few.
  public let reduce: Linear
  /// And back.
  public let expand: Linear

  /// A module for so many channels.
  ///
  /// - Parameters:
  ///   - channels: Channels of the input and of the output.
  ///   - reduced: To how many they are squeezed.
  ///   - generator: Where the weights come from.
  /// - Precondition: No size is negative.
  public init(
    _ channels: Int, reduced: Int, using generator: inout SplitMix64, file: StaticString = #file,
    line: UInt = #line
  ) {
    let site = CallSite(file, line)
    defer { site.leave() }
    reduce = Linear(channels, reduced, using: &generator)
    expand = Linear(reduced, channels, using: &generator)
  }

  /// The weighed channels of a batch `[n, c, h, w]`.
  public func forward(_ x: Tensor) -> Tensor {
    let weights = sigmoid(expand(silu(reduce(x.mean(dim: [2, 3])))))
    return x * weights.unsqueezed(dim: 2).unsqueezed(dim: 3)
  }
}

/// Expand, convolve each channel, weigh channels, project; with a shortcut where shapes agree.
///
/// Source: Tan and Le, EfficientNet, 2019, arXiv:1905.11946; Sandler et al., MobileNetV2, 2018.
public final class MBConv: Module {
  /// The layers.
  public let body: Sequential
  private let hasShortcut: Bool

  /// A block.
  ///
  /// - Parameters:
  ///   - inChannels: Channels of the input.
  ///   - outChannels: Channels of the output.
  ///   - expansion: How many times as many channels there are inside; 1 leaves out the first
  ///     convolution.
  ///   - kernelSize: The side of the filters of the convolution channel by channel; odd, so that
  ///     images keep their size.
  ///   - stride: How far those filters move; a shortcut needs 1, and as many channels out as in.
  ///   - generator: Where the weights come from, in the order of the layers.
  /// - Precondition: `inChannels`, `expansion` and `kernelSize` are 1 or more.
  public init(
    _ inChannels: Int, _ outChannels: Int, expansion: Int = 4, kernelSize: Int = 3,
    stride: Int = 1, using generator: inout SplitMix64, file: StaticString = #file,
    line: UInt = #line
  ) {
    let site = CallSite(file, line)
    defer { site.leave() }
    let inner = inChannels * expansion
    var layers: [any Module] = []
    if expansion > 1 {
      layers += [
        Conv2d(inChannels, inner, kernelSize: [1], bias: false, using: &generator),
        BatchNorm2d(inner), SiLU(),
      ]
    }
    layers += [
      Conv2d(
        inner, inner, kernelSize: [kernelSize], stride: [stride],
        padding: .zeros([kernelSize / 2]), groups: inner, bias: false, using: &generator),
      BatchNorm2d(inner), SiLU(),
      SqueezeExcite(inner, reduced: Swift.max(1, inChannels / 4), using: &generator),
      Conv2d(inner, outChannels, kernelSize: [1], bias: false, using: &generator),
      BatchNorm2d(outChannels),
    ]
    body = Sequential(layers)
    hasShortcut = stride == 1 && inChannels == outChannels
  }

  /// The block's value for a batch `[n, c, h, w]`.
  public func forward(_ x: Tensor) -> Tensor { hasShortcut ? body(x) + x : body(x) }
}

/// A network of `MBConv` blocks.
///
/// Source: Tan and Le, EfficientNet, 2019, arXiv:1905.11946.
public final class EfficientNet: Module {
  /// The first convolution and the blocks.
  public let features: Sequential
  /// The linear layer on the averages of the channels.
  public let head: Linear

  /// A network for images, with weights of the global generator.
  ///
  /// - Parameters:
  ///   - inChannels: Channels of the images.
  ///   - stem: Channels after the first convolution.
  ///   - stages: For each stage its width, its number of blocks and the stride of the first.
  ///   - outputs: The width of the output.
  ///   - expansion: How many times as many channels there are inside a block.
  /// - Precondition: No size is negative; blocks need channels and an `expansion` of 1 or more.
  public convenience init(
    inChannels: Int, stem: Int, stages: [(width: Int, blocks: Int, stride: Int)], outputs: Int,
    expansion: Int = 4, file: StaticString = #file, line: UInt = #line
  ) {
    var generator = SplitMix64(seed: withGlobalGenerator { $0.next() })
    self.init(
      inChannels: inChannels, stem: stem, stages: stages, outputs: outputs, expansion: expansion,
      using: &generator, file: file, line: line)
  }

  /// A network for images.
  ///
  /// - Parameters:
  ///   - inChannels: Channels of the images.
  ///   - stem: Channels after the first convolution.
  ///   - stages: For each stage its width, its number of blocks and the stride of the first.
  ///   - outputs: The width of the output.
  ///   - expansion: How many times as many channels there are inside a block.
  ///   - generator: Where the weights come from, in the order of the layers.
  /// - Precondition: No size is negative; blocks need channels and an `expansion` of 1 or more.
  public init(
    inChannels: Int, stem: Int, stages: [(width: Int, blocks: Int, stride: Int)], outputs: Int,
    expansion: Int = 4, using generator: inout SplitMix64, file: StaticString = #file,
    line: UInt = #line
  ) {
    let site = CallSite(file, line)
    defer { site.leave() }
    var layers: [any Module] = [
      Conv2d(
        inChannels, stem, kernelSize: [3], padding: 1, bias: false, using: &generator),
      BatchNorm2d(stem), SiLU(),
    ]
    var channels = stem
    for stage in stages {
      for block in 0..<stage.blocks {
        layers.append(
          MBConv(
            channels, stage.width, expansion: expansion, stride: block == 0 ? stage.stride : 1,
            using: &generator))
        channels = stage.width
      }
    }
    features = Sequential(layers)
    head = Linear(channels, outputs, using: &generator)
  }

  /// The outputs of a batch `[n, c, h, w]`.
  public func forward(_ x: Tensor) -> Tensor { head(features(x).mean(dim: [2, 3])) }
}
