/// max(0, x), as a module.
public struct ReLU: Module {
  /// The module.
  public init() {}
  /// The function of every element.
  public func forward(_ x: Tensor) -> Tensor { relu(x) }
}

/// x · sigmoid(x), as a module.
public struct SiLU: Module {
  /// The module.
  public init() {}
  /// The function of every element.
  public func forward(_ x: Tensor) -> Tensor { silu(x) }
}

/// 1 / (1 + e^-x), as a module.
public struct Sigmoid: Module {
  /// The module.
  public init() {}
  /// The function of every element.
  public func forward(_ x: Tensor) -> Tensor { sigmoid(x) }
}

/// The hyperbolic tangent, as a module.
public struct Tanh: Module {
  /// The module.
  public init() {}
  /// The function of every element.
  public func forward(_ x: Tensor) -> Tensor { tanh(x) }
}

/// x · Φ(x), as a module.
public struct GELU: Module {
  /// The module.
  public init() {}
  /// The function of every element.
  public func forward(_ x: Tensor) -> Tensor { gelu(x) }
}

/// ln sigmoid(x), as a module.
public struct LogSigmoid: Module {
  /// The module.
  public init() {}
  /// The function of every element.
  public func forward(_ x: Tensor) -> Tensor { logSigmoid(x) }
}

/// `leakyRelu`, as a module.
public struct LeakyReLU: Module {
  private let negativeSlope: Double

  /// The module.
  public init(negativeSlope: Double = 0.01) {
    self.negativeSlope = negativeSlope
  }

  /// What the function makes of the input.
  public func forward(_ x: Tensor) -> Tensor { leakyRelu(x, negativeSlope: negativeSlope) }
}

/// `elu`, as a module.
public struct ELU: Module {
  private let alpha: Double

  /// The module.
  public init(alpha: Double = 1) {
    self.alpha = alpha
  }

  /// What the function makes of the input.
  public func forward(_ x: Tensor) -> Tensor { elu(x, alpha: alpha) }
}

/// `softplus`, as a module.
public struct Softplus: Module {
  private let beta: Double

  /// The module.
  public init(beta: Double = 1) {
    self.beta = beta
  }

  /// What the function makes of the input.
  public func forward(_ x: Tensor) -> Tensor { softplus(x, beta: beta) }
}

/// `softmax`, as a module.
public struct Softmax: Module {
  private let dim: Int

  /// The module.
  public init(dim: Int) {
    self.dim = dim
  }

  /// What the function makes of the input.
  public func forward(_ x: Tensor) -> Tensor { softmax(x, dim: dim) }
}

/// `logSoftmax`, as a module.
public struct LogSoftmax: Module {
  private let dim: Int

  /// The module.
  public init(dim: Int) {
    self.dim = dim
  }

  /// What the function makes of the input.
  public func forward(_ x: Tensor) -> Tensor { logSoftmax(x, dim: dim) }
}

/// `flattened`, by default of all but the batch, as a module.
public struct Flatten: Module {
  private let startDim: Int
  private let endDim: Int

  /// The module.
  ///
  /// - Parameters:
  ///   - startDim: The first dimension merged; negative counts from the last.
  ///   - endDim: The last one merged; negative counts from the last.
  public init(startDim: Int = 1, endDim: Int = -1) {
    self.startDim = startDim
    self.endDim = endDim
  }

  /// What the function makes of the input.
  public func forward(_ x: Tensor) -> Tensor { x.flattened(startDim: startDim, endDim: endDim) }
}

/// `maxPool2d`, as a module.
public struct MaxPool2d: Module {
  private let kernelSize: Int
  private let stride: Int?
  private let padding: Int

  /// The module.
  ///
  /// - Parameters:
  ///   - kernelSize: The side of a window.
  ///   - stride: How far windows are apart; `nil` means `kernelSize`.
  ///   - padding: Edges of -∞, at most half a window.
  public init(_ kernelSize: Int, stride: Int? = nil, padding: Int = 0) {
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding
  }

  /// What the function makes of the input.
  public func forward(_ x: Tensor) -> Tensor {
    maxPool2d(x, kernelSize: [kernelSize], stride: stride.map { [$0] }, padding: [padding])
  }
}

/// `avgPool2d`, as a module.
public struct AvgPool2d: Module {
  private let kernelSize: Int
  private let stride: Int?
  private let padding: Int

  /// The module.
  ///
  /// - Parameters:
  ///   - kernelSize: The side of a window.
  ///   - stride: How far windows are apart; `nil` means `kernelSize`.
  ///   - padding: Edges of zeros, at most half a window, which count in the average.
  public init(_ kernelSize: Int, stride: Int? = nil, padding: Int = 0) {
    self.kernelSize = kernelSize
    self.stride = stride
    self.padding = padding
  }

  /// What the function makes of the input.
  public func forward(_ x: Tensor) -> Tensor {
    avgPool2d(x, kernelSize: [kernelSize], stride: stride.map { [$0] }, padding: [padding])
  }
}

/// `adaptiveAvgPool2d`, as a module.
public struct AdaptiveAvgPool2d: Module {
  private let outputSize: Int

  /// The module.
  public init(_ outputSize: Int) {
    self.outputSize = outputSize
  }

  /// What the function makes of the input.
  public func forward(_ x: Tensor) -> Tensor { adaptiveAvgPool2d(x, outputSize: [outputSize]) }
}

/// `dropout`, as a module: in training only.
public final class Dropout: TrainingModule {
  /// Whether the module is being trained.
  public var isTraining = true
  private let p: Double
  private var generator: SplitMix64?

  /// A module of a probability, with the global generator or one of its own.
  ///
  /// - Parameters:
  ///   - p: The probability that an element is dropped, in `0...1`.
  ///   - seed: The seed of a generator of its own; `nil` uses the global one.
  public init(_ p: Double = 0.5, seed: UInt64? = nil) {
    self.p = p
    generator = seed.map { SplitMix64(seed: $0) }
  }

  /// The input with elements dropped.
  public func forward(_ x: Tensor) -> Tensor {
    if var own = generator {
      defer { generator = own }
      return dropout(x, p: p, training: isTraining, using: &own)
    }
    return dropout(x, p: p, training: isTraining)
  }
}
