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

  /// The sum (CRC-32) of each file's content, which stays when a file is packed anew.
  private static let checksums: [String: UInt32] = [
    "train-images": 0xB4F2_9F28, "train-labels": 0x741A_4657, "t10k-images": 0x678F_E0B1,
    "t10k-labels": 0x8014_2C1F,
  ]

  /// The images `[n, 1, 28, 28]`, in 0...1, and their classes `[n]`, as `i64`.
  ///
  /// - Parameters:
  ///   - part: What to train with, or what to test with.
  ///   - directory: Where the four files are; by default where Debian's package puts them.
  /// - Throws: `TensorFileError` naming the package if files are missing, or what is wrong in them.
  public static func load(_ part: Part = .train, from directory: String = directory)
    throws(TensorFileError) -> (images: Tensor, labels: Tensor)
  {
    let count = part == .train ? 60_000 : 10_000
    let images = try file("images-idx3", part, directory, [count, 28, 28])
    let labels = try file("labels-idx1", part, directory, [count])
    return (images.fractions().reshaped([count, 1, 28, 28]), labels.tensor())
  }

  private static func file(
    _ name: String, _ part: Part, _ directory: String, _ shape: [Int]
  ) throws(TensorFileError) -> IDX.Content {
    let path = "\(directory)/\(part.rawValue)-\(name)-ubyte.gz"
    func fail(_ offset: Int, _ expectation: String) -> TensorFileError {
      TensorFileError(path: path, offset: offset, expectation: expectation)
    }
    guard let file = fopen(path, "rb") else {
      throw fail(0, "the data of Debian's package dataset-fashion-mnist (apt install it)")
    }
    // Reading the content proves it against the sum at the end of the file; that one is compared.
    var tail = [UInt8](repeating: 0, count: 8)
    fseek(file, -8, SEEK_END)
    let size = ftell(file) + 8
    let complete = fread(&tail, 1, 8, file) == 8
    fclose(file)
    let sum = (0..<4).reduce(UInt32(0)) { $0 | UInt32(tail[$1]) << UInt32(8 * $1) }
    if !complete || sum != checksums["\(part.rawValue)-\(name.prefix(6))"] {
      throw fail(size - 8, "the sum of Fashion-MNIST's content; install dataset-fashion-mnist anew")
    }
    let content = try IDX.read(path)
    if content.shape != shape { throw fail(4, "shape \(shape), not \(content.shape)") }
    return content
  }
}
