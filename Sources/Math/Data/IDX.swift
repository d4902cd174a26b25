/// Reads files of the IDX format, in which MNIST and its kin come: plain, or compressed by gzip.
public enum IDX {
  /// The numbers of a file: bytes and integers as `i64`, floats as `f32` and `f64`.
  ///
  /// - Throws: `TensorFileError` with file, offset and what was expected there.
  public static func load(_ path: String) throws(TensorFileError) -> Tensor {
    try read(path).tensor()
  }

  /// The content of a file, checked but not converted.
  static func read(_ path: String) throws(TensorFileError) -> Content {
    func fail(_ offset: Int, _ expectation: String) -> TensorFileError {
      TensorFileError(path: path, offset: offset, expectation: expectation)
    }
    guard var bytes = readFile(path) else { throw fail(0, "a file that can be read") }
    if bytes.starts(with: [0x1F, 0x8B]) {
      do {
        bytes = try gunzip(bytes)
      } catch {
        throw fail(error.offset, error.expectation)
      }
    }
    if bytes.count < 4 || bytes[0] != 0 || bytes[1] != 0 { throw fail(0, "the mark 00 00") }
    let sizes: [UInt8: Int] = [0x08: 1, 0x09: 1, 0x0B: 2, 0x0C: 4, 0x0D: 4, 0x0E: 8]
    guard let size = sizes[bytes[2]] else {
      throw fail(2, "a type of element: 08, 09, 0b, 0c, 0d or 0e")
    }
    let rank = Int(bytes[3])
    if rank > Dims.capacity { throw fail(3, "at most \(Dims.capacity) dims") }
    var content = Content(bytes: bytes, start: 4 + 4 * rank)
    if bytes.count < content.start { throw fail(bytes.count, "\(rank) sizes") }
    var count = 1
    for d in 0..<rank {
      content.shape.append(Int(content.word(4 + 4 * d, 4)))
      let (product, overflow) = count.multipliedReportingOverflow(by: content.shape[d])
      if overflow || product > Int(Int32.max) { throw fail(4 + 4 * d, "sizes that fit") }
      count = product
    }
    if bytes.count != content.start + count * size {
      throw fail(
        bytes.count, "\(content.start + count * size) bytes for shape \(content.shape)")
    }
    return content
  }

  /// The bytes of a file, and where the numbers in them start.
  struct Content {
    let bytes: [UInt8]
    let start: Int
    var shape: [Int] = []

    func word(_ at: Int, _ n: Int) -> UInt64 {
      (0..<n).reduce(0) { $0 << 8 | UInt64(bytes[at + $1]) }
    }

    func tensor() -> Tensor {
      let kind = bytes[2]
      let x = Tensor(empty: Dims(shape), kind == 0x0D ? .f32 : kind == 0x0E ? .f64 : .i64)
      for i in 0..<x.count {
        switch kind {
        case 0x08: x.i64[i] = Int(bytes[start + i])
        case 0x09: x.i64[i] = Int(Int8(bitPattern: bytes[start + i]))
        case 0x0B: x.i64[i] = Int(Int16(truncatingIfNeeded: word(start + 2 * i, 2)))
        case 0x0C: x.i64[i] = Int(Int32(truncatingIfNeeded: word(start + 4 * i, 4)))
        case 0x0D: x.f32[i] = Float(bitPattern: UInt32(word(start + 4 * i, 4)))
        default: x.f64[i] = Double(bitPattern: word(start + 8 * i, 8))
        }
      }
      return x
    }

    /// Bytes as fractions of 255.
    func fractions() -> Tensor {
      let x = Tensor(empty: Dims(shape), .f32)
      bytes.withUnsafeBufferPointer { source in
        for i in 0..<x.count { x.f32[i] = Float(source[start + i]) / 255 }
      }
      return x
    }
  }
}
