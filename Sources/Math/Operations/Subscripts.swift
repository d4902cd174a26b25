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
  public subscript<A: TensorIndexing>(a: A) -> Tensor {
    get { part([a.tensorIndex]) }
    set { part([a.tensorIndex]).overwrite(newValue) }
  }

  /// The part that two positions select: `x[.all, 0]`.
  public subscript<A: TensorIndexing, B: TensorIndexing>(a: A, b: B) -> Tensor {
    get { part([a.tensorIndex, b.tensorIndex]) }
    set { part([a.tensorIndex, b.tensorIndex]).overwrite(newValue) }
  }

  /// The part that three positions select.
  public subscript<A: TensorIndexing, B: TensorIndexing, C: TensorIndexing>(
    a: A, b: B, c: C
  ) -> Tensor {
    get { part([a.tensorIndex, b.tensorIndex, c.tensorIndex]) }
    set { part([a.tensorIndex, b.tensorIndex, c.tensorIndex]).overwrite(newValue) }
  }

  /// The part that four positions select.
  public subscript<A: TensorIndexing, B: TensorIndexing, C: TensorIndexing, D: TensorIndexing>(
    a: A, b: B, c: C, d: D
  ) -> Tensor {
    get { part([a.tensorIndex, b.tensorIndex, c.tensorIndex, d.tensorIndex]) }
    set { part([a.tensorIndex, b.tensorIndex, c.tensorIndex, d.tensorIndex]).overwrite(newValue) }
  }

  /// The elements where a bool mask is true, in one dimension, or the slices of dim 0 that an
  /// integer tensor names.
  public subscript(index: Tensor) -> Tensor {
    get { index.dtype == .bool ? maskedSelected(index) : selected(rows: index) }
    set {
      require(
        index.dtype == .bool, "x[index] = … needs a bool mask, got \(index.dtype); compare first")
      overwrite(noGrad { `where`(index, newValue.to(dtype), self) })
    }
  }

  private func part(_ positions: [TensorIndex]) -> Tensor {
    var x = self
    var dim = 0
    for position in positions {
      switch position.kind {
      case .one(let i): x = x.selected(dim: dim, index: i)
      case .range(let start, let end, let step):
        x = x.sliced(dim: dim, from: start, to: end, step: step)
        dim += 1
      case .new:
        x = x.unsqueezed(dim: dim)
        dim += 1
      }
    }
    return x
  }

  private func selected(rows index: Tensor) -> Tensor {
    let n = rank == 0 ? 0 : dims[0]
    let flat = index.flattened()
    let counted = noGrad { `where`(flat .< 0, flat + n, flat) }
    let rows = indexSelected(dim: 0, index: counted)
    return index.rank == 1 ? rows : rows.reshaped(index.shape + shape.dropFirst())
  }
}
