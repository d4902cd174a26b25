/// What is wrong with a gzip file.
public struct GzipError: Error, CustomStringConvertible, Sendable {
  /// The byte where reading stopped.
  public let offset: Int
  /// What was expected there.
  public let expectation: String
  /// Both, in one sentence.
  public var description: String { "gzip: expected \(expectation) at byte \(offset)" }
}

/// Decompresses a gzip file and checks its sum.
///
/// Source: Deutsch, RFC 1951 (DEFLATE) and RFC 1952 (gzip), 1996.
///
/// - Throws: `GzipError` with the offset and what was expected there.
public func gunzip(_ bytes: [UInt8]) throws(GzipError) -> [UInt8] {
  var out: [UInt8] = []
  var at = 0
  repeat {
    func need(_ condition: Bool, _ expectation: String) throws(GzipError) {
      if !condition { throw GzipError(offset: at, expectation: expectation) }
    }
    try need(at + 18 <= bytes.count, "a header of 18 bytes or more")
    try need(bytes[at] == 0x1F && bytes[at + 1] == 0x8B && bytes[at + 2] == 8, "the marks 1f 8b 08")
    func word(_ i: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(bytes[i + $1]) << UInt32(8 * $1) }
    }
    let flags = bytes[at + 3]
    var start = at + 10
    if flags & 4 != 0 {
      try need(start + 2 <= bytes.count, "an extra field")
      start += 2 + Int(bytes[start]) + Int(bytes[start + 1]) << 8
    }
    for flag in [UInt8(8), 16] where flags & flag != 0 {
      while start < bytes.count && bytes[start] != 0 { start += 1 }
      start += 1
    }
    if flags & 2 != 0 { start += 2 }
    try need(start < bytes.count, "compressed data")
    let first = out.count
    // The last four bytes hold the length, if there is one member: a guess that saves copying.
    out.reserveCapacity(first + Int(word(bytes.count - 4)) & 0x3FFF_FFFF)
    var inflate = Inflate(bytes, at: start)
    try inflate.run(&out)
    at = inflate.byteOffset
    try need(at + 8 <= bytes.count, "a sum and a length")
    try need(
      word(at + 4) == UInt32(truncatingIfNeeded: out.count - first), "the length of the data")
    try need(word(at) == checksum(out[first...]), "the sum of the data")
    at += 8
  } while at < bytes.count && bytes[at] == 0x1F
  return out
}

private func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  var table = [UInt32](repeating: 0, count: 256)
  for n in 0..<256 {
    var c = UInt32(n)
    for _ in 0..<8 { c = c & 1 == 1 ? 0xEDB8_8320 ^ (c >> 1) : c >> 1 }
    table[n] = c
  }
  var c: UInt32 = 0xFFFF_FFFF
  bytes.withUnsafeBufferPointer { source in
    table.withUnsafeBufferPointer { table in
      for byte in source { c = table[Int((c ^ UInt32(byte)) & 0xFF)] ^ (c >> 8) }
    }
  }
  return c ^ 0xFFFF_FFFF
}
