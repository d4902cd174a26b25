/// What a laboratory's recipe says about training on pairs, whatever the network.
public protocol PairRecipe: Sendable {
  /// The objective.
  var objective: MicroObjective { get }
  /// Which pairs are drawn.
  var pairs: PairMode { get }
  /// How weights change.
  var optimizer: MicroOptimizer { get }
  /// The share of each weight added to its gradient.
  var weightDecay: Double { get }
  /// Whether images are mirrored at random.
  var flips: Bool { get }
  /// Pairs a step.
  var batch: Int { get }
  /// Steps of training.
  var steps: Int { get }
}

/// A network in a laboratory: what training on pairs needs of it.
struct PairNetwork {
  /// What training changes.
  let parameters: [Tensor]
  /// The weights whose gradients are measured, in the order of the layers.
  let weights: [Tensor]
  /// Embeddings of prepared images, as in training.
  let embed: (Tensor) -> Tensor
  /// Images turned left to right.
  let mirror: (Tensor) -> Tensor
  /// The cosines that the program prints and learns from.
  let cosines: (Tensor, Tensor) -> Tensor
}

extension PairRecipe {
  /// Trains a network on pairs of prepared images and measures every step.
  ///
  /// The pairs come from `SplitMix64(seed + 1000)`. A loss that is not finite ends the run.
  func train(_ net: PairNetwork, images x: Tensor, labels: [Int], seed: UInt64) -> [MicroStep] {
    require(
      batch > 0 && self.steps >= 0,
      "a recipe needs a batch of 1 or more and steps of 0 or more, got \(batch) and \(self.steps); "
        + "leave them out for the laboratory's own")
    let keepsPairs = pairs == .withItself || pairs == .frozen
    var sampler = PairSampler(
      labels, mode: objective == .infoNCE && !keepsPairs ? .positive : pairs, seed: seed + 1000)
    let optimizer = optimizer.make(net.parameters, weightDecay: weightDecay)
    var steps: [MicroStep] = []
    for _ in 0..<self.steps {
      let (i, j) = sampler.batch(batch)
      var first = x.indexSelected(dim: 0, index: Tensor(i))
      var second = x.indexSelected(dim: 0, index: Tensor(j))
      if flips {
        first = mirrored(first, sampler.coins(batch), by: net.mirror)
        second = mirrored(second, sampler.coins(batch), by: net.mirror)
      }
      let z = net.embed(cat([first, second]))
      let same = Tensor(zip(i, j).map { labels[$0] == labels[$1] }).to(x.dtype)
      let (loss, cosines) = objective.value(
        z[0..<batch], z[batch..<(2 * batch)], same: same, cosines: net.cosines)
      optimizer.zeroGrad()
      if loss.needsGradient { loss.backward() }
      steps.append(
        MicroStep(
          loss: loss.item(), cosine: cosines.mean().item(),
          gradientNorms: net.weights.map { $0.grad?.norm().item() ?? 0 }))
      optimizer.step()
      if !loss.item().isFinite { break }
    }
    return steps
  }

  private func mirrored(_ x: Tensor, _ coins: [Bool], by mirror: (Tensor) -> Tensor) -> Tensor {
    let shape = [x.shape[0]] + Array(repeating: 1, count: x.rank - 1)
    return `where`(Tensor(coins).reshaped(shape), mirror(x), x)
  }
}

extension MicroOptimizer {
  /// The optimiser of these parameters.
  func make(_ parameters: [Tensor], weightDecay: Double) -> Optimizer {
    switch self {
    case .sgd(let lr): SGD(parameters, lr: lr, momentum: 0.9, weightDecay: weightDecay)
    case .adam(let lr): Adam(parameters, lr: lr, weightDecay: weightDecay)
    }
  }
}

extension MicroObjective {
  /// The loss of paired embeddings, and the cosines of the pairs.
  func value(_ a: Tensor, _ b: Tensor, same: Tensor, cosines: (Tensor, Tensor) -> Tensor) -> (
    loss: Tensor, cosines: Tensor
  ) {
    switch self {
    case .sigmoidCosine(let scale):
      let cosines = cosines(a, b)
      return (binaryCrossEntropyWithLogits(scale * cosines, target: same), cosines)
    case .oneMinusCosine:
      let cosines = cosines(a, b)
      return ((1 - cosines).mean(), cosines)
    case .contrastive, .invertedContrastive:
      let together = self == .contrastive ? same : 1 - same
      let distance = pairwiseDistance(a, b)
      let pulls = together * square(distance)
      let pushes = (1 - together) * square((1 - distance).clamped(min: 0))
      return ((pulls + pushes).mean(), cosineSimilarity(a, b))
    case .infoNCE:
      let (u, v) = (normalize(a, eps: 0), normalize(b, eps: 0))
      let target = Tensor.arange(a.shape[0])
      return (crossEntropy(matmul(u, v.T) / 0.1, target: target), (u * v).sum(dim: 1))
    }
  }
}
