/// The ways to print a cosine of 1 that the course knows.
public enum Disease: String, Sendable, CaseIterable {
  /// Nothing is wrong.
  case healthy = "H"
  /// The cosine is taken along an axis of size 1.
  case sizeOneAxis = "a"
  /// A deep ReLU network with default initialisation.
  case deepDefaultInit = "b"
  /// The objective has no negative pairs.
  case positivesOnly = "c"
  /// A layer whose units are all zero.
  case deadUnits = "d"
  /// Each image is paired with itself.
  case pairedWithItself = "e1"
  /// The second image never changes.
  case frozenPartner = "e2"
  /// A deep network of sigmoids.
  case deepSigmoid = "f"
  /// The input was destroyed before the network.
  case destroyedInput = "g"
  /// Probabilities are used as the embedding.
  case softmaxEmbedding = "h"
  /// Something else.
  case unknown = "?"
}

/// What one has to look at to name the cause of a cosine of 1.
///
/// Each piece is usable by itself: what was not measured keeps a value that accuses nobody.
public struct PipelineEvidence: Sendable {
  /// Different inputs over inputs.
  public var distinctInputShare = 1.0
  /// The deviation of the inputs from each other, averaged over their numbers.
  public var inputDeviation = 1.0
  /// How many numbers an embedding has.
  public var embeddingWidth = 2
  /// The largest difference between a printed cosine and the cosine recomputed from the pair.
  public var printedMismatch = 0.0
  /// The largest difference that rounding explains: more if the program prints few digits.
  public var printedTolerance = 1e-6
  /// The share of pairs of an image with itself.
  public var identicalPairShare = 0.0
  /// Different first images over pairs.
  public var distinctFirstShare = 1.0
  /// Different second images over pairs.
  public var distinctPartnerShare = 1.0
  /// The share of pairs of two classes.
  public var negativePairShare = 0.5
  /// The mean cosine of all pairs of embeddings.
  public var meanCosine = 0.0
  /// The mean length of the embeddings over that before training.
  public var lengthGrowth = 1.0
  /// The largest share of units of a layer that are 0 for every input.
  public var deadShare = 0.0
  /// Whether no number is negative and each row sums to 1.
  public var rowsAreProbabilities = false
  /// The mean cosine of the inputs and after each layer.
  public var layerCosines: [Double] = []

  /// Evidence to be filled in by hand.
  public init() {}

  /// Gathers what inputs and embeddings tell; a network of one's own needs no more to begin with.
  ///
  /// - Parameters:
  ///   - inputs: What the network saw, `[n, *]`, n at least 2.
  ///   - embeddings: What it made of them, `[n, d]`, of any floating-point type.
  ///   - hidden: The outputs of the layers between, in order, each `[n, *]`. Pass them after the
  ///     activation, so that dead units show.
  /// - Precondition: As many embeddings as inputs, at least two, and two dimensions.
  public init(
    inputs: Tensor, embeddings: Tensor, hidden: [Tensor] = [], file: StaticString = #file,
    line: UInt = #line
  ) {
    guard embeddings.rank == 2, inputs.rank > 0, inputs.shape[0] == embeddings.shape[0],
      inputs.shape[0] > 1
    else {
      refuse(
        "PipelineEvidence needs inputs [n, *] and embeddings [n, d] with n at least 2, got "
          + "\(inputs.shape) and \(embeddings.shape); flatten what the network returns", file: file,
        line: line)
    }
    let x = inputs.detach().to(.f64)
    let z = embeddings.detach().to(.f64)
    distinctInputShare = Double(countRows(x, nil)) / Double(x.shape[0])
    inputDeviation = x.std(dim: 0, correction: 0).mean().item()
    embeddingWidth = z.shape[1]
    // A sum of d shares is off by the roundings of its terms.
    let rounding = embeddings.dtype == .f64 ? 1e-9 : 1e-4
    rowsAreProbabilities =
      (z .>= 0).all().bools[0] && abs(z.sum(dim: 1) - 1).max().item() < rounding
    printedTolerance = embeddings.dtype == .f64 ? 1e-6 : 1e-5
    meanCosine = meanPairwiseCosine(z)
    deadShare = hidden.map(EmbeddingReport.deadShare).max() ?? 0
    layerCosines = ([x] + hidden + [z]).map { meanPairwiseCosine($0, file: file, line: line) }
  }

  /// Gathers evidence from a pipeline: also the pairs that its loop draws and what it prints.
  ///
  /// - Parameters:
  ///   - inputs: What the network saw, `[n, *]`, n at least 2.
  ///   - embeddings: What it made of them, `[n, d]`, of any floating-point type.
  ///   - hidden: The outputs of the layers between, in order, each `[n, *]`.
  ///   - first: The first images of some pairs that the loop drew, as indices into `pairLabels`.
  ///   - second: Their partners.
  ///   - pairLabels: The classes that `first` and `second` index.
  ///   - firstEmbeddings: The embeddings of the first images, `[pairs, d]`.
  ///   - secondEmbeddings: Those of the partners.
  ///   - printed: The cosines that the program prints for these pairs.
  /// - Precondition: As for inputs and embeddings alone; as many partners, embeddings and printed
  ///   cosines as first images, and at least one.
  public init(
    inputs: Tensor, embeddings: Tensor, hidden: [Tensor] = [], first: [Int], second: [Int],
    pairLabels: [Int], firstEmbeddings: Tensor, secondEmbeddings: Tensor, printed: [Double],
    file: StaticString = #file, line: UInt = #line
  ) {
    self.init(
      inputs: inputs, embeddings: embeddings, hidden: hidden, file: file, line: line)
    let counts = [
      second.count, firstEmbeddings.shape.first ?? 0, secondEmbeddings.shape.first ?? 0,
      printed.count,
    ]
    guard !first.isEmpty, counts.allSatisfy({ $0 == first.count }) else {
      refuse(
        "PipelineEvidence needs one partner, two embeddings and one printed cosine a pair, got "
          + "\(first.count) first images and \(counts); pass the same pairs to each", file: file,
        line: line)
    }
    let byHand = cosineSimilarity(
      firstEmbeddings.detach().to(.f64), secondEmbeddings.detach().to(.f64)
    ).doubles
    printedMismatch = zip(printed, byHand).map { Swift.abs($0 - $1) }.max() ?? 0
    let together = Array(zip(first, second))
    let pairs = Double(together.count)
    identicalPairShare = Double(together.filter { $0.0 == $0.1 }.count) / pairs
    distinctFirstShare = Double(Set(first).count) / pairs
    distinctPartnerShare = Double(Set(second).count) / pairs
    negativePairShare =
      Double(together.filter { pairLabels[$0.0] != pairLabels[$0.1] }.count) / pairs
  }
}

/// The mean cosine of all pairs of rows, in 64 bits; 0 for rows of zeros.
///
/// - Parameter x: Rows along the first dimension, `[n, *]`.
/// - Returns: In -1...1 up to rounding; NaN of a single row.
/// - Precondition: Two dimensions or more.
public func meanPairwiseCosine(
  _ x: Tensor, file: StaticString = #file, line: UInt = #line
) -> Double {
  require(
    x.rank > 1, "meanPairwiseCosine needs rows [n, *], got \(x.shape); unsqueeze a single one",
    file: file, line: line)
  let rows = x.flattened(startDim: 1).to(.f64)
  let n = Double(rows.shape[0])
  let units = rows / rows.norm(dim: 1, keepDim: true).clamped(min: 1e-8)
  let total = units.sum(dim: 0)
  let own = (units * units).sum().item()
  return ((total * total).sum().item() - own) / (n * (n - 1))
}

/// A cause and the evidence that names it.
public struct Diagnosis: CustomStringConvertible, Sendable {
  /// The cause.
  public let disease: Disease
  /// What gave it away.
  public let because: String
  /// The letter and the evidence.
  public var description: String { "\(disease.rawValue): \(because)" }
}

/// Names the cause of a cosine of 1 by questions in order: input, shape, pairs, and only then the
/// network.
///
/// The questions go from causes outside of the network to those inside, since those outside make
/// every number from inside meaningless. The thresholds were set on seeds 0 to 2 of the micro-lab
/// and hold on others (lesson 03); they are no theorem about other networks.
public func diagnose(_ e: PipelineEvidence) -> Diagnosis {
  func found(_ disease: Disease, _ because: String) -> Diagnosis {
    Diagnosis(disease: disease, because: because)
  }
  if e.distinctInputShare < 0.02 || e.inputDeviation < 1e-3 {
    return found(.destroyedInput, "\(percent(e.distinctInputShare)) of the inputs differ")
  }
  if e.embeddingWidth < 2 {
    return found(.sizeOneAxis, "an embedding is a single number, and its cosine a sign")
  }
  if e.printedMismatch > e.printedTolerance {
    return found(
      .sizeOneAxis, "printed and recomputed cosines differ by \(e.printedMismatch.scientific(1))")
  }
  if e.identicalPairShare > 0.5 {
    return found(
      .pairedWithItself, "\(percent(e.identicalPairShare)) of the pairs are one image twice")
  }
  // A loop over few images repeats partners honestly, but then it repeats first images as well.
  if e.distinctPartnerShare < 0.1 * e.distinctFirstShare {
    return found(
      .frozenPartner, "\(percent(e.distinctPartnerShare)) of the second images differ")
  }
  if e.meanCosine < 0.9 {
    return found(.healthy, "the mean cosine is \(e.meanCosine.fixed(2))")
  }
  if e.negativePairShare == 0 { return found(.positivesOnly, "no pair is negative") }
  if e.deadShare >= 0.999 { return found(.deadUnits, "a layer has only dead units") }
  if e.lengthGrowth > 1000 {
    return found(
      .unknown,
      "embeddings are \(e.lengthGrowth.scientific(0)) times as long as before training: steps that "
        + "are too large have frozen their direction")
  }
  if e.rowsAreProbabilities {
    return found(.softmaxEmbedding, "each embedding is positive and sums to 1")
  }
  // Without the layers between, nobody can say where the embeddings became alike.
  if e.layerCosines.count < 3 {
    return found(
      .unknown,
      "the mean cosine is \(e.meanCosine.fixed(2)); pass the outputs of the layers between to see where "
        + "it climbs")
  }
  if e.layerCosines[1] > 0.9 {
    return found(.deepSigmoid, "the first layer's mean cosine is \(e.layerCosines[1].fixed(2))")
  }
  if let last = e.layerCosines.last, last > 0.99 {
    return found(.deepDefaultInit, "the mean cosine climbs to \(last.fixed(4)) layer by layer")
  }
  return found(.unknown, "the mean cosine is \(e.meanCosine.fixed(2)), and no question applies")
}

private func percent(_ share: Double) -> String { (100 * share).fixed(1) + " %" }
