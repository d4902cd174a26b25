import CMathKernels

/// A tensor: numbers of one type in a shape of up to eight dimensions.
///
/// A reference, as in PyTorch: two names for one tensor see the same numbers, and so do views
/// (`transposed`, slices, `reshaped` of contiguous tensors). Operations make new tensors; names
/// without `-ed`, such as `fill(_:)`, change one in place.
///
/// Operations on tensors that require a gradient are recorded: each result keeps its inputs and
/// how to pass a gradient on to them, until `backward()` or until the result is dropped. One
/// thread at a time may use a tensor.
public final class Tensor {
  /// How a result passes its gradient to its inputs: the result, then the gradient of it.
  typealias Pullback = (_ y: Tensor, _ g: Tensor) -> Void

  /// The first element.
  let raw: UnsafeMutableRawPointer
  /// The tensor whose memory this one shows; `nil` if it owns its block.
  let base: Tensor?
  /// The class of the block owned; negative for a view.
  private let sizeClass: Int
  let dims: Dims
  let strides: Dims
  /// The number of elements.
  public let count: Int
  /// The type of the elements.
  public let dtype: DType
  /// Whether the elements lie in row-major order without gaps.
  public let isContiguous: Bool

  // What autodiff keeps. Up to three inputs stand inline, so that recording allocates nothing else.
  var needsGradient = false
  /// Whether a backward pass has released what this result kept.
  var isReleased = false
  var retains = false
  var isWanted = false
  var pullback: Pullback?
  var in0 = Input()
  var in1 = Input()
  var in2 = Input()
  var more: [Tensor]?
  /// A number that the pullback needs, such as the factor of a product.
  var scalar = 0.0
  /// The sum of the inputs' versions when this was recorded.
  var seenVersion: Int32 = 0
  /// How often the memory owned has been changed in place.
  var version: Int32 = 0
  /// How many results of the pass at hand have yet to pass their gradients here.
  var waiting: Int32 = 0
  var visit: Int32 = 0
  var pending: Tensor?
  var storedGrad: Tensor?

  /// A new tensor whose elements are not yet set.
  @inline(__always)
  init(empty dims: Dims, _ dtype: DType) {
    self.dims = dims
    strides = dims.rowMajorStrides
    count = dims.product
    self.dtype = dtype
    isContiguous = true
    base = nil
    sizeClass = BlockPool.sizeClass(bytes: count &* dtype.size)
    raw = BlockPool.take(sizeClass)
  }

  /// A new tensor of the shape of another, whose elements are not yet set.
  @inline(__always)
  init(emptyLike x: Tensor, _ dtype: DType) {
    dims = x.dims
    // Who owns its block is packed.
    strides = x.base == nil ? x.strides : x.dims.rowMajorStrides
    count = x.count
    self.dtype = dtype
    isContiguous = true
    base = nil
    sizeClass = BlockPool.sizeClass(bytes: count &* dtype.size)
    raw = BlockPool.take(sizeClass)
  }

  /// Another view of a tensor's memory.
  @inline(__always)
  init(view of: Tensor, offset: Int, dims: Dims, strides: Dims) {
    self.dims = dims
    self.strides = strides
    count = dims.product
    dtype = of.dtype
    isContiguous = strides.areRowMajor(for: dims)
    base = of.base ?? of
    sizeClass = -1
    raw = of.raw + offset &* of.dtype.size
  }

  deinit {
    if pullback != nil { releaseInputs() }
    if sizeClass >= 0 { BlockPool.give(raw, sizeClass) }
  }

  /// Drops the inputs without recursing once an input for each of thousands of operations.
  private func releaseInputs() {
    let state = k_thread_state().unsafelyUnwrapped
    state.pointee.releaseDepth += 1
    if state.pointee.releaseDepth < 200 {
      in0.drop()
      in1.drop()
      in2.drop()
      more = nil
      pullback = nil
    } else {
      // Deep in a chain: take it apart from here, one uniquely held tensor after another.
      var list: [Tensor] = []
      takeInputs(&list)
      while var next = list.popLast() {
        if isKnownUniquelyReferenced(&next) { next.takeInputs(&list) }
      }
    }
    state.pointee.releaseDepth -= 1
  }

  func takeInputs(_ list: inout [Tensor]) {
    if let x = in0.take() { list.append(x.takeRetainedValue()) }
    if let x = in1.take() { list.append(x.takeRetainedValue()) }
    if let x = in2.take() { list.append(x.takeRetainedValue()) }
    if let more { list.append(contentsOf: more) }
    more = nil
    pullback = nil
  }

  /// The sizes of the dimensions; `[]` for a 0-d tensor.
  public var shape: [Int] { dims.array }

  /// The number of dimensions.
  public var rank: Int { dims.rank }

  /// Whether there are no dimensions, and so one element.
  public var isScalar: Bool { dims.rank == 0 }

  /// Whether this tensor was made by the caller and not by a recorded operation.
  public var isLeaf: Bool { pullback == nil }

  // Typed pointers to the first element, for kernels.
  @inline(__always)
  var f32: UnsafeMutablePointer<Float> { raw.assumingMemoryBound(to: Float.self) }
  @inline(__always)
  var f64: UnsafeMutablePointer<Double> { raw.assumingMemoryBound(to: Double.self) }
  @inline(__always)
  var i64: UnsafeMutablePointer<Int> { raw.assumingMemoryBound(to: Int.self) }
  @inline(__always)
  var bool: UnsafeMutablePointer<Bool> { raw.assumingMemoryBound(to: Bool.self) }
  @inline(__always)
  func pointer<T>(_ type: T.Type) -> UnsafeMutablePointer<T> { raw.assumingMemoryBound(to: type) }

  /// Notes that the elements have been changed, so that a pullback that needs the old ones refuses.
  @inline(__always)
  func noteChange() {
    let owner = base ?? self
    owner.version &+= 1
  }

  @inline(__always)
  var currentVersion: Int32 { base?.version ?? version }

  /// The dimension counted from the first, for one that may be counted from the last.
  @inline(__always)
  func resolve(
    _ dim: Int, _ function: StaticString, _ file: StaticString, _ line: UInt, extra: Int = 0
  ) -> Int {
    let n = Swift.max(rank &+ extra, 1)
    if dim < -n || dim >= n {
      refuse(
        "\(function) needs a dim in \(-n)...\(n - 1) for shape \(shape), got \(dim); "
          + "count from 0, or from -1 backwards", file: file, line: line)
    }
    return dim < 0 ? dim &+ n : dim
  }

  /// This tensor, or a copy of it in row-major order; not recorded.
  @inline(__always)
  func packed() -> Tensor { isContiguous ? self : copyPacked() }

  @inline(never)
  private func copyPacked() -> Tensor {
    let out = Tensor(empty: dims, dtype)
    pack(self, into: out)
    return out
  }
}
