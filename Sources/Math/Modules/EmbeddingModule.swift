/// A table of vectors, looked up by number: see `embedding`.
public final class Embedding: Module {
  /// The table, shape `[n, d]`.
  public var weight: Tensor
  private let paddingIndex: Int?
  private let maxNorm: Double?

  /// What the table is drawn from.
  public static let distribution = Distribution.normal(mean: 0, std: 1)

  /// A table of standard normal numbers of the global generator; row `paddingIndex` is 0 and stays.
  ///
  /// - Parameters:
  ///   - numEmbeddings: How many vectors, n.
  ///   - embeddingDim: The length of each, d.
  ///   - paddingIndex: A row that begins as 0 and gets no gradient; negative counts from the end,
  ///     and `nil` is none.
  ///   - maxNorm: Vectors looked up with a larger norm are scaled down to it, in place; `nil`
  ///     leaves all.
  /// - Precondition: Row `paddingIndex` is there.
  public convenience init(
    _ numEmbeddings: Int, _ embeddingDim: Int, paddingIndex: Int? = nil, maxNorm: Double? = nil,
    file: StaticString = #file, line: UInt = #line
  ) {
    var generator = SplitMix64(seed: withGlobalGenerator { $0.next() })
    self.init(
      numEmbeddings, embeddingDim, paddingIndex: paddingIndex, maxNorm: maxNorm, using: &generator,
      file: file, line: line)
  }

  /// A table of standard normal numbers of the generator given.
  ///
  /// - Parameters:
  ///   - numEmbeddings: How many vectors, n.
  ///   - embeddingDim: The length of each, d.
  ///   - paddingIndex: A row that begins as 0 and gets no gradient; negative counts from the end,
  ///     and `nil` is none.
  ///   - maxNorm: Vectors looked up with a larger norm are scaled down to it, in place; `nil`
  ///     leaves all.
  ///   - generator: Where the random numbers come from.
  /// - Precondition: Row `paddingIndex` is there.
  public init(
    _ numEmbeddings: Int, _ embeddingDim: Int, paddingIndex: Int? = nil, maxNorm: Double? = nil,
    using generator: inout SplitMix64, file: StaticString = #file, line: UInt = #line
  ) {
    let site = CallSite(file, line)
    defer { site.leave() }
    weight = parameter([numEmbeddings, embeddingDim], Embedding.distribution, &generator)
    self.paddingIndex = paddingIndex
    self.maxNorm = maxNorm
    if let paddingIndex { noGrad { weight.selected(dim: 0, index: paddingIndex).fill(0) } }
  }

  /// The vectors of `i64` numbers.
  public func forward(_ x: Tensor) -> Tensor {
    embedding(x, weight, paddingIndex: paddingIndex, maxNorm: maxNorm)
  }
}
