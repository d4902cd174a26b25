import Glibc

/// Fashion-MNIST: 70,000 images of clothes, 28×28, of ten classes, from Debian's package
/// `dataset-fashion-mnist`.
///
/// Source: Xiao, Rasul and Vollgraf, Fashion-MNIST, 2017, arXiv:1708.07747.
public enum FashionMNIST {
  /// The names of the classes.
  public static let classes = [
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
    "Ankle boot",
  ]

  /// Which part of the data.
  public enum Part: String, Sendable {
    /// 60,000 images to train with.
    case train
    /// 10,000 images to test with.
    case test = "t10k"
  }

  /// Where Debian's package puts the files.
  public static let directory = "/usr/share/datasets/fashion-mnist"

  // The sums are of the decompressed files, which do not change when a file is packed anew.
  private static let checksums: [String: UInt64] = [:]

  /// The images `[n, 1, 28, 28]`, in 0...1, and their classes `[n]`, as `i64`.
  ///
  /// - Throws: `TensorFileError` naming the package if files are missing, or what is wrong in them.
  public static func load(_ part: Part = .train, from directory: String = directory)
    throws(TensorFileError) -> (images: Tensor, labels: Tensor)
  {
    let count = part == .train ? 60_000 : 10_000
    let images = try file("\(directory)/\(part.rawValue)-images-idx3-ubyte.gz")
    let labels = try file("\(directory)/\(part.rawValue)-labels-idx1-ubyte.gz")
    for (x, shape, name) in [(images, [count, 28, 28], "images"), (labels, [count], "labels")] {
      if x.shape != shape {
        throw TensorFileError(
          path: directory, offset: 4, expectation: "\(name) of shape \(shape), not \(x.shape)")
      }
    }
    return ((images.to(.f32) / 255).reshaped([count, 1, 28, 28]), labels)
  }

  private static func file(_ path: String) throws(TensorFileError) -> Tensor {
    if access(path, R_OK) != 0 {
      throw TensorFileError(
        path: path, offset: 0,
        expectation: "the data of Debian's package dataset-fashion-mnist (apt install it)")
    }
    return try IDX.load(path)
  }
}
