import Glibc

/// What can be wrong with the course's data.
public struct CourseDataError: Error, CustomStringConvertible, Sendable {
  /// The file.
  public let path: String
  /// What was expected of it, and the way out.
  public let expectation: String
  /// The file and what was expected of it.
  public var description: String { "\(path): \(expectation)" }
}

/// Images of Fashion-MNIST as bytes, with their classes.
///
/// Source: Xiao, Rasul and Vollgraf, Fashion-MNIST, 2017.
public struct FashionImages: Sendable {
  /// The folder of Debian's package `dataset-fashion-mnist`.
  public static let folder = "/usr/share/datasets/fashion-mnist"
  /// 784 bytes an image, row by row.
  public let pixels: [UInt8]
  /// The class of each image, from 0 to 9.
  public let labels: [Int]

  /// Reads the training or the test images.
  ///
  /// - Parameters:
  ///   - part: `train` or `t10k`, as the files are called.
  ///   - folder: Where the gzipped files lie.
  /// - Throws: `CourseDataError` naming the package if its files are missing, or what is wrong in
  ///   them.
  public init(_ part: String, folder: String = folder) throws(CourseDataError) {
    let images = try Self.body("\(folder)/\(part)-images-idx3-ubyte.gz", header: 16)
    let classes = try Self.body("\(folder)/\(part)-labels-idx1-ubyte.gz", header: 8)
    guard images.count == 784 * classes.count else {
      throw CourseDataError(
        path: folder, expectation: "expected as many images as labels; install the package again")
    }
    pixels = Array(images)
    labels = classes.map { Int($0) }
  }

  /// The first images of each class, as indices in the order of the file.
  ///
  /// - Parameter count: How many of each class; fewer where a class has fewer.
  public func firstOfEachClass(_ count: Int) -> [Int] {
    var seen = Array(repeating: 0, count: 10)
    return labels.indices.filter { i in
      seen[labels[i]] += 1
      return seen[labels[i]] <= count
    }
  }

  /// Images as rows of means over squares of pixels, in `0...1`.
  ///
  /// - Parameters:
  ///   - indices: Which images.
  ///   - pool: The side of a square: 4 makes rows of 49, 2 of 196, 1 of 784; what a last square
  ///     would lack is left out.
  /// - Precondition: The images are there, and `pool` is in `1...28`.
  public func rows(
    _ indices: [Int], pool: Int, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    require(
      pool >= 1 && pool <= 28, "rows needs a pool in 1...28, got \(pool); 1 keeps every pixel",
      file: file, line: line)
    for i in indices {
      require(
        labels.indices.contains(i),
        "rows needs images in 0..<\(labels.count), got \(i); count from 0", file: file, line: line)
    }
    let side = 28 / pool
    var values: [Double] = []
    values.reserveCapacity(indices.count * side * side)
    for i in indices {
      for y in 0..<side {
        for x in 0..<side {
          var sum = 0
          for dy in 0..<pool {
            for dx in 0..<pool {
              sum += Int(pixels[784 * i + 28 * (pool * y + dy) + pool * x + dx])
            }
          }
          values.append(Double(sum) / Double(pool * pool) / 255)
        }
      }
    }
    return Tensor(values, shape: [indices.count, side * side], dtype: .f64)
  }

  private static func body(_ path: String, header: Int) throws(CourseDataError) -> ArraySlice<UInt8>
  {
    guard let file = fopen(path, "rb") else {
      throw CourseDataError(
        path: path, expectation: "missing; install it with: apt-get install dataset-fashion-mnist")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var block = Array(repeating: UInt8(0), count: 1 << 20)
    while true {
      let n = fread(&block, 1, block.count, file)
      if n == 0 { break }
      bytes += block[0..<n]
    }
    do {
      let all = try gunzip(bytes)
      guard all.count >= header else {
        throw CourseDataError(path: path, expectation: "expected a header of \(header) bytes")
      }
      return all[header...]
    } catch let error as CourseDataError {
      throw error
    } catch {
      throw CourseDataError(path: path, expectation: "\(error)")
    }
  }
}

/// The micro-lab's data: a thousand training and five hundred test images of 7 × 7 pixels.
public struct MicroData {
  /// Shape `[1000, 49]`, in `0...1`: the first 100 images of each class.
  public let trainImages: Tensor
  /// The classes of the training images.
  public let trainLabels: [Int]
  /// Shape `[500, 49]`: the first 50 test images of each class.
  public let testImages: Tensor
  /// The classes of the test images.
  public let testLabels: [Int]

  /// Reads Fashion-MNIST and averages squares of 4 × 4 pixels.
  ///
  /// - Parameter folder: Where the gzipped files lie.
  /// - Throws: `CourseDataError` naming the package if its files are missing, or what is wrong in
  ///   them.
  public init(folder: String = FashionImages.folder) throws(CourseDataError) {
    let train = try FashionImages("train", folder: folder)
    let test = try FashionImages("t10k", folder: folder)
    let (i, j) = (train.firstOfEachClass(100), test.firstOfEachClass(50))
    trainImages = train.rows(i, pool: 4)
    testImages = test.rows(j, pool: 4)
    trainLabels = i.map { train.labels[$0] }
    testLabels = j.map { test.labels[$0] }
  }
}

/// What is done to pixels before a network sees them.
public enum Preparation: String, Sendable {
  /// (x - 0.286) / 0.353, the mean and deviation of Fashion-MNIST.
  case standardized
  /// The same after a cast of `0...1` to whole numbers: nearly everything becomes 0.
  case castToWholeNumbers

  /// Applies it to pixels in `0...1`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    switch self {
    case .standardized: (x - 0.286) / 0.353
    case .castToWholeNumbers: (floor(x) / 255 - 0.286) / 0.353
    }
  }
}
