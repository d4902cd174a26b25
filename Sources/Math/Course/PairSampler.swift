/// Which pairs of images a training loop draws.
public enum PairMode: String, Sendable {
  /// Half of a batch from one class, half from two classes.
  case balanced
  /// Both images from one class.
  case positive
  /// Two images at random: one pair in ten is positive.
  case random
  /// Each image with itself.
  case withItself = "self"
  /// The images in order, each with image 0 (and image 0 with image 1).
  case frozen = "fixed"
}

/// Draws pairs of images by their classes, the same ones for a seed everywhere.
public struct PairSampler {
  private var generator: SplitMix64
  private let labels: [Int]
  private let members: [[Int]]
  private let others: [[Int]]
  private let rank: [Int]
  private let mode: PairMode
  private var drawn = 0

  /// A sampler of images whose classes are `0..<n`.
  ///
  /// - Parameters:
  ///   - labels: The class of each image.
  ///   - mode: Which pairs are drawn.
  ///   - seed: The seed of the pairs.
  public init(_ labels: [Int], mode: PairMode = .balanced, seed: UInt64) {
    self.labels = labels
    self.mode = mode
    generator = SplitMix64(seed: seed)
    let classes = (labels.max() ?? -1) + 1
    let members = (0..<classes).map { c in labels.indices.filter { labels[$0] == c } }
    self.members = members
    others = (0..<classes).map { c in labels.indices.filter { labels[$0] != c } }
    var rank = Array(repeating: 0, count: labels.count)
    for list in members { for (k, i) in list.enumerated() { rank[i] = k } }
    self.rank = rank
  }

  /// The next batch: the first and the second image of each pair.
  ///
  /// For each pair the first image is drawn, then its partner among the class's other members or
  /// among the other classes, in the order of the images.
  ///
  /// - Precondition: There are images, and for each a partner of the kind drawn.
  public mutating func batch(
    _ count: Int, file: StaticString = #file, line: UInt = #line
  ) -> (first: [Int], second: [Int]) {
    require(
      count >= 0, "batch needs 0 or more pairs, got \(count); count pairs, not images", file: file,
      line: line)
    var first: [Int] = []
    var second: [Int] = []
    for b in 0..<count {
      if mode == .frozen {
        let k = drawn % labels.count
        first.append(k)
        second.append(k == 0 ? 1 : 0)
        drawn += 1
        continue
      }
      let i = generator.int(below: labels.count, file: file, line: line)
      first.append(i)
      switch mode {
      case .withItself: second.append(i)
      case .random: second.append(generator.int(below: labels.count))
      case .balanced where b >= count / 2:
        let list = others[labels[i]]
        second.append(list[generator.int(below: list.count, file: file, line: line)])
      default:
        let list = members[labels[i]]
        let k = generator.int(below: list.count - 1, file: file, line: line)
        second.append(list[k + (k >= rank[i] ? 1 : 0)])
      }
    }
    return (first, second)
  }

  /// Draws `count` truth values with probability one half, for augmentation.
  mutating func coins(_ count: Int) -> [Bool] { (0..<count).map { _ in generator.uniform() < 0.5 } }
}
