/// One position of a subscript: a number, a range, `.all` or `.new`.
public protocol TensorIndexing {
  /// What the position selects.
  var tensorIndex: TensorIndex { get }
}

/// What one position of a subscript selects.
public struct TensorIndex: TensorIndexing, Sendable {
  enum Kind {
    case one(Int)
    case range(Int?, Int?, Int)
    case new
  }
  let kind: Kind
  /// This index.
  public var tensorIndex: TensorIndex { self }
}

extension TensorIndexing where Self == TensorIndex {
  /// The whole dimension: Python's `:`.
  public static var all: TensorIndex { TensorIndex(kind: .range(nil, nil, 1)) }
  /// A new dimension of size 1: Python's `None`.
  public static var new: TensorIndex { TensorIndex(kind: .new) }
  /// Python's `start:end:step`.
  ///
  /// - Parameters:
  ///   - start: The first slice; negative counts from the end, and `nil` begins with the first of
  ///     all.
  ///   - end: The bound, not itself taken; negative counts from the end, and `nil` goes to the
  ///     last.
  ///   - step: How far slices are apart, 1 or more.
  public static func range(_ start: Int? = nil, _ end: Int? = nil, step: Int = 1) -> TensorIndex {
    TensorIndex(kind: .range(start, end, step))
  }
}

extension Int: TensorIndexing {
  /// The slice of this number; negative counts from the end.
  public var tensorIndex: TensorIndex { TensorIndex(kind: .one(self)) }
}
extension Range: TensorIndexing where Bound == Int {
  /// The slices of this range.
  public var tensorIndex: TensorIndex { TensorIndex(kind: .range(lowerBound, upperBound, 1)) }
}
extension ClosedRange: TensorIndexing where Bound == Int {
  /// The slices of this range.
  public var tensorIndex: TensorIndex {
    TensorIndex(kind: .range(lowerBound, upperBound == -1 ? nil : upperBound + 1, 1))
  }
}
extension PartialRangeFrom: TensorIndexing where Bound == Int {
  /// The slices from this one on.
  public var tensorIndex: TensorIndex { TensorIndex(kind: .range(lowerBound, nil, 1)) }
}
extension PartialRangeUpTo: TensorIndexing where Bound == Int {
  /// The slices before this one.
  public var tensorIndex: TensorIndex { TensorIndex(kind: .range(nil, upperBound, 1)) }
}
extension PartialRangeThrough: TensorIndexing where Bound == Int {
  /// The slices up to this one.
  public var tensorIndex: TensorIndex {
    TensorIndex(kind: .range(nil, upperBound == -1 ? nil : upperBound + 1, 1))
  }
}

extension Tensor {
  /// The part that one position selects: `x[0]`, `x[1...]`; setting it changes this tensor.
  ///
  /// - Parameter a: A number, which takes its dimension away, a range, `.all` or `.new`.
  /// - Precondition: The positions exist; what is set broadcasts to the part.
  public subscript<A: TensorIndexing>(
    a: A, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    get { part([a.tensorIndex], file, line) }
    set { part([a.tensorIndex], file, line).overwrite(newValue, file: file, line: line) }
  }

  /// The part that two positions select: `x[.all, 0]`.
  ///
  /// - Parameters:
  ///   - a: The first position: a number, which takes its dimension away, a range, `.all` or
  ///     `.new`.
  ///   - b: The position in the next dimension, likewise.
  /// - Precondition: As for one position.
  public subscript<A: TensorIndexing, B: TensorIndexing>(
    a: A, b: B, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    get { part([a.tensorIndex, b.tensorIndex], file, line) }
    set {
      part([a.tensorIndex, b.tensorIndex], file, line).overwrite(newValue, file: file, line: line)
    }
  }

  /// The part that three positions select.
  ///
  /// - Parameters:
  ///   - a: The first position: a number, which takes its dimension away, a range, `.all` or
  ///     `.new`.
  ///   - b: The position in the next dimension, likewise.
  ///   - c: The position in the one after.
  /// - Precondition: As for one position.
  public subscript<A: TensorIndexing, B: TensorIndexing, C: TensorIndexing>(
    a: A, b: B, c: C, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    get { part([a.tensorIndex, b.tensorIndex, c.tensorIndex], file, line) }
    set {
      part([a.tensorIndex, b.tensorIndex, c.tensorIndex], file, line)
        .overwrite(newValue, file: file, line: line)
    }
  }

  /// The part that four positions select.
  ///
  /// - Parameters:
  ///   - a: The first position: a number, which takes its dimension away, a range, `.all` or
  ///     `.new`.
  ///   - b: The position in the next dimension, likewise.
  ///   - c: The position in the one after.
  ///   - d: The position in the one after that.
  /// - Precondition: As for one position.
  public subscript<A: TensorIndexing, B: TensorIndexing, C: TensorIndexing, D: TensorIndexing>(
    a: A, b: B, c: C, d: D, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    get { part([a.tensorIndex, b.tensorIndex, c.tensorIndex, d.tensorIndex], file, line) }
    set {
      part([a.tensorIndex, b.tensorIndex, c.tensorIndex, d.tensorIndex], file, line)
        .overwrite(newValue, file: file, line: line)
    }
  }

  /// The elements where a bool mask is true, in one dimension, or the slices of dim 0 that an
  /// integer tensor names.
  ///
  /// - Precondition: A mask broadcasts; numbers name slices that there are. Only masks are set.
  public subscript(
    index: Tensor, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    get {
      index.dtype == .bool
        ? maskedSelected(index, file: file, line: line) : selected(rows: index, file, line)
    }
    set {
      require(
        index.dtype == .bool,
        "x[index] = … needs a bool mask, got \(index.dtype); compare first, as in x .> 0",
        file: file, line: line)
      let changed = noGrad { `where`(index, newValue.to(dtype), self, file: file, line: line) }
      overwrite(changed, file: file, line: line)
    }
  }

  private func part(
    _ positions: [TensorIndex], _ file: StaticString, _ line: UInt
  ) -> Tensor {
    var x = self
    var dim = 0
    for position in positions {
      switch position.kind {
      case .one(let i): x = x.selected(dim: dim, index: i, file: file, line: line)
      case .range(let start, let end, let step):
        x = x.sliced(dim: dim, from: start, to: end, step: step, file: file, line: line)
        dim += 1
      case .new:
        x = x.unsqueezed(dim: dim, file: file, line: line)
        dim += 1
      }
    }
    return x
  }

  private func selected(rows index: Tensor, _ file: StaticString, _ line: UInt) -> Tensor {
    let n = rank == 0 ? 0 : dims[0]
    let flat = index.flattened()
    let counted = noGrad { `where`(flat .< 0, flat + n, flat) }
    let rows = indexSelected(dim: 0, index: counted, file: file, line: line)
    return index.rank == 1 ? rows : rows.reshaped(index.shape + shape.dropFirst())
  }
}
