/// The objective of a micro-lab run.
public enum MicroObjective: Sendable, Equatable {
  /// Binary cross-entropy of sigmoid(scale · cos) against "same class".
  case sigmoidCosine(scale: Double = 1)
  /// 1 - cos of the pairs, whatever their classes.
  case oneMinusCosine
  /// Contrastive with margin 1, where pairs of two classes are pushed apart.
  case contrastive
  /// The same with the labels the wrong way round.
  case invertedContrastive
  /// InfoNCE with temperature 0.1: the other partners of the batch are the negatives.
  case infoNCE
}

/// How the weights change.
public enum MicroOptimizer: Sendable, Equatable {
  /// Stochastic gradient descent with momentum 0.9.
  case sgd(lr: Double)
  /// Adam with PyTorch's other options.
  case adam(lr: Double)
}

/// One recipe of the micro-lab; the defaults are the healthy one.
public struct MicroRecipe: PairRecipe {
  /// Hidden layers.
  public var depth = 2
  /// The activation between layers.
  public var activation = MicroActivation.relu
  /// What follows the last layer.
  public var head = MicroHead.linear
  /// Where batch normalisation stands.
  public var norm = MicroNorm.none
  /// How weights begin.
  public var initialization = MicroInit.layerDefault
  /// Whether hidden layers add their input.
  public var hasSkips = false
  /// The objective.
  public var objective = MicroObjective.sigmoidCosine()
  /// Which pairs are drawn.
  public var pairs = PairMode.balanced
  /// How weights change.
  public var optimizer = MicroOptimizer.sgd(lr: 0.05)
  /// The share of each weight added to its gradient.
  public var weightDecay = 0.0
  /// What is done to the pixels.
  public var preparation = Preparation.standardized
  /// Whether images are mirrored at random.
  public var flips = false
  /// Pairs a step.
  public var batch = 32
  /// Steps of training.
  public var steps = 300

  /// The healthy recipe.
  public init() {}

  /// The recipe with one ingredient spoilt.
  public init(_ disease: Disease) {
    switch disease {
    case .healthy, .unknown: break
    case .sizeOneAxis: head = .sizeOneAxis
    case .deepDefaultInit: depth = 8
    case .positivesOnly:
      objective = .oneMinusCosine
      pairs = .positive
    case .deadUnits:
      objective = .contrastive
      optimizer = .adam(lr: 0.3)
      depth = 5
    case .pairedWithItself: pairs = .withItself
    case .frozenPartner: pairs = .frozen
    case .deepSigmoid:
      activation = .sigmoid
      depth = 6
    case .destroyedInput: preparation = .castToWholeNumbers
    case .softmaxEmbedding:
      head = .softmax
      depth = 4
    }
  }

  /// The recipe with changes.
  public func with(_ change: (inout MicroRecipe) -> Void) -> MicroRecipe {
    var copy = self
    change(&copy)
    return copy
  }

  /// A fresh network of this recipe.
  public func network(seed: UInt64) -> MicroNet {
    MicroNet(
      seed: seed, depth: depth, activation: activation, head: head, norm: norm,
      initialization: initialization, hasSkips: hasSkips)
  }
}

/// What one step of training measured, before the weights changed.
public struct MicroStep: Sendable {
  /// The loss.
  public let loss: Double
  /// The mean cosine over the batch's pairs as the program computes it.
  public let cosine: Double
  /// The norm of the gradient of each layer's weights.
  public let gradientNorms: [Double]
}

/// A finished run of the micro-lab.
public struct MicroRun {
  /// The trained network.
  public let net: MicroNet
  /// The recipe.
  public let recipe: MicroRecipe
  /// Every step.
  public let steps: [MicroStep]
  /// The last loss.
  public var loss: Double { steps.last?.loss ?? .nan }
  /// The last printed cosine.
  public var printed: Double { steps.last?.cosine ?? .nan }
}

/// The course's small laboratory: data, training and measuring, the same digits everywhere.
///
/// A run of 300 steps takes tens of milliseconds. The network's weights come from
/// `SplitMix64(seed)`, the pairs from `SplitMix64(seed + 1000)`.
public struct MicroLab {
  /// The images.
  public let data: MicroData

  /// A laboratory with Fashion-MNIST.
  ///
  /// - Throws: `CourseDataError` naming the package if its files are missing, or what is wrong in
  ///   them.
  public init() throws(CourseDataError) { data = try MicroData() }

  /// Trains a network on pairs of training images.
  ///
  /// - Parameters:
  ///   - recipe: The network, its objective and its training; the healthy one by default.
  ///   - seed: The weights of a fresh network come from this seed, the pairs from `seed + 1000`.
  ///   - net: A network to go on with, which is changed; `nil` for a fresh one of the recipe.
  /// - Precondition: The recipe's depth and steps are 0 or more, and its batch is 1 or more.
  public func train(
    _ recipe: MicroRecipe = MicroRecipe(), seed: UInt64, from net: MicroNet? = nil,
    file: StaticString = #file, line: UInt = #line
  ) -> MicroRun {
    let site = CallSite(file, line)
    defer { site.leave() }
    let net = net ?? recipe.network(seed: seed)
    let steps = recipe.train(
      PairNetwork(
        parameters: net.parameters, weights: net.weights, embed: { net($0, training: true) },
        mirror: mirrored, cosines: { objectiveCosines(recipe.head, $0, $1) }),
      images: recipe.preparation(data.trainImages), labels: data.trainLabels, seed: seed)
    return MicroRun(net: net, recipe: recipe, steps: steps)
  }

  /// The embeddings of the test images.
  public func testEmbeddings(_ run: MicroRun) -> Tensor {
    noGrad { run.net(run.recipe.preparation(data.testImages)) }
  }

  /// Measures the embeddings of the test images.
  public func report(_ run: MicroRun) -> EmbeddingReport {
    noGrad {
      let x = run.recipe.preparation(data.testImages)
      let layers = run.net.layers(x)
      return EmbeddingReport(
        layers.last ?? x, labels: data.testLabels, inputs: x, hidden: Array(layers.dropLast()))
    }
  }

  /// Gathers what `diagnose` asks about: data, shapes, pairs, layers.
  public func evidence(_ run: MicroRun) -> PipelineEvidence {
    noGrad {
      var sampler = PairSampler(data.trainLabels, mode: run.recipe.pairs, seed: 77)
      var first: [Int] = []
      var second: [Int] = []
      for _ in 0..<5 {
        let (i, j) = sampler.batch(32)
        first += i
        second += j
      }
      let z = run.net(run.recipe.preparation(data.trainImages))
      let a = z.indexSelected(dim: 0, index: Tensor(first))
      let b = z.indexSelected(dim: 0, index: Tensor(second))
      let x = run.recipe.preparation(data.testImages)
      let layers = run.net.layers(x)
      return PipelineEvidence(
        inputs: x, embeddings: layers.last ?? x, hidden: Array(layers.dropLast()), first: first,
        second: second, pairLabels: data.trainLabels, firstEmbeddings: a, secondEmbeddings: b,
        printed: objectiveCosines(run.net.output, a, b).doubles)
    }
  }

  private func mirrored(_ x: Tensor) -> Tensor {
    x.reshaped(x.shape[0], 7, 7).flipped(dims: [2]).reshaped(x.shape[0], 49)
  }

  private func objectiveCosines(_ head: MicroHead, _ a: Tensor, _ b: Tensor) -> Tensor {
    head == .sizeOneAxis
      ? (sign(a) * sign(b)).mean(dim: 1) : cosineSimilarity(a, b)
  }
}
