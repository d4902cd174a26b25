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
public struct PipelineEvidence: Sendable {
  /// Different inputs over inputs.
  public var distinctInputShare = 1.0
  /// The largest difference between a printed cosine and the cosine recomputed from the pair.
  public var printedMismatch = 0.0
  /// The share of pairs of an image with itself.
  public var identicalPairShare = 0.0
  /// Different second images over pairs.
  public var distinctPartnerShare = 1.0
  /// The share of pairs of two classes.
  public var negativePairShare = 0.5
  /// The mean cosine of all pairs of embeddings.
  public var meanCosine = 0.0
  /// The largest share of units of a layer that are 0 for every input.
  public var deadShare = 0.0
  /// Whether all numbers are positive and each row sums to 1.
  public var rowsAreProbabilities = false
  /// The mean cosine of the inputs and after each layer.
  public var layerCosines: [Double] = []

  /// Evidence to be filled in by hand.
  public init() {}

  /// Gathers evidence from a pipeline of one's own.
  ///
  /// - Parameters:
  ///   - inputs: What the network saw, `[n, *]`.
  ///   - embeddings: What it made of them, `[n, d]`.
  ///   - hidden: The outputs of the layers before, each `[n, *]`.
  ///   - labels: The classes of the inputs.
  ///   - first: The first images of some pairs that the loop drew.
  ///   - second: Their partners.
  ///   - pairLabels: The classes that `first` and `second` index.
  ///   - firstEmbeddings: The embeddings of the first images, `[pairs, d]`.
  ///   - secondEmbeddings: Those of the partners.
  ///   - printed: The cosines that the program prints for these pairs.
  public init(
    inputs: Tensor, embeddings: Tensor, hidden: [Tensor], labels: [Int], first: [Int],
    second: [Int], pairLabels: [Int], firstEmbeddings: Tensor, secondEmbeddings: Tensor,
    printed: [Double]
  ) {
    let pairs = Double(Swift.max(first.count, 1))
    distinctInputShare = Double(countRows(inputs, nil)) / Double(inputs.shape[0])
    let byHand = cosineSimilarity(firstEmbeddings, secondEmbeddings).doubles
    printedMismatch = zip(printed, byHand).map { Swift.abs($0 - $1) }.max() ?? 0
    let together = Array(zip(first, second))
    identicalPairShare = Double(together.filter { $0.0 == $0.1 }.count) / pairs
    distinctPartnerShare = Double(Set(second).count) / pairs
    negativePairShare =
      Double(together.filter { pairLabels[$0.0] != pairLabels[$0.1] }.count) / pairs
    let z = firstEmbeddings
    rowsAreProbabilities =
      (z .> 0).all().bools[0] && abs(z.sum(dim: 1) - 1).max().item() < 1e-9
    let report = EmbeddingReport(embeddings, labels: labels, hidden: hidden)
    meanCosine = report.meanCosine
    deadShare = report.deadShare
    layerCosines = ([inputs] + hidden + [embeddings]).map(meanPairwiseCosine)
  }
}

/// The mean cosine of all pairs of rows; 0 for rows of zeros.
public func meanPairwiseCosine(_ x: Tensor) -> Double {
  let rows = x.flattened(startDim: 1)
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

/// Names the cause of a cosine of 1, by nine questions in order: input, shape, pairs, and only
/// then the network.
///
/// The questions go from causes outside of the network to those inside, since those outside make
/// every number from inside meaningless.
public func diagnose(_ e: PipelineEvidence) -> Diagnosis {
  func found(_ disease: Disease, _ because: String) -> Diagnosis {
    Diagnosis(disease: disease, because: because)
  }
  if e.distinctInputShare < 0.02 {
    return found(.destroyedInput, "\(percent(e.distinctInputShare)) of the inputs differ")
  }
  if e.printedMismatch > 1e-6 {
    return found(
      .sizeOneAxis, "printed and recomputed cosines differ by \(e.printedMismatch.scientific(1))")
  }
  if e.identicalPairShare > 0.5 {
    return found(
      .pairedWithItself, "\(percent(e.identicalPairShare)) of the pairs are one image twice")
  }
  if e.distinctPartnerShare < 0.1 {
    return found(
      .frozenPartner, "\(percent(e.distinctPartnerShare)) of the second images differ")
  }
  if e.meanCosine < 0.9 {
    return found(.healthy, "the mean cosine is \(e.meanCosine.fixed(2))")
  }
  if e.negativePairShare == 0 { return found(.positivesOnly, "no pair is negative") }
  if e.deadShare >= 0.999 { return found(.deadUnits, "a layer has only dead units") }
  if e.rowsAreProbabilities {
    return found(.softmaxEmbedding, "each embedding is positive and sums to 1")
  }
  if e.layerCosines.count > 1, e.layerCosines[1] > 0.9 {
    return found(.deepSigmoid, "the first layer's mean cosine is \(e.layerCosines[1].fixed(2))")
  }
  if let last = e.layerCosines.last, last > 0.99 {
    return found(.deepDefaultInit, "the mean cosine climbs to \(last.fixed(4)) layer by layer")
  }
  return found(.unknown, "the mean cosine is \(e.meanCosine.fixed(2)), and no question applies")
}

private func percent(_ share: Double) -> String { (100 * share).fixed(1) + " %" }
