/// Changes of images that leave their meaning: each image of a batch `[n, c, h, w]` gets its own.
public enum Augmentation {
  private static func check(
    _ x: Tensor, _ name: StaticString, _ file: StaticString, _ line: UInt
  ) -> Int {
    require(
      x.rank == 4,
      "\(name) needs images [n, c, h, w], got \(x.shape); unsqueeze what is missing", file: file,
      line: line)
    return x.dims[0]
  }

  private static func each(_ x: Tensor, _ change: (Int, Tensor) -> Tensor) -> Tensor {
    x.dims[0] == 0 ? x : stack((0..<x.dims[0]).map { change($0, x.selected(dim: 0, index: $0)) })
  }

  /// Mirrors images left to right with a probability.
  ///
  /// - Parameters:
  ///   - x: Shape `[n, c, h, w]`.
  ///   - p: The probability of each image; 0 or less turns none, 1 or more all.
  ///   - generator: Where the random numbers come from, one an image.
  /// - Returns: The shape of `x`.
  /// - Precondition: The images are `[n, c, h, w]`.
  public static func flip(
    _ x: Tensor, p: Double = 0.5, using generator: inout SplitMix64, file: StaticString = #file,
    line: UInt = #line
  ) -> Tensor {
    let n = check(x, "flip", file, line)
    let flips = (0..<n).map { _ in generator.uniform() < p }
    return each(x) { i, image in flips[i] ? image.flipped(dims: [2]) : image }
  }

  /// Moves images by up to so many points in each direction; what enters is 0.
  ///
  /// - Parameters:
  ///   - x: Shape `[n, c, h, w]`.
  ///   - reach: The farthest move, in points, 0 or more; up and down, and to both sides.
  ///   - generator: Where the random numbers come from, two an image.
  /// - Returns: The shape of `x`.
  /// - Precondition: The images are `[n, c, h, w]`.
  public static func shift(
    _ x: Tensor, by reach: Int, using generator: inout SplitMix64, file: StaticString = #file,
    line: UInt = #line
  ) -> Tensor {
    let n = check(x, "shift", file, line)
    let (h, w) = (x.dims[2], x.dims[3])
    let moves = (0..<n).map { _ in
      (generator.int(below: 2 * reach + 1), generator.int(below: 2 * reach + 1))
    }
    let wide = x.padded([reach, reach, reach, reach])
    return each(wide) { i, image in
      image.narrowed(dim: 1, start: moves[i].0, length: h)
        .narrowed(dim: 2, start: moves[i].1, length: w)
    }
  }

  /// Cuts a square of a size out of each image at random.
  ///
  /// - Parameters:
  ///   - x: Shape `[n, c, h, w]`.
  ///   - size: The side of the square, in points.
  ///   - generator: Where the random numbers come from, two an image.
  /// - Returns: Shape `[n, c, size, size]`.
  /// - Precondition: The images are `[n, c, h, w]`, and the size is 1 or more and at most theirs.
  public static func crop(
    _ x: Tensor, size: Int, using generator: inout SplitMix64, file: StaticString = #file,
    line: UInt = #line
  ) -> Tensor {
    let n = check(x, "crop", file, line)
    let (h, w) = (x.dims[2], x.dims[3])
    require(
      size > 0 && size <= h && size <= w,
      "crop needs a size in 1...\(Swift.min(h, w)), got \(size); "
        + "pad the images first for a larger one",
      file: file, line: line)
    let places = (0..<n).map { _ in
      (generator.int(below: h - size + 1), generator.int(below: w - size + 1))
    }
    return each(x) { i, image in
      image.narrowed(dim: 1, start: places[i].0, length: size)
        .narrowed(dim: 2, start: places[i].1, length: size)
    }
  }

  /// Adds normal noise.
  ///
  /// - Parameters:
  ///   - x: Of any shape, floating-point numbers.
  ///   - std: The standard deviation, in the unit of the elements.
  ///   - generator: Where the random numbers come from.
  /// - Returns: The shape of `x`, not limited to its range.
  /// - Precondition: The images are floating-point numbers.
  public static func noise(
    _ x: Tensor, std: Double, using generator: inout SplitMix64, file: StaticString = #file,
    line: UInt = #line
  ) -> Tensor {
    x.requireFloat("noise", file, line)
    return x + Tensor.normal(shape: x.shape, std: std, dtype: x.dtype, using: &generator)
  }

  /// Sets a square of a size in each image to a value.
  ///
  /// - Parameters:
  ///   - x: Shape `[n, c, h, w]`.
  ///   - size: The side of the square, in points.
  ///   - value: What the points become, in all channels.
  ///   - generator: Where the random numbers come from, two an image.
  /// - Returns: The shape of `x`, without what was recorded.
  /// - Precondition: The images are `[n, c, h, w]`, and the size is 1 or more and at most theirs.
  ///
  /// Source: Zhong et al., Random Erasing, 2017, arXiv:1708.04896.
  public static func erase(
    _ x: Tensor, size: Int, value: Double = 0, using generator: inout SplitMix64,
    file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    let n = check(x, "erase", file, line)
    let (h, w) = (x.dims[2], x.dims[3])
    require(
      size > 0 && size <= h && size <= w,
      "erase needs a size in 1...\(Swift.min(h, w)), got \(size); "
        + "take a smaller square",
      file: file, line: line)
    let out = x.detach().clone()
    for i in 0..<n {
      let (top, left) = (generator.int(below: h - size + 1), generator.int(below: w - size + 1))
      out.selected(dim: 0, index: i).narrowed(dim: 1, start: top, length: size)
        .narrowed(dim: 2, start: left, length: size).fill(value)
    }
    return out
  }
}
