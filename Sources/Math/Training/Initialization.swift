import Glibc

/// A distribution that parameters are drawn from.
public enum Distribution: Sendable, Equatable {
  /// Uniform between two bounds.
  case uniform(low: Double, high: Double)
  /// Normal, of a mean and a standard deviation.
  case normal(mean: Double, std: Double)
  /// One number.
  case constant(Double)
}

/// A function whose slope decides how large weights before it should be.
public enum Nonlinearity: String, Sendable {
  /// None: linear layers.
  case linear
  /// One-dimensional convolution.
  case conv1d
  /// Two-dimensional convolution.
  case conv2d
  /// Three-dimensional convolution.
  case conv3d
  /// Transposed one-dimensional convolution.
  case convTranspose1d = "conv_transpose1d"
  /// Transposed two-dimensional convolution.
  case convTranspose2d = "conv_transpose2d"
  /// Transposed three-dimensional convolution.
  case convTranspose3d = "conv_transpose3d"
  /// The logistic function.
  case sigmoid
  /// The hyperbolic tangent.
  case tanh
  /// max(0, x).
  case relu
  /// `leakyRelu`; its slope is the parameter.
  case leakyRelu = "leaky_relu"
  /// The self-normalising exponential unit.
  case selu
}

/// The gain recommended before a nonlinearity: √2 for ReLU, 5/3 for tanh, 1 for sigmoid.
///
///     leakyRelu:  √(2 / (1 + slope²))
///
/// - Parameters:
///   - nonlinearity: What follows the weights.
///   - parameter: The slope of `leakyRelu`, 0.01 if absent; of no effect on others.
public func calculateGain(_ nonlinearity: Nonlinearity, parameter: Double? = nil) -> Double {
  switch nonlinearity {
  case .tanh: return 5.0 / 3
  case .relu: return 2.0.squareRoot()
  case .leakyRelu:
    let slope = parameter ?? 0.01
    return (2 / (1 + slope * slope)).squareRoot()
  case .selu: return 0.75
  default: return 1
  }
}

/// How many inputs (and outputs) each output (and input) of a weight has.
///
/// - Parameter shape: `[out, in, *]`; further sizes, of a window, count for both.
/// - Precondition: At least two dimensions.
public func fans(of shape: [Int], file: StaticString = #file, line: UInt = #line)
  -> (fanIn: Int, fanOut: Int)
{
  require(
    shape.count >= 2,
    "fans need a weight of 2 dims or more, got \(shape); "
      + "initialise vectors with .constant", file: file, line: line)
  let window = shape.dropFirst(2).reduce(1, *)
  return (shape[1] * window, shape[0] * window)
}

/// Which fan the variance follows.
public enum FanMode: String, Sendable {
  /// The inputs: keeps the size of values on the way forward.
  case fanIn = "fan_in"
  /// The outputs: keeps the size of gradients on the way back.
  case fanOut = "fan_out"
}

extension Distribution {
  /// Uniform with standard deviation gain · √(2 / (fanIn + fanOut)).
  ///
  ///     bounds ±gain · √(6 / (fanIn + fanOut))
  ///
  /// - Parameters:
  ///   - shape: That of the weight, `[out, in, *]`; see `fans`.
  ///   - gain: What the deviation is multiplied by; see `calculateGain`.
  /// - Precondition: At least two dimensions.
  ///
  /// Source: Glorot and Bengio, Understanding the Difficulty of Training Deep Feedforward Neural
  /// Networks, 2010.
  public static func xavierUniform(
    _ shape: [Int], gain: Double = 1, file: StaticString = #file, line: UInt = #line
  ) -> Distribution {
    let bound = 3.0.squareRoot() * xavierStd(shape, gain, file, line)
    return .uniform(low: -bound, high: bound)
  }

  /// Normal with standard deviation gain · √(2 / (fanIn + fanOut)).
  ///
  /// - Parameters:
  ///   - shape: That of the weight, `[out, in, *]`; see `fans`.
  ///   - gain: What the deviation is multiplied by; see `calculateGain`.
  /// - Precondition: At least two dimensions.
  ///
  /// Source: Glorot and Bengio, Understanding the Difficulty of Training Deep Feedforward Neural
  /// Networks, 2010.
  public static func xavierNormal(
    _ shape: [Int], gain: Double = 1, file: StaticString = #file, line: UInt = #line
  ) -> Distribution { .normal(mean: 0, std: xavierStd(shape, gain, file, line)) }

  private static func xavierStd(
    _ shape: [Int], _ gain: Double, _ file: StaticString, _ line: UInt
  ) -> Double {
    let fan = fans(of: shape, file: file, line: line)
    return gain * (2 / Double(fan.fanIn + fan.fanOut)).squareRoot()
  }

  /// Uniform with standard deviation gain / √fan.
  ///
  ///     bounds ±gain · √(3 / fan)
  ///
  /// - Parameters:
  ///   - shape: That of the weight, `[out, in, *]`; see `fans`.
  ///   - a: The slope of `leakyRelu` that follows; 0 is ReLU's, √5 PyTorch's for layers.
  ///   - mode: Which fan the variance follows.
  ///   - nonlinearity: What follows the weights, and so the gain.
  /// - Precondition: At least two dimensions.
  ///
  /// Source: He et al., Delving Deep into Rectifiers, 2015, arXiv:1502.01852.
  public static func kaimingUniform(
    _ shape: [Int], a: Double = 0, mode: FanMode = .fanIn, nonlinearity: Nonlinearity = .leakyRelu,
    file: StaticString = #file, line: UInt = #line
  ) -> Distribution {
    let bound = 3.0.squareRoot() * kaimingStd(shape, a, mode, nonlinearity, file, line)
    return .uniform(low: -bound, high: bound)
  }

  /// Normal with standard deviation gain / √fan.
  ///
  /// - Parameters:
  ///   - shape: That of the weight, `[out, in, *]`; see `fans`.
  ///   - a: The slope of `leakyRelu` that follows; 0 is ReLU's.
  ///   - mode: Which fan the variance follows.
  ///   - nonlinearity: What follows the weights, and so the gain.
  /// - Precondition: At least two dimensions.
  ///
  /// Source: He et al., Delving Deep into Rectifiers, 2015, arXiv:1502.01852.
  public static func kaimingNormal(
    _ shape: [Int], a: Double = 0, mode: FanMode = .fanIn, nonlinearity: Nonlinearity = .leakyRelu,
    file: StaticString = #file, line: UInt = #line
  ) -> Distribution {
    .normal(mean: 0, std: kaimingStd(shape, a, mode, nonlinearity, file, line))
  }

  private static func kaimingStd(
    _ shape: [Int], _ a: Double, _ mode: FanMode, _ nonlinearity: Nonlinearity,
    _ file: StaticString, _ line: UInt
  ) -> Double {
    let fan = fans(of: shape, file: file, line: line)
    return calculateGain(nonlinearity, parameter: a)
      / Double(mode == .fanIn ? fan.fanIn : fan.fanOut).squareRoot()
  }

  /// PyTorch's default for a linear or convolutional layer: uniform within ±1/√fanIn, for weight and
  /// bias.
  public static func layerDefault(fanIn: Int) -> Distribution {
    let bound = fanIn > 0 ? 1 / Double(fanIn).squareRoot() : 0
    return .uniform(low: -bound, high: bound)
  }
}

extension Tensor {
  /// Overwrites every element with a number drawn from a distribution, in row-major order.
  ///
  /// - Parameters:
  ///   - distribution: What to draw from; a constant draws nothing.
  ///   - generator: Where the random numbers come from.
  /// - Precondition: The elements are floating-point numbers.
  public func initialize(
    _ distribution: Distribution, using generator: inout SplitMix64, file: StaticString = #file,
    line: UInt = #line
  ) {
    requireFloat("initialize", file, line)
    noGrad {
      let drawn: Tensor
      switch distribution {
      case .constant(let value): drawn = Tensor.scalar(value, dtype)
      case .uniform(let low, let high):
        drawn = Tensor.uniform(shape: shape, dtype: dtype, using: &generator) * (high - low) + low
      case .normal(let mean, let std):
        drawn = Tensor.normal(
          shape: shape, mean: mean, std: std, dtype: dtype, using: &generator)
      }
      overwrite(drawn)
    }
  }

  /// Overwrites every element with a number of the global generator.
  ///
  /// - Precondition: The elements are floating-point numbers.
  public func initialize(
    _ distribution: Distribution, file: StaticString = #file, line: UInt = #line
  ) {
    withGlobalGenerator { initialize(distribution, using: &$0, file: file, line: line) }
  }
}
