import Glibc

/// The activation between the micro-lab's layers.
public enum MicroActivation: String, Sendable {
  /// max(x, 0).
  case relu
  /// max(x, 0.01 x).
  case leakyRelu
  /// 1 / (1 + exp(-x)).
  case sigmoid
  /// The hyperbolic tangent.
  case tanh

  func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .relu: Math.relu(x)
    case .leakyRelu: Math.leakyRelu(x)
    case .sigmoid: Math.sigmoid(x)
    case .tanh: Math.tanh(x)
    }
  }
}

/// What follows the last layer.
public enum MicroHead: String, Sendable {
  /// Nothing.
  case linear
  /// A sigmoid, whose output a loss compares along an axis of size 1.
  case sizeOneAxis
  /// A softmax.
  case softmax
}

/// Where batch normalisation stands.
public enum MicroNorm: String, Sendable {
  /// Nowhere.
  case none
  /// After each hidden layer.
  case hidden
  /// After the embedding, too.
  case all
}

/// How weights begin.
public enum MicroInit: String, Sendable {
  /// Weights and biases uniform within ±1/√fanIn, as PyTorch's layers.
  case layerDefault
  /// He's uniform weights, biases 0.
  case he
  /// Xavier's uniform weights, biases 0.01.
  case xavier
}

/// The micro-lab's network: 49 numbers in, hidden layers of 32, an embedding of 16.
public final class MicroNet {
  /// The weights of each layer, `[out, in]`.
  public let weights: [Tensor]
  /// The biases of each layer.
  public let biases: [Tensor]
  private let scales: [Tensor]
  private let shifts: [Tensor]
  private var runningMean: [Tensor]
  private var runningVariance: [Tensor]
  private let activation: MicroActivation
  private let head: MicroHead
  private let norm: MicroNorm
  private let hasSkips: Bool

  /// A network whose weights come from a seed: for each layer the weights row by row, then the
  /// biases.
  ///
  /// - Parameters:
  ///   - seed: The seed of all weights.
  ///   - depth: The number of hidden layers.
  ///   - activation: What follows each hidden layer.
  ///   - head: What follows the last layer.
  ///   - norm: Where batch normalisation stands.
  ///   - initialization: How weights and biases begin.
  ///   - hasSkips: Whether each hidden layer but the first adds its input to its output.
  /// - Precondition: `depth` is 0 or more.
  public init(
    seed: UInt64, depth: Int = 2, activation: MicroActivation = .relu, head: MicroHead = .linear,
    norm: MicroNorm = .none, initialization: MicroInit = .layerDefault, hasSkips: Bool = false,
    file: StaticString = #file, line: UInt = #line
  ) {
    require(
      depth >= 0, "MicroNet needs a depth of 0 or more, got \(depth); 0 has no hidden layer",
      file: file, line: line)
    var generator = SplitMix64(seed: seed)
    let sizes = [49] + Array(repeating: 32, count: depth) + [16]
    var weights: [Tensor] = []
    var biases: [Tensor] = []
    for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
      let bound = 1 / Double(inputs).squareRoot()
      let drawn = Tensor.uniform(outputs, inputs, in: -1..<1, dtype: .f64, using: &generator)
      let drawnBias = Tensor.uniform(outputs, in: -1..<1, dtype: .f64, using: &generator)
      switch initialization {
      case .layerDefault:
        weights.append(drawn * bound)
        biases.append(drawnBias * bound)
      case .he:
        weights.append(drawn * (bound * 6.0.squareRoot()))
        biases.append(Tensor.zeros(outputs, dtype: .f64))
      case .xavier:
        weights.append(drawn * (6 / Double(inputs + outputs)).squareRoot())
        biases.append(Tensor.full([outputs], 0.01, dtype: .f64))
      }
    }
    self.weights = weights
    self.biases = biases
    scales = sizes.dropFirst().map { Tensor.ones($0, dtype: .f64) }
    shifts = sizes.dropFirst().map { Tensor.zeros($0, dtype: .f64) }
    runningMean = sizes.dropFirst().map { Tensor.zeros($0, dtype: .f64) }
    runningVariance = sizes.dropFirst().map { Tensor.ones($0, dtype: .f64) }
    self.activation = activation
    self.head = head
    self.norm = norm
    self.hasSkips = hasSkips
    for p in parameters { p.requiresGrad = true }
  }

  /// What training changes.
  public var parameters: [Tensor] {
    weights + biases + (norm == .none ? [] : scales + shifts)
  }

  /// What follows the last layer.
  public var output: MicroHead { head }

  /// The embeddings of prepared images `[n, 49]`: `[n, 16]`.
  ///
  /// - Parameters:
  ///   - x: Shape `[n, 49]`.
  ///   - training: Whether batch normalisation, if there is any, takes the statistics of `x` and
  ///     keeps running ones.
  /// - Precondition: The images have 49 numbers each.
  public func callAsFunction(
    _ x: Tensor, training: Bool = false, file: StaticString = #file, line: UInt = #line
  ) -> Tensor { layers(x, training: training, file: file, line: line).last ?? x }

  /// The output of each layer after its activation; the last is the embedding.
  ///
  /// - Parameters:
  ///   - x: Shape `[n, 49]`.
  ///   - training: Whether batch normalisation, if there is any, takes the statistics of `x` and
  ///     keeps running ones.
  /// - Returns: Shapes `[n, 32]` for each hidden layer, then `[n, 16]`.
  /// - Precondition: The images have 49 numbers each.
  public func layers(
    _ x: Tensor, training: Bool = false, file: StaticString = #file, line: UInt = #line
  ) -> [Tensor] {
    let site = CallSite(file, line)
    defer { site.leave() }
    var outputs: [Tensor] = []
    var h = x
    let last = weights.count - 1
    for k in 0...last {
      let input = h
      var z = linear(h, weights[k], bias: biases[k])
      if norm == .all || (norm == .hidden && k < last) { z = normalized(z, k, training) }
      if k < last {
        h = activation(z)
        if hasSkips && k > 0 { h = h + input }
      } else {
        switch head {
        case .linear: h = z
        case .sizeOneAxis: h = sigmoid(z)
        case .softmax: h = softmax(z, dim: 1)
        }
      }
      outputs.append(h)
    }
    return outputs
  }

  private func normalized(_ z: Tensor, _ k: Int, _ training: Bool) -> Tensor {
    guard training else {
      return (z - runningMean[k]) / sqrt(runningVariance[k] + 1e-5) * scales[k] + shifts[k]
    }
    let mean = z.mean(dim: 0)
    let centred = z - mean
    let variance = square(centred).mean(dim: 0)
    let n = Double(z.shape[0])
    noGrad {
      runningMean[k] = (0.9 * runningMean[k] + 0.1 * mean).detach()
      runningVariance[k] = (0.9 * runningVariance[k] + (0.1 * n / (n - 1)) * variance).detach()
    }
    return centred * (scales[k] / sqrt(variance + 1e-5)) + shifts[k]
  }
}
