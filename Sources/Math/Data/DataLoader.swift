/// Batches of samples, in order or shuffled anew for each pass.
///
///     for (x, y) in DataLoader(images, labels, batchSize: 64, seed: 0) { … }
public final class DataLoader: Sequence {
  private let inputs: Tensor
  private let targets: Tensor
  private let batchSize: Int
  private let dropLast: Bool
  private var generator: SplitMix64?

  /// Batches of samples and their targets.
  ///
  /// - Parameters:
  ///   - inputs: Samples along the first dimension.
  ///   - targets: As many along the first dimension, whatever the other sizes.
  ///   - batchSize: How many samples a batch has.
  ///   - seed: Shuffles from this seed on; without one the order stays.
  ///   - dropLast: Whether a last batch that is not full is left out.
  /// - Precondition: As many inputs as targets; `batchSize` is 1 or more.
  public init(
    _ inputs: Tensor, _ targets: Tensor, batchSize: Int, seed: UInt64? = nil,
    dropLast: Bool = false, file: StaticString = #file, line: UInt = #line
  ) {
    require(
      inputs.rank > 0 && targets.rank > 0 && inputs.dims[0] == targets.dims[0],
      "DataLoader needs as many inputs as targets, got \(inputs.shape) and \(targets.shape); "
        + "give each input a target",
      file: file, line: line)
    require(
      batchSize > 0,
      "DataLoader needs a batchSize of 1 or more, got \(batchSize); "
        + "take the number of inputs for one batch", file: file,
      line: line)
    self.inputs = inputs
    self.targets = targets
    self.batchSize = batchSize
    self.dropLast = dropLast
    generator = seed.map { SplitMix64(seed: $0) }
  }

  /// How many batches a pass has.
  public var count: Int {
    let n = inputs.dims[0]
    return dropLast ? n / batchSize : (n + batchSize - 1) / batchSize
  }

  /// The batches of one pass; shuffled loaders move on to a new order.
  public func makeIterator() -> AnyIterator<(Tensor, Tensor)> {
    let n = inputs.dims[0]
    let order = generator?.permutation(n)
    let (inputs, targets, size, total) = (inputs, targets, batchSize, count)
    var batch = 0
    return AnyIterator {
      if batch == total { return nil }
      let start = batch * size
      let length = Swift.min(size, n - start)
      batch += 1
      guard let order else {
        return (
          inputs.narrowed(dim: 0, start: start, length: length),
          targets.narrowed(dim: 0, start: start, length: length)
        )
      }
      let index = Tensor(Array(order[start..<(start + length)]))
      return (
        inputs.indexSelected(dim: 0, index: index), targets.indexSelected(dim: 0, index: index)
      )
    }
  }
}
