/// What the course measures of embeddings: how alike they are, how much they span, how well they
/// rank.
public struct EmbeddingReport: Sendable {
  /// The mean cosine of all pairs.
  public let meanCosine: Double
  /// The smallest cosine of a pair.
  public let smallestCosine: Double
  /// The largest cosine of a pair.
  public let largestCosine: Double
  /// The mean cosine of pairs of one class.
  public let positiveCosine: Double
  /// The mean cosine of pairs of two classes.
  public let negativeCosine: Double
  /// The chance that a pair of one class has a larger cosine than a pair of two; ties count half.
  public let auc: Double
  /// How often the nearest other embedding by cosine has the same class; ties share.
  public let nearestNeighbour: Double
  /// exp of the entropy of the normalised singular values (Roy and Vetterli, 2007).
  public let effectiveRank: Double
  /// The same after subtracting the mean embedding.
  public let centredEffectiveRank: Double
  /// The mean deviation of a coordinate of the unit vectors, times √d: 1 spread out, 0 collapsed.
  public let spread: Double
  /// The mean length.
  public let meanNorm: Double
  /// The largest share of units of a hidden layer that are 0 for every input.
  public let deadShare: Double
  /// How many different embeddings there are, to nine digits.
  public let uniqueRows: Int
  /// How many different inputs there are.
  public let uniqueInputs: Int

  /// Measures embeddings `[n, d]`.
  ///
  /// - Parameters:
  ///   - embeddings: Shape `[n, d]`.
  ///   - labels: The class of each embedding, n of them.
  ///   - inputs: What the network saw, `[n, *]`, to count different inputs.
  ///   - hidden: The outputs of hidden layers, to look for dead units, `[n, *]` each.
  /// - Precondition: A label an embedding, and at least two; as many inputs as embeddings.
  public init(
    _ embeddings: Tensor, labels: [Int], inputs: Tensor? = nil, hidden: [Tensor] = [],
    file: StaticString = #file, line: UInt = #line
  ) {
    require(
      embeddings.rank == 2 && embeddings.dims[0] > 1 && labels.count == embeddings.dims[0],
      "EmbeddingReport needs embeddings [n, d] with n at least 2 and n labels, got "
        + "\(embeddings.shape) and \(labels.count); pass the labels of the same images",
      file: file, line: line)
    for layer in hidden + (inputs.map { [$0] } ?? []) {
      require(
        layer.rank > 0 && layer.dims[0] == embeddings.dims[0],
        "EmbeddingReport needs inputs and layers of \(embeddings.dims[0]) rows, got "
          + "\(layer.shape); pass what the same images gave", file: file, line: line)
    }
    let z = embeddings.detach().to(.f64)
    let n = z.shape[0]
    let norms = z.norm(dim: 1)
    let units = z / norms.clamped(min: 1e-8).unsqueezed(dim: 1)
    let table = matmul(units, units.T).doubles
    var all: [Double] = []
    var isPositive: [Bool] = []
    all.reserveCapacity(n * (n - 1) / 2)
    isPositive.reserveCapacity(n * (n - 1) / 2)
    var (positive, negative) = (Running(), Running())
    for i in 0..<n {
      for j in (i + 1)..<max(n, i + 1) {
        let c = table[i * n + j]
        all.append(c)
        isPositive.append(labels[i] == labels[j])
        if labels[i] == labels[j] { positive.add(c) } else { negative.add(c) }
      }
    }
    meanCosine = (positive.sum + negative.sum) / Double(all.count)
    smallestCosine = all.min() ?? .nan
    largestCosine = all.max() ?? .nan
    positiveCosine = positive.mean
    negativeCosine = negative.mean
    auc = areaUnderCurve(
      Tensor(all.map { rounded($0, 1e12) }, dtype: .f64), labels: Tensor(isPositive))
    nearestNeighbour = Self.nearest(table, n, labels)
    effectiveRank = entropyRank(accurateSingularValues(z))
    let centred = z - z.mean(dim: 0)
    let isConstant = abs(centred).max().item() <= 1e-12 * norms.max().item()
    centredEffectiveRank =
      isConstant ? 1 : entropyRank(accurateSingularValues(centred))
    spread = units.std(dim: 0, correction: 0).mean().item() * Double(z.shape[1]).squareRoot()
    meanNorm = norms.mean().item()
    deadShare = hidden.map(Self.deadShare).max() ?? 0
    uniqueRows = countRows(z, 1e9)
    uniqueInputs = inputs.map { countRows($0, nil) } ?? n
  }

  /// The share of a layer's units that are 0 for every input.
  static func deadShare(_ layer: Tensor) -> Double {
    let sizes = abs(layer.detach()).amax(dim: [0]).doubles
    return Double(sizes.filter { $0 == 0 }.count) / Double(sizes.count)
  }

  private struct Running {
    var sum = 0.0
    var count = 0
    var mean: Double { count == 0 ? .nan : sum / Double(count) }
    mutating func add(_ x: Double) {
      sum += x
      count += 1
    }
  }

  private static func nearest(_ table: [Double], _ n: Int, _ labels: [Int]) -> Double {
    var total = 0.0
    for i in 0..<n {
      var best = -Double.infinity
      var (hits, ties) = (0, 0)
      for j in 0..<n where j != i {
        let c = rounded(table[i * n + j], 1e12)
        if c > best { (best, hits, ties) = (c, 0, 0) }
        if c == best {
          ties += 1
          if labels[i] == labels[j] { hits += 1 }
        }
      }
      total += ties == 0 ? 0 : Double(hits) / Double(ties)
    }
    return total / Double(n)
  }
}

func rounded(_ x: Double, _ scale: Double) -> Double {
  (x * scale).rounded(.toNearestOrEven) / scale
}

/// Different rows, each number rounded to 1/`scale`.
func countRows(_ x: Tensor, _ scale: Double?) -> Int {
  let values = x.doubles
  let n = x.shape[0]
  guard n > 0 else { return 0 }
  let width = values.count / n
  return Set(
    (0..<n).map { i in
      values[(i * width)..<((i + 1) * width)].map { x in scale.map { rounded(x, $0) } ?? x }
    }
  ).count
}
