import Glibc

/// What is wrong with a file of tensors.
public struct TensorFileError: Error, CustomStringConvertible, Sendable {
  /// The file.
  public let path: String
  /// The byte where reading stopped.
  public let offset: Int
  /// What was expected there.
  public let expectation: String
  /// All three, in one sentence.
  public var description: String { "\(path): expected \(expectation) at byte \(offset)" }
}

/// Reads and writes files of named tensors in the safetensors format, which holds numbers and
/// nothing that runs: 8 bytes with the header's length, a header of JSON, the numbers.
///
/// Source: https://github.com/huggingface/safetensors, format description.
public enum SafeTensors {
  /// Writes tensors to a file.
  ///
  /// - Parameters:
  ///   - tensors: Each with its name, in the order of the file.
  ///   - path: The file. One that is there is replaced when the new one is whole.
  /// - Throws: `TensorFileError` if the file cannot be written or two names are equal.
  public static func save(_ tensors: [(name: String, tensor: Tensor)], to path: String)
    throws(TensorFileError)
  {
    var names: Set<String> = []
    for entry in tensors where !names.insert(entry.name).inserted {
      throw TensorFileError(
        path: path, offset: 0, expectation: "names that differ, not \"\(entry.name)\" twice")
    }
    var header = "{"
    var offset = 0
    for (i, entry) in tensors.enumerated() {
      let bytes = entry.tensor.count * entry.tensor.dtype.size
      let dtype = code(entry.tensor.dtype)
      let shape = entry.tensor.shape.map(String.init).joined(separator: ",")
      header += i == 0 ? "" : ","
      header += "\(quoted(entry.name)):{\"dtype\":\"\(dtype)\",\"shape\":[\(shape)],"
      header += "\"data_offsets\":[\(offset),\(offset + bytes)]}"
      offset += bytes
    }
    header += "}"
    // The numbers begin at a multiple of 8.
    while header.utf8.count % 8 != 0 { header += " " }
    let draft = "\(path).\(getpid()).part"
    guard let file = fopen(draft, "wb") else {
      throw TensorFileError(path: path, offset: 0, expectation: "a file that can be written")
    }
    var length = UInt64(header.utf8.count).littleEndian
    var written = fwrite(&length, 1, 8, file)
    written += fwrite(Array(header.utf8), 1, header.utf8.count, file)
    for entry in tensors {
      let x = entry.tensor.packed()
      written += fwrite(x.raw, 1, x.count * x.dtype.size, file)
    }
    let isWhole = fclose(file) == 0 && written == 8 + header.utf8.count + offset
    if !isWhole || rename(draft, path) != 0 {
      unlink(draft)
      throw TensorFileError(
        path: path, offset: isWhole ? 0 : written,
        expectation: isWhole ? "a file that can be replaced" : "room on the disk")
    }
  }

  /// Reads the tensors of a file, in the order of their numbers.
  ///
  /// - Throws: `TensorFileError` if the file is missing, malformed, cut short or too long.
  public static func load(_ path: String) throws(TensorFileError) -> [(
    name: String, tensor: Tensor
  )] {
    func fail(_ offset: Int, _ expectation: String) -> TensorFileError {
      TensorFileError(path: path, offset: offset, expectation: expectation)
    }
    guard let bytes = readFile(path) else { throw fail(0, "a file that can be read") }
    if bytes.count < 8 { throw fail(bytes.count, "8 bytes with the length of the header") }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[$1]) << UInt64(8 * $1) }
    if length > 100_000_000 || Int(length) > bytes.count - 8 {
      throw fail(0, "a header that fits the file of \(bytes.count) bytes, not \(length)")
    }
    let start = 8 + Int(length)
    var reader = HeaderReader(bytes: Array(bytes[8..<start]))
    guard let entries = reader.entries() else {
      throw fail(8 + reader.at, "\(reader.expectation) in the header")
    }
    var list: [(name: String, tensor: Tensor)] = []
    var end = 0
    for entry in entries.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      guard let dtype = dtype(entry.dtype) else {
        throw fail(8, "dtype BOOL, I64, F32 or F64 of '\(entry.name)', not \(entry.dtype)")
      }
      var count = 1
      let shape = entry.shape ?? []
      for size in shape {
        let (product, overflow) = count.multipliedReportingOverflow(by: size)
        if overflow || size < 0 || product > Int(Int32.max) {
          throw fail(8, "a shape of '\(entry.name)' that fits, not \(shape)")
        }
        count = product
      }
      if shape.count > Dims.capacity { throw fail(8, "at most 8 dims of '\(entry.name)'") }
      let size = count * dtype.size
      if entry.begin != end || entry.end < entry.begin || entry.end - entry.begin != size {
        throw fail(
          start + entry.begin,
          "\(size) bytes of '\(entry.name)' from \(end) on, "
            + "not \(entry.begin)..<\(entry.end)")
      }
      if entry.end > bytes.count - start {
        throw fail(
          bytes.count, "\(entry.end - (bytes.count - start)) more bytes of '\(entry.name)'")
      }
      let x = Tensor(empty: Dims(shape), dtype)
      bytes.withUnsafeBytes { source in
        if size > 0, let base = source.baseAddress {
          x.raw.copyMemory(from: base + start + entry.begin, byteCount: size)
        }
      }
      end = entry.end
      list.append((entry.name, x))
    }
    if start + end != bytes.count { throw fail(start + end, "the end of the file") }
    return list
  }

  private static func code(_ dtype: DType) -> String {
    switch dtype {
    case .bool: "BOOL"
    case .i64: "I64"
    case .f32: "F32"
    case .f64: "F64"
    }
  }

  private static func dtype(_ code: String) -> DType? {
    switch code {
    case "BOOL": .bool
    case "I64": .i64
    case "F32": .f32
    case "F64": .f64
    default: nil
    }
  }

  private static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case let s where s.value < 32:
        let hex = String(s.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}

/// The bytes of a file, or `nil` if it cannot be read.
func readFile(_ path: String) -> [UInt8]? {
  guard let file = fopen(path, "rb") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 18)
  while true {
    let n = fread(&buffer, 1, buffer.count, file)
    if n == 0 { return ferror(file) == 0 ? bytes : nil }
    bytes += buffer[..<n]
  }
}

extension Module {
  /// Writes all parameters and buffers to a safetensors file.
  ///
  /// - Throws: `TensorFileError` if the file cannot be written.
  public func save(to path: String) throws(TensorFileError) {
    try SafeTensors.save(state, to: path)
  }

  /// Overwrites all parameters and buffers with those of a safetensors file.
  ///
  /// - Throws: `TensorFileError` if the file is malformed or its names or shapes do not match.
  public func load(from path: String) throws(TensorFileError) {
    let found = try SafeTensors.load(path)
    let own = state
    func fail(_ expectation: String) -> TensorFileError {
      TensorFileError(path: path, offset: 8, expectation: expectation)
    }
    for (name, _) in found where !own.contains(where: { $0.name == name }) {
      throw fail("only tensors of the module, not '\(name)'")
    }
    for (name, tensor) in own {
      guard let source = found.first(where: { $0.name == name })?.tensor else {
        throw fail("a tensor '\(name)'")
      }
      if source.dims != tensor.dims {
        throw fail("'\(name)' of shape \(tensor.shape), not \(source.shape)")
      }
    }
    noGrad {
      for (name, tensor) in own {
        if let source = found.first(where: { $0.name == name })?.tensor { tensor.overwrite(source) }
      }
    }
  }
}
