/// One recipe of the convolutional laboratory; the defaults are the healthy one.
public struct ConvRecipe: PairRecipe {
  /// What stands before the linear layers.
  public var body = ConvBody.vgg
  /// Convolutions, or blocks, a stage.
  public var depth = 1
  /// The activation between layers.
  public var activation = MicroActivation.relu
  /// Where batch normalisation stands.
  public var norm = MicroNorm.none
  /// How weights begin.
  public var initialization = ConvInit.layerDefault
  /// Whether the embedding is a softmax.
  public var hasSoftmax = false
  /// The objective.
  public var objective = MicroObjective.sigmoidCosine()
  /// Which pairs are drawn.
  public var pairs = PairMode.balanced
  /// How weights change.
  public var optimizer = MicroOptimizer.sgd(lr: 0.05)
  /// The share of each weight added to its gradient.
  public var weightDecay = 0.0
  /// Whether images are mirrored at random.
  public var flips = false
  /// Pairs a step.
  public var batch = 32
  /// Steps of training.
  public var steps = 200

  /// The healthy recipe.
  public init() {}

  /// The recipe with one ingredient spoilt.
  ///
  /// - Precondition: The disease is one of the network or of its objective: H, b, c, d, f or h.
  public init(_ disease: Disease, file: StaticString = #file, line: UInt = #line) {
    switch disease {
    case .healthy: break
    case .deepDefaultInit: depth = 4
    case .positivesOnly:
      objective = .oneMinusCosine
      pairs = .positive
    case .deadUnits:
      depth = 2
      objective = .contrastive
      optimizer = .adam(lr: 0.1)
    case .deepSigmoid:
      depth = 4
      activation = .sigmoid
    case .softmaxEmbedding: hasSoftmax = true
    default:
      refuse(
        "ConvRecipe knows the diseases H, b, c, d, f and h, got \(disease.rawValue); "
          + "the others lie outside of the network, and MicroRecipe has them", file: file,
        line: line)
    }
  }

  /// The recipe with changes.
  public func with(_ change: (inout ConvRecipe) -> Void) -> ConvRecipe {
    var copy = self
    change(&copy)
    return copy
  }

  /// A fresh network of this recipe, in 32 bits whatever `defaultDType` is.
  public func network(seed: UInt64) -> ConvNet {
    let before = defaultDType
    defaultDType = .f32
    defer { defaultDType = before }
    return ConvNet(
      seed: seed, body: body, depth: depth, activation: activation, norm: norm,
      initialization: initialization, hasSoftmax: hasSoftmax)
  }
}

/// A finished run of the convolutional laboratory.
public struct ConvRun {
  /// The trained network.
  public let net: ConvNet
  /// The recipe.
  public let recipe: ConvRecipe
  /// Every step.
  public let steps: [MicroStep]
  /// The last loss.
  public var loss: Double { steps.last?.loss ?? .nan }
  /// The last printed cosine.
  public var printed: Double { steps.last?.cosine ?? .nan }
}

/// The micro-lab with convolutions: the same images and pairs, in 32 bits.
///
/// What it measures agrees over seeds in kind, not in digits.
public struct ConvLab {
  private let images: Tensor
  private let labels: [Int]
  private let testImages: Tensor
  private let testLabels: [Int]

  /// A laboratory with the micro-lab's images.
  ///
  /// - Throws: `CourseDataError` naming the package if its files are missing, or what is wrong in
  ///   them.
  public init() throws(CourseDataError) {
    let data = try MicroData()
    func prepared(_ x: Tensor) -> Tensor {
      Preparation.standardized(x).to(.f32).reshaped(x.shape[0], 1, 7, 7)
    }
    images = prepared(data.trainImages)
    testImages = prepared(data.testImages)
    labels = data.trainLabels
    testLabels = data.testLabels
  }

  /// Trains a network from a seed.
  ///
  /// - Parameters:
  ///   - recipe: The network, its objective and its training; the healthy one by default.
  ///   - seed: The weights come from this seed, the pairs from `seed + 1000`.
  /// - Precondition: The recipe's depth and batch are 1 or more, and its steps 0 or more.
  public func train(
    _ recipe: ConvRecipe = ConvRecipe(), seed: UInt64, file: StaticString = #file,
    line: UInt = #line
  ) -> ConvRun {
    let site = CallSite(file, line)
    defer { site.leave() }
    let net = recipe.network(seed: seed)
    net.train()
    let steps = recipe.train(
      PairNetwork(
        parameters: net.parameters, weights: net.weights, embed: net.forward,
        mirror: { $0.flipped(dims: [3]) }, cosines: { cosineSimilarity($0, $1) }),
      images: images, labels: labels, seed: seed)
    net.eval()
    return ConvRun(net: net, recipe: recipe, steps: steps)
  }

  /// The embeddings of the test images.
  public func testEmbeddings(_ run: ConvRun) -> Tensor { noGrad { run.net(testImages) } }

  /// Measures the embeddings of the test images.
  public func report(_ run: ConvRun) -> EmbeddingReport {
    EmbeddingReport(testEmbeddings(run), labels: testLabels)
  }
}
