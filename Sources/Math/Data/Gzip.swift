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
    var inflate = Inflate(bytes, at: start)
    let first = out.count
    try inflate.run(&out)
    at = inflate.byteOffset
    try need(at + 8 <= bytes.count, "a sum and a length")
    func word(_ i: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(bytes[i + $1]) << UInt32(8 * $1) }
    }
    try need(
      word(at + 4) == UInt32(truncatingIfNeeded: out.count - first), "the length of the data")
    try need(word(at) == checksum(out[first...]), "the sum of the data")
    at += 8
  } while at < bytes.count && bytes[at] == 0x1F
  return out
}

private func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  let table = (0..<256).map { n -> UInt32 in
    var c = UInt32(n)
    for _ in 0..<8 { c = c & 1 == 1 ? 0xEDB8_8320 ^ (c >> 1) : c >> 1 }
    return c
  }
  var c: UInt32 = 0xFFFF_FFFF
  for byte in bytes { c = table[Int((c ^ UInt32(byte)) & 0xFF)] ^ (c >> 8) }
  return c ^ 0xFFFF_FFFF
}

/// A code of variable length: symbols by the length of their words and their order.
private struct Huffman {
  var counts = [Int](repeating: 0, count: 16)
  var symbols: [Int] = []

  init(_ lengths: [Int]) {
    for length in lengths { counts[length] += 1 }
    counts[0] = 0
    var offsets = [Int](repeating: 0, count: 16)
    for i in 1..<15 { offsets[i + 1] = offsets[i] + counts[i] }
    symbols = [Int](repeating: 0, count: lengths.count)
    for (symbol, length) in lengths.enumerated() where length > 0 {
      symbols[offsets[length]] = symbol
      offsets[length] += 1
    }
  }
}

private struct Inflate {
  private let bytes: [UInt8]
  private var at: Int
  private var bits: UInt32 = 0
  private var held = 0

  init(_ bytes: [UInt8], at: Int) {
    self.bytes = bytes
    self.at = at
  }

  /// The first byte after the data.
  var byteOffset: Int { at - held / 8 }

  private func fail(_ expectation: String) -> GzipError {
    GzipError(offset: at, expectation: expectation)
  }

  private mutating func take(_ n: Int) throws(GzipError) -> Int {
    while held < n {
      if at >= bytes.count { throw fail("more compressed data") }
      bits |= UInt32(bytes[at]) << UInt32(held)
      at += 1
      held += 8
    }
    let value = Int(bits & (1 << UInt32(n) - 1))
    bits >>= UInt32(n)
    held -= n
    return value
  }

  private mutating func symbol(_ code: Huffman) throws(GzipError) -> Int {
    var word = 0
    var first = 0
    var index = 0
    for length in 1...15 {
      word |= try take(1)
      let count = code.counts[length]
      if word - count < first { return code.symbols[index + (word - first)] }
      index += count
      first = (first + count) << 1
      word <<= 1
    }
    throw fail("a word of the code")
  }

  mutating func run(_ out: inout [UInt8]) throws(GzipError) {
    let start = out.count
    var last = false
    while !last {
      last = try take(1) == 1
      switch try take(2) {
      case 0: try stored(&out)
      case 1:
        let lengths = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }
        try block(&out, start, Huffman(lengths), Huffman(Array(repeating: 5, count: 30)))
      case 2:
        let (literals, distances) = try codes()
        try block(&out, start, literals, distances)
      default: throw fail("a block of type 0, 1 or 2")
      }
    }
    at -= held / 8
    held = 0
    bits = 0
  }

  private mutating func stored(_ out: inout [UInt8]) throws(GzipError) {
    at -= held / 8
    (bits, held) = (0, 0)
    if at + 4 > bytes.count { throw fail("the length of a stored block") }
    let n = Int(bytes[at]) | Int(bytes[at + 1]) << 8
    let check = Int(bytes[at + 2]) | Int(bytes[at + 3]) << 8
    if n != ~check & 0xFFFF { throw fail("a length and its complement") }
    at += 4
    if at + n > bytes.count { throw fail("\(n) stored bytes") }
    out += bytes[at..<(at + n)]
    at += n
  }

  private mutating func codes() throws(GzipError) -> (Huffman, Huffman) {
    let literals = try take(5) + 257
    let distances = try take(5) + 1
    let n = try take(4) + 4
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    var lengths = [Int](repeating: 0, count: 19)
    for i in 0..<n { lengths[order[i]] = try take(3) }
    let code = Huffman(lengths)
    var all: [Int] = []
    while all.count < literals + distances {
      let s = try symbol(code)
      switch s {
      case 16:
        guard let previous = all.last else { throw fail("a length to repeat") }
        all += Array(repeating: previous, count: try take(2) + 3)
      case 17: all += Array(repeating: 0, count: try take(3) + 3)
      case 18: all += Array(repeating: 0, count: try take(7) + 11)
      default: all.append(s)
      }
    }
    if all.count != literals + distances { throw fail("\(literals + distances) lengths") }
    return (Huffman(Array(all[..<literals])), Huffman(Array(all[literals...])))
  }

  private mutating func block(
    _ out: inout [UInt8], _ start: Int, _ literals: Huffman, _ distances: Huffman
  ) throws(GzipError) {
    while true {
      let s = try symbol(literals)
      if s < 256 {
        out.append(UInt8(s))
        continue
      }
      if s == 256 { return }
      // Lengths 3…258 and distances 1…32768 in steps that double every few symbols.
      let k = s - 257
      if k > 28 { throw fail("a length symbol") }
      let length: Int
      if k < 8 {
        length = k + 3
      } else if k == 28 {
        length = 258
      } else {
        let extra = k / 4 - 1
        length = ((4 + k % 4) << extra) + 3 + (try take(extra))
      }
      let d = try symbol(distances)
      if d > 29 { throw fail("a distance symbol") }
      let distance: Int
      if d < 4 {
        distance = d + 1
      } else {
        let extra = d / 2 - 1
        distance = ((2 + d % 2) << extra) + 1 + (try take(extra))
      }
      if distance > out.count - start { throw fail("a distance within the data") }
      for _ in 0..<length { out.append(out[out.count - distance]) }
    }
  }
}
