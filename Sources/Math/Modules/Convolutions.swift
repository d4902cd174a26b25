/// Slides filters over sequences, with weight `[out, in / groups, *]`.
public final class Conv1d: Module {
  /// The filters.
  public var weight: Tensor
  /// Shape `[out]`, if there is one.
  public var bias: Tensor?
  private let stride: [Int]
  private let padding: ConvPadding
  private let dilation: [Int]
  private let groups: Int
  private let paddingMode: PaddingMode

  /// A layer with weights and then biases uniform within ±1/√fanIn, of the global generator.
  ///
  /// - Parameters:
  ///   - inChannels: Channels of the input.
  ///   - outChannels: Filters, and so channels of the output.
  ///   - kernelSize: The size of a filter; one number counts for all.
  ///   - stride: How far filters move.
  ///   - padding: What is added around: numbers, `.same` or `.valid`.
  ///   - dilation: How far the points of a filter are apart.
  ///   - groups: Parts of the channels that do not see one another.
  ///   - bias: Whether each filter adds a number of its own.
  ///   - paddingMode: What padding puts beyond the edge.
  /// - Precondition: `groups` divides both numbers of channels.
  public convenience init(
    _ inChannels: Int, _ outChannels: Int, kernelSize: [Int], stride: [Int] = [1],
    padding: ConvPadding = 0, dilation: [Int] = [1], groups: Int = 1, bias: Bool = true,
    paddingMode: PaddingMode = .constant, file: StaticString = #file, line: UInt = #line
  ) {
    var generator = SplitMix64(seed: withGlobalGenerator { $0.next() })
    self.init(
      inChannels, outChannels, kernelSize: kernelSize, stride: stride, padding: padding,
      dilation: dilation, groups: groups, bias: bias, paddingMode: paddingMode,
      using: &generator, file: file, line: line)
  }

  /// A layer with weights and then biases uniform within ±1/√fanIn, of the generator given.
  ///
  /// - Parameters:
  ///   - inChannels: Channels of the input.
  ///   - outChannels: Filters, and so channels of the output.
  ///   - kernelSize: The size of a filter, one number.
  ///   - stride: How far filters move.
  ///   - padding: What is added around: numbers, `.same` or `.valid`.
  ///   - dilation: How far the points of a filter are apart.
  ///   - groups: Parts of the channels that do not see one another.
  ///   - bias: Whether each filter adds a number of its own.
  ///   - paddingMode: What padding puts beyond the edge.
  ///   - generator: Where the random numbers come from.
  /// - Precondition: `groups` divides both numbers of channels, the size is 1 or more, and `.same`
  ///   has a stride of 1.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernelSize: [Int], stride: [Int] = [1],
    padding: ConvPadding = 0, dilation: [Int] = [1], groups: Int = 1, bias: Bool = true,
    paddingMode: PaddingMode = .constant, using generator: inout SplitMix64,
    file: StaticString = #file,
    line: UInt = #line
  ) {
    require(
      groups > 0 && inChannels % groups == 0 && outChannels % groups == 0,
      "Conv1d needs groups that divide \(inChannels) and \(outChannels) channels, got \(groups); "
        + "1 joins all channels",
      file: file, line: line)
    let size = kernelSize.count == 1 ? Array(repeating: kernelSize[0], count: 1) : kernelSize
    require(
      size.count == 1 && size.allSatisfy { $0 > 0 },
      "Conv1d needs a kernelSize of 1 or 1 numbers of 1 or more, got \(kernelSize); "
        + "write one number: [3]", file: file,
      line: line)
    require(
      padding != .same || stride.allSatisfy { $0 == 1 },
      "Conv1d with padding .same needs stride 1, got \(stride); pad with numbers instead",
      file: file, line: line)
    let distribution = Distribution.layerDefault(fanIn: inChannels / groups * size.reduce(1, *))
    weight = parameter([outChannels, inChannels / groups] + size, distribution, &generator)
    self.bias = bias ? parameter([outChannels], distribution, &generator) : nil
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
    self.paddingMode = paddingMode
  }

  /// The convolution of a batch `[n, in, l]`.
  public func forward(_ x: Tensor) -> Tensor {
    if paddingMode == .constant {
      return conv1d(
        x, weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
    }
    let padded = x.padded(
      padding.edges(size: Array(weight.shape.dropFirst(2)), dilation: dilation), mode: paddingMode)
    return conv1d(
      padded, weight, bias: bias, stride: stride, padding: 0, dilation: dilation, groups: groups)
  }
}

/// Slides filters over images, with weight `[out, in / groups, *]`.
public final class Conv2d: Module {
  /// The filters.
  public var weight: Tensor
  /// Shape `[out]`, if there is one.
  public var bias: Tensor?
  private let stride: [Int]
  private let padding: ConvPadding
  private let dilation: [Int]
  private let groups: Int
  private let paddingMode: PaddingMode

  /// A layer with weights and then biases uniform within ±1/√fanIn, of the global generator.
  ///
  /// - Parameters:
  ///   - inChannels: Channels of the input.
  ///   - outChannels: Filters, and so channels of the output.
  ///   - kernelSize: The size of a filter; one number counts for both directions.
  ///   - stride: How far filters move.
  ///   - padding: What is added around: numbers, `.same` or `.valid`.
  ///   - dilation: How far the points of a filter are apart.
  ///   - groups: Parts of the channels that do not see one another.
  ///   - bias: Whether each filter adds a number of its own.
  ///   - paddingMode: What padding puts beyond the edge.
  /// - Precondition: `groups` divides both numbers of channels.
  public convenience init(
    _ inChannels: Int, _ outChannels: Int, kernelSize: [Int], stride: [Int] = [1],
    padding: ConvPadding = 0, dilation: [Int] = [1], groups: Int = 1, bias: Bool = true,
    paddingMode: PaddingMode = .constant, file: StaticString = #file, line: UInt = #line
  ) {
    var generator = SplitMix64(seed: withGlobalGenerator { $0.next() })
    self.init(
      inChannels, outChannels, kernelSize: kernelSize, stride: stride, padding: padding,
      dilation: dilation, groups: groups, bias: bias, paddingMode: paddingMode,
      using: &generator, file: file, line: line)
  }

  /// A layer with weights and then biases uniform within ±1/√fanIn, of the generator given.
  ///
  /// - Parameters:
  ///   - inChannels: Channels of the input.
  ///   - outChannels: Filters, and so channels of the output.
  ///   - kernelSize: The size of a filter; one number counts for both directions.
  ///   - stride: How far filters move.
  ///   - padding: What is added around: numbers, `.same` or `.valid`.
  ///   - dilation: How far the points of a filter are apart.
  ///   - groups: Parts of the channels that do not see one another.
  ///   - bias: Whether each filter adds a number of its own.
  ///   - paddingMode: What padding puts beyond the edge.
  ///   - generator: Where the random numbers come from.
  /// - Precondition: `groups` divides both numbers of channels, sizes are 1 or more, and `.same`
  ///   has a stride of 1.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernelSize: [Int], stride: [Int] = [1],
    padding: ConvPadding = 0, dilation: [Int] = [1], groups: Int = 1, bias: Bool = true,
    paddingMode: PaddingMode = .constant, using generator: inout SplitMix64,
    file: StaticString = #file,
    line: UInt = #line
  ) {
    require(
      groups > 0 && inChannels % groups == 0 && outChannels % groups == 0,
      "Conv2d needs groups that divide \(inChannels) and \(outChannels) channels, got \(groups); "
        + "1 joins all channels",
      file: file, line: line)
    let size = kernelSize.count == 1 ? Array(repeating: kernelSize[0], count: 2) : kernelSize
    require(
      size.count == 2 && size.allSatisfy { $0 > 0 },
      "Conv2d needs a kernelSize of 1 or 2 numbers of 1 or more, got \(kernelSize); "
        + "write one number for squares: [3]", file: file,
      line: line)
    require(
      padding != .same || stride.allSatisfy { $0 == 1 },
      "Conv2d with padding .same needs stride 1, got \(stride); pad with numbers instead",
      file: file, line: line)
    let distribution = Distribution.layerDefault(fanIn: inChannels / groups * size.reduce(1, *))
    weight = parameter([outChannels, inChannels / groups] + size, distribution, &generator)
    self.bias = bias ? parameter([outChannels], distribution, &generator) : nil
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
    self.paddingMode = paddingMode
  }

  /// The convolution of a batch `[n, in, h, w]`.
  public func forward(_ x: Tensor) -> Tensor {
    if paddingMode == .constant {
      return conv2d(
        x, weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
    }
    let padded = x.padded(
      padding.edges(size: Array(weight.shape.dropFirst(2)), dilation: dilation), mode: paddingMode)
    return conv2d(
      padded, weight, bias: bias, stride: stride, padding: 0, dilation: dilation, groups: groups)
  }
}

extension Conv2d: FusesReLU {
  func forwardThenRelu(_ x: Tensor) -> Tensor {
    if paddingMode != .constant { return relu(forward(x)) }
    return conv2dThenRelu(
      x, weight, bias: bias, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }
}

/// The transpose of `Conv2d`, with weight `[in, out / groups, *]`: makes images larger.
public final class ConvTranspose2d: Module {
  /// The filters.
  public var weight: Tensor
  /// Shape `[out]`, if there is one.
  public var bias: Tensor?
  private let stride: [Int]
  private let padding: [Int]
  private let dilation: [Int]
  private let groups: Int
  private let outputPadding: [Int]

  /// A layer with weights and then biases uniform within ±1/√fanIn, of the global generator.
  ///
  /// - Parameters:
  ///   - inChannels: Channels of the input.
  ///   - outChannels: Filters, and so channels of the output.
  ///   - kernelSize: The size of a filter; one number counts for both directions.
  ///   - stride: How far filters move.
  ///   - padding: How much of each edge of the output is cut off.
  ///   - outputPadding: How much is added to one edge of it.
  ///   - dilation: How far the points of a filter are apart.
  ///   - groups: Parts of the channels that do not see one another.
  ///   - bias: Whether each filter adds a number of its own.
  /// - Precondition: `groups` divides both numbers of channels.
  public convenience init(
    _ inChannels: Int, _ outChannels: Int, kernelSize: [Int], stride: [Int] = [1],
    padding: [Int] = [0], outputPadding: [Int] = [0], dilation: [Int] = [1], groups: Int = 1,
    bias: Bool = true,
    file: StaticString = #file, line: UInt = #line
  ) {
    var generator = SplitMix64(seed: withGlobalGenerator { $0.next() })
    self.init(
      inChannels, outChannels, kernelSize: kernelSize, stride: stride, padding: padding,
      outputPadding: outputPadding, dilation: dilation, groups: groups, bias: bias,
      using: &generator, file: file, line: line)
  }

  /// A layer with weights and then biases uniform within ±1/√fanIn, of the generator given.
  ///
  /// - Parameters:
  ///   - inChannels: Channels of the input.
  ///   - outChannels: Filters, and so channels of the output.
  ///   - kernelSize: The size of a filter; one number counts for both directions.
  ///   - stride: How far filters move.
  ///   - padding: How much of each edge of the output is cut off.
  ///   - outputPadding: How much is added to one edge of it.
  ///   - dilation: How far the points of a filter are apart.
  ///   - groups: Parts of the channels that do not see one another.
  ///   - bias: Whether each filter adds a number of its own.
  ///   - generator: Where the random numbers come from.
  /// - Precondition: `groups` divides both numbers of channels, and sizes are 1 or more.
  public init(
    _ inChannels: Int, _ outChannels: Int, kernelSize: [Int], stride: [Int] = [1],
    padding: [Int] = [0], outputPadding: [Int] = [0], dilation: [Int] = [1], groups: Int = 1,
    bias: Bool = true,
    using generator: inout SplitMix64, file: StaticString = #file,
    line: UInt = #line
  ) {
    require(
      groups > 0 && inChannels % groups == 0 && outChannels % groups == 0,
      "ConvTranspose2d needs groups that divide \(inChannels) and \(outChannels) channels, got \(groups); "
        + "1 joins all channels",
      file: file, line: line)
    let size = kernelSize.count == 1 ? Array(repeating: kernelSize[0], count: 2) : kernelSize
    require(
      size.count == 2 && size.allSatisfy { $0 > 0 },
      "ConvTranspose2d needs a kernelSize of 1 or 2 numbers of 1 or more, got \(kernelSize); "
        + "write one number for squares: [3]",
      file: file, line: line)
    let distribution = Distribution.layerDefault(fanIn: outChannels / groups * size.reduce(1, *))
    weight = parameter([inChannels, outChannels / groups] + size, distribution, &generator)
    self.bias = bias ? parameter([outChannels], distribution, &generator) : nil
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
    self.outputPadding = outputPadding
  }

  /// The transposed convolution of a batch `[n, in, h, w]`.
  public func forward(_ x: Tensor) -> Tensor {
    convTranspose2d(
      x, weight, bias: bias, stride: stride, padding: padding, outputPadding: outputPadding,
      groups: groups, dilation: dilation)
  }
}

extension ConvPadding {
  /// What to add before and after each dimension, from the last: as `padded` takes it.
  fileprivate func edges(size: [Int], dilation: [Int]) -> [Int] {
    var list: [Int] = []
    for d in (0..<size.count).reversed() {
      let reach = (dilation.count == 1 ? dilation[0] : dilation[d]) * (size[d] - 1)
      switch self {
      case .valid: list += [0, 0]
      case .same: list += [reach / 2, reach - reach / 2]
      case .zeros(let pads):
        let p = pads.count == 1 ? pads[0] : pads[d]
        list += [p, p]
      }
    }
    return list
  }
}
