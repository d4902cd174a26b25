/// Reads files of the IDX format, in which MNIST and its kin come: plain, or compressed by gzip.
public enum IDX {
  /// The numbers of a file: bytes and integers as `i64`, floats as `f32` and `f64`.
  ///
  /// - Throws: `TensorFileError` with file, offset and what was expected there.
  public static func load(_ path: String) throws(TensorFileError) -> Tensor {
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
    let (size, dtype): (Int, DType)
    switch bytes[2] {
    case 0x08, 0x09: (size, dtype) = (1, .i64)
    case 0x0B: (size, dtype) = (2, .i64)
    case 0x0C: (size, dtype) = (4, .i64)
    case 0x0D: (size, dtype) = (4, .f32)
    case 0x0E: (size, dtype) = (8, .f64)
    default: throw fail(2, "a type of element: 08, 09, 0b, 0c, 0d or 0e")
    }
    let rank = Int(bytes[3])
    if rank > Dims.capacity { throw fail(3, "at most \(Dims.capacity) dims") }
    let start = 4 + 4 * rank
    if bytes.count < start { throw fail(bytes.count, "\(rank) sizes") }
    func word(_ at: Int, _ n: Int) -> UInt64 {
      (0..<n).reduce(0) { $0 << 8 | UInt64(bytes[at + $1]) }
    }
    var shape: [Int] = []
    var count = 1
    for d in 0..<rank {
      shape.append(Int(word(4 + 4 * d, 4)))
      count = count.multipliedReportingOverflow(by: shape[d]).partialValue
      if count < 0 || count > Int(Int32.max) { throw fail(4 + 4 * d, "sizes that fit") }
    }
    if bytes.count != start + count * size {
      throw fail(bytes.count, "\(start + count * size) bytes for shape \(shape)")
    }
    let x = Tensor(empty: Dims(shape), dtype)
    for i in 0..<count {
      let at = start + i * size
      switch bytes[2] {
      case 0x08: x.i64[i] = Int(bytes[at])
      case 0x09: x.i64[i] = Int(Int8(bitPattern: bytes[at]))
      case 0x0B: x.i64[i] = Int(Int16(bitPattern: UInt16(word(at, 2))))
      case 0x0C: x.i64[i] = Int(Int32(bitPattern: UInt32(word(at, 4))))
      case 0x0D: x.f32[i] = Float(bitPattern: UInt32(word(at, 4)))
      default: x.f64[i] = Double(bitPattern: word(at, 8))
      }
    }
    return x
  }
}
