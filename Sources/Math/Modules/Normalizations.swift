/// What batch normalisation of any dimensions shares.
public class BatchNorm: TrainingModule {
  /// The factor of each channel.
  public var weight: Tensor?
  /// What is added to each channel.
  public var bias: Tensor?
  /// The running mean of each channel, used when not training.
  public var runningMean: Tensor?
  /// The running variance of each channel, used when not training.
  public var runningVar: Tensor?
  /// How many batches the running statistics have seen.
  public var numBatchesTracked: Tensor?
  /// Whether the module is being trained.
  public var isTraining = true
  private let eps: Double
  private let momentum: Double?

  /// A layer for so many channels, with factors 1 and biases 0.
  ///
  /// - Parameters:
  ///   - numFeatures: How many channels.
  ///   - eps: What is added to each variance.
  ///   - momentum: The share of a batch in the running statistics; `nil` averages all batches.
  ///   - affine: Whether there are factors and biases.
  ///   - trackRunningStats: Without them every batch is normalised by its own statistics.
  ///   - bias: Whether there are biases beside the factors.
  /// - Precondition: `numFeatures` is 0 or more.
  public init(
    _ numFeatures: Int, eps: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
    trackRunningStats: Bool = true, bias: Bool = true, file: StaticString = #file,
    line: UInt = #line
  ) {
    let site = CallSite(file, line)
    defer { site.leave() }
    self.eps = eps
    self.momentum = momentum
    if affine {
      weight = Tensor.ones(numFeatures, requiresGrad: true)
      self.bias = bias ? Tensor.zeros(numFeatures, requiresGrad: true) : nil
    }
    if trackRunningStats {
      runningMean = Tensor.zeros(numFeatures)
      runningVar = Tensor.ones(numFeatures)
      numBatchesTracked = Tensor(0)
    }
  }

  /// The normalised batch; in training the running statistics change.
  public func forward(_ x: Tensor) -> Tensor {
    var share = momentum ?? 0
    if isTraining, let counter = numBatchesTracked {
      noGrad { counter.overwrite(counter + 1) }
      if momentum == nil { share = 1 / counter.item() }
    }
    return batchNorm(
      x, runningMean: runningMean, runningVar: runningVar, weight: weight, bias: bias,
      training: isTraining || runningMean == nil, momentum: share, eps: eps)
  }
}

/// Batch normalisation of [n, c] or [n, c, l]: see `batchNorm`.
public final class BatchNorm1d: BatchNorm {
  /// What the layer makes of a batch.
  ///
  /// - Precondition: The input is [n, c] or [n, c, l].
  public override func forward(_ x: Tensor) -> Tensor {
    require(
      x.rank == 2 || x.rank == 3,
      "BatchNorm1d needs input [n, c] or [n, c, l], got \(x.shape); use BatchNorm2d for images")
    return super.forward(x)
  }
}

/// Batch normalisation of [n, c, h, w]: see `batchNorm`.
public final class BatchNorm2d: BatchNorm {
  /// What the layer makes of a batch.
  ///
  /// - Precondition: The input is [n, c, h, w].
  public override func forward(_ x: Tensor) -> Tensor {
    require(
      x.rank == 4,
      "BatchNorm2d needs input [n, c, h, w], got \(x.shape); unsqueeze, or use BatchNorm1d")
    return super.forward(x)
  }
}

/// Layer normalisation: see `layerNorm`.
public final class LayerNorm: Module {
  /// The factor of each element.
  public var weight: Tensor?
  /// What is added to each element.
  public var bias: Tensor?
  private let normalizedShape: [Int]
  private let eps: Double

  /// A layer for inputs that end in a shape, with factors 1 and biases 0.
  ///
  /// - Parameters:
  ///   - normalizedShape: The last sizes of the input.
  ///   - eps: What is added to each variance.
  ///   - affine: Whether there are factors and biases.
  ///   - bias: Whether there are biases among them.
  /// - Precondition: Sizes of 0 or more.
  public init(
    _ normalizedShape: [Int], eps: Double = 1e-5, affine: Bool = true, bias: Bool = true,
    file: StaticString = #file, line: UInt = #line
  ) {
    let site = CallSite(file, line)
    defer { site.leave() }
    self.normalizedShape = normalizedShape
    self.eps = eps
    if affine {
      weight = Tensor.ones(normalizedShape, requiresGrad: true)
      self.bias = bias ? Tensor.zeros(normalizedShape, requiresGrad: true) : nil
    }
  }

  /// The normalised input.
  public func forward(_ x: Tensor) -> Tensor {
    layerNorm(x, normalizedShape: normalizedShape, weight: weight, bias: bias, eps: eps)
  }
}

/// Group normalisation: see `groupNorm`.
public final class GroupNorm: Module {
  /// The factor of each channel.
  public var weight: Tensor?
  /// What is added to each channel.
  public var bias: Tensor?
  private let numGroups: Int
  private let eps: Double

  /// A layer for so many channels in so many groups, with factors 1 and biases 0.
  ///
  /// - Parameters:
  ///   - numGroups: How many groups the channels fall into.
  ///   - numChannels: How many channels there are.
  ///   - eps: What is added to each variance.
  ///   - affine: Whether there are factors and biases.
  ///   - bias: Whether there are biases among them.
  /// - Precondition: `numGroups` divides `numChannels`.
  public init(
    _ numGroups: Int, _ numChannels: Int, eps: Double = 1e-5, affine: Bool = true,
    bias: Bool = true, file: StaticString = #file, line: UInt = #line
  ) {
    require(
      numGroups > 0 && numChannels % numGroups == 0,
      "GroupNorm needs groups that divide \(numChannels) channels, got \(numGroups); "
        + "1 normalises all channels together", file: file,
      line: line)
    self.numGroups = numGroups
    self.eps = eps
    if affine {
      weight = Tensor.ones(numChannels, requiresGrad: true)
      self.bias = bias ? Tensor.zeros(numChannels, requiresGrad: true) : nil
    }
  }

  /// The normalised input.
  public func forward(_ x: Tensor) -> Tensor {
    groupNorm(x, numGroups: numGroups, weight: weight, bias: bias, eps: eps)
  }
}
