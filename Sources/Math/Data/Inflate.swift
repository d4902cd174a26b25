/// A code of variable length as a table: for the next 15 bits the symbol and how many are its own.
private struct HuffmanTable {
  /// Symbol · 16 + length; 0 where no word begins so.
  let entries: [UInt16]

  init(_ lengths: [Int]) {
    var counts = [Int](repeating: 0, count: 16)
    for length in lengths { counts[length] += 1 }
    counts[0] = 0
    var next = [Int](repeating: 0, count: 17)
    for length in 1...15 { next[length + 1] = (next[length] + counts[length]) << 1 }
    var entries = [UInt16](repeating: 0, count: 1 << 15)
    for (symbol, length) in lengths.enumerated() where length > 0 {
      // Words are sent from their highest bit, all else from the lowest.
      var word = 0
      for bit in 0..<length where next[length] >> bit & 1 == 1 { word |= 1 << (length - 1 - bit) }
      next[length] += 1
      while word < 1 << 15 {
        entries[word] = UInt16(symbol << 4 | length)
        word += 1 << length
      }
    }
    self.entries = entries
  }
}

/// Decompresses DEFLATE data.
///
/// Source: Deutsch, RFC 1951, 1996.
struct Inflate {
  private let bytes: [UInt8]
  private var at: Int
  private var bits: UInt64 = 0
  private var held = 0

  init(_ bytes: [UInt8], at: Int) {
    self.bytes = bytes
    self.at = at
  }

  /// The first byte after the data.
  var byteOffset: Int { at - held / 8 }

  private func fail(_ expectation: String) -> GzipError {
    GzipError(offset: Swift.min(at, bytes.count), expectation: expectation)
  }

  /// Holds 48 bits or more, zeros beyond the end.
  @inline(__always)
  private mutating func fill() {
    while held <= 48 {
      if at < bytes.count { bits |= UInt64(bytes[at]) << UInt64(held) }
      at &+= 1
      held &+= 8
    }
  }

  @inline(__always)
  private mutating func drop(_ n: Int) throws(GzipError) {
    bits >>= UInt64(n)
    held &-= n
    if at &- held / 8 > bytes.count { throw fail("more compressed data") }
  }

  @inline(__always)
  private mutating func take(_ n: Int) throws(GzipError) -> Int {
    fill()
    let value = Int(bits & (1 << UInt64(n) - 1))
    try drop(n)
    return value
  }

  @inline(__always)
  private mutating func symbol(_ code: HuffmanTable) throws(GzipError) -> Int {
    fill()
    let entry = Int(code.entries[Int(bits & 0x7FFF)])
    if entry & 15 == 0 { throw fail("a word of the code") }
    try drop(entry & 15)
    return entry >> 4
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
        try block(
          &out, start, HuffmanTable(lengths), HuffmanTable(Array(repeating: 5, count: 30)))
      case 2:
        let (literals, distances) = try codes()
        try block(&out, start, literals, distances)
      default: throw fail("a block of type 0, 1 or 2")
      }
    }
    at -= held / 8
    (bits, held) = (0, 0)
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

  private mutating func codes() throws(GzipError) -> (HuffmanTable, HuffmanTable) {
    let literals = try take(5) + 257
    let distances = try take(5) + 1
    let n = try take(4) + 4
    let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    var lengths = [Int](repeating: 0, count: 19)
    for i in 0..<n { lengths[order[i]] = try take(3) }
    let code = HuffmanTable(lengths)
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
    return (HuffmanTable(Array(all[..<literals])), HuffmanTable(Array(all[literals...])))
  }

  private mutating func block(
    _ out: inout [UInt8], _ start: Int, _ literals: HuffmanTable, _ distances: HuffmanTable
  ) throws(GzipError) {
    while true {
      let s = try symbol(literals)
      if s < 256 {
        out.append(UInt8(truncatingIfNeeded: s))
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
      var from = out.count - distance
      for _ in 0..<length {
        out.append(out[from])
        from &+= 1
      }
    }
  }
}
