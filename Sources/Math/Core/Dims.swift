/// Up to eight sizes or strides, held inline so that no operation allocates an array for them.
struct Dims: Equatable {
  static let capacity = 8

  private var values: InlineArray<8, Int32>
  private(set) var rank: Int

  @inline(__always)
  init() {
    values = InlineArray(repeating: 0)
    rank = 0
  }

  @inline(__always)
  init(_ list: [Int]) {
    self.init()
    for value in list { append(value) }
  }

  @inline(__always)
  init(repeating value: Int, count: Int) {
    self.init()
    for _ in 0..<count { append(value) }
  }

  @inline(__always)
  subscript(i: Int) -> Int {
    get { Int(values[i]) }
    set { values[i] = Int32(truncatingIfNeeded: newValue) }
  }

  @inline(__always)
  mutating func append(_ value: Int) {
    if rank >= Dims.capacity || value > Int(Int32.max) {
      refuse(
        rank >= Dims.capacity
          ? "tensors have at most \(Dims.capacity) dimensions"
          : "size \(value) is too large; flatten some, or take a part")
    }
    values[rank] = Int32(truncatingIfNeeded: value)
    rank &+= 1
  }

  mutating func remove(at i: Int) {
    for k in i..<(rank - 1) { values[k] = values[k + 1] }
    rank -= 1
    values[rank] = 0
  }

  mutating func insert(_ value: Int, at i: Int) {
    append(0)
    var k = rank - 1
    while k > i {
      values[k] = values[k - 1]
      k -= 1
    }
    self[i] = value
  }

  @inline(__always)
  static func == (a: Dims, b: Dims) -> Bool {
    // Beyond the rank all are 0.
    let (x, y) = (a.words, b.words)
    return a.rank == b.rank
      && ((x.0 ^ y.0) | (x.1 ^ y.1) | (x.2 ^ y.2) | (x.3 ^ y.3)) == 0
  }

  /// The values two by two: the comparison of `SIMD8` takes them one by one, through memory.
  @inline(__always)
  private var words: (UInt64, UInt64, UInt64, UInt64) {
    unsafeBitCast(values, to: (UInt64, UInt64, UInt64, UInt64).self)
  }

  /// Whether all are 0, as the strides of one number shown many times.
  @inline(__always)
  var areZero: Bool {
    let x = words
    return (x.0 | x.1 | x.2 | x.3) == 0
  }

  /// The product of the sizes: 1 for a 0-d tensor.
  @inline(__always)
  var product: Int {
    var p = 1
    var i = 0
    while i < rank {
      p = p &* Int(values[i])
      i &+= 1
    }
    return p
  }

  var array: [Int] { (0..<rank).map { self[$0] } }

  /// Row-major strides of a tensor of these sizes.
  @inline(__always)
  var rowMajorStrides: Dims {
    var s = Dims()
    s.rank = rank
    var step = 1
    var i = rank &- 1
    while i >= 0 {
      s[i] = step
      step = step &* max(1, self[i])
      i &-= 1
    }
    return s
  }

  /// Whether these strides walk a tensor of `sizes` in row-major order without gaps.
  @inline(__always)
  func areRowMajor(for sizes: Dims) -> Bool {
    var step = 1
    var i = rank &- 1
    while i >= 0 {
      let n = sizes[i]
      if n == 0 { return true }
      if n != 1 && self[i] != step { return false }
      step = step &* n
      i &-= 1
    }
    return true
  }

  /// The shape both broadcast to, or `nil`.
  @inline(__always)
  static func broadcast(_ a: Dims, _ b: Dims) -> Dims? {
    if a == b { return a }
    let rank = max(a.rank, b.rank)
    var out = Dims()
    var i = 0
    while i < rank {
      let ia = i &- (rank &- a.rank)
      let ib = i &- (rank &- b.rank)
      let x = ia >= 0 ? a[ia] : 1
      let y = ib >= 0 ? b[ib] : 1
      if x == y || y == 1 {
        out.append(x)
      } else if x == 1 {
        out.append(y)
      } else {
        return nil
      }
      i &+= 1
    }
    return out
  }

  /// Strides that show a tensor of `sizes` and these strides as one of shape `target`.
  @inline(__always)
  func broadcast(from sizes: Dims, to target: Dims) -> Dims {
    var out = Dims(repeating: 0, count: target.rank)
    let shift = target.rank &- sizes.rank
    var i = 0
    while i < sizes.rank {
      out[i &+ shift] = sizes[i] == 1 && target[i &+ shift] != 1 ? 0 : self[i]
      i &+= 1
    }
    return out
  }
}

// Cells see what is internal, too: `x.strides` shall read well.
extension Dims: CustomStringConvertible {
  var description: String { array.description }
}
