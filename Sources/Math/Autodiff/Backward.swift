import CMathKernels

/// One walk from results back to what they were computed from.
///
/// First the results reachable are found and the gradients each will receive are counted; then each
/// passes its gradient on when it has received all. No order has to be sorted, and gradients go back
/// to the pool as soon as they are used.
enum BackwardPass {
  // Marks of earlier passes differ from this one's; the tape belongs to one thread at a time.
  nonisolated(unsafe) private static var visits: Int32 = 0

  static func run(
    _ roots: [(Tensor, Tensor)], createGraph: Bool, retainGraph: Bool, capture: [Tensor]?,
    _ file: StaticString, _ line: UInt
  ) -> [Tensor?] {
    visits &+= 1
    let visit = visits
    // Results on their way: kept by those that were computed from them, and by the caller.
    var stack: [Unmanaged<Tensor>] = []
    stack.reserveCapacity(32)
    for (root, _) in roots where root.visit != visit {
      root.visit = visit
      root.waiting = 0
      stack.append(.passUnretained(root))
    }
    while let next = stack.popLast() {
      next._withUnsafeGuaranteedRef { y in
        if y.isReleased {
          refuse(
            "backward has already passed through this result and released it; "
              + "compute it again, or pass retainGraph: true the first time", file: file,
            line: line)
        }
        if y.pullback == nil { return }
        visitInputs(of: y) { x in
          if x.visit != visit {
            x.visit = visit
            x.waiting = 1
            stack.append(.passUnretained(x))
          } else {
            x.waiting &+= 1
          }
        }
      }
    }
    if let capture { for x in capture { x.isWanted = true } }
    var captured: [ObjectIdentifier: Tensor] = [:]
    recording(createGraph) {
      // From here on the stack owns what is on it: its last owner may be released meanwhile.
      for (root, seed) in roots { root.receive(seed) }
      for (root, _) in roots where root.waiting == 0 && root.visit == visit {
        root.visit = visit &- 1  // once, even if given twice
        stack.append(.passRetained(root))
      }
      while let next = stack.popLast() {
        next._withUnsafeGuaranteedRef { y in
          if let g = y.pending.take() {
            if y.isWanted { captured[ObjectIdentifier(y)] = g }
            pass(g, through: y, stores: capture == nil, file, line)
          }
          if y.pullback == nil { return }
          if retainGraph {
            visitInputs(of: y) { x in
              x.waiting &-= 1
              if x.waiting == 0 { stack.append(.passRetained(x)) }
            }
          } else {
            release(y, &stack)
          }
        }
        next.release()
      }
    }
    guard let capture else { return [] }
    return capture.map { x in
      x.isWanted = false
      return captured[ObjectIdentifier(x)]
    }
  }

  @inline(__always)
  private static func visitInputs(of y: Tensor, _ body: (Tensor) -> Void) {
    y.in0.use { if $0.needsGradient { body($0) } }
    y.in1.use { if $0.needsGradient { body($0) } }
    y.in2.use { if $0.needsGradient { body($0) } }
    if let more = y.more { for x in more where x.needsGradient { body(x) } }
  }

  /// Sends a gradient that is complete on to a result's inputs; adds a leaf's to its `grad` if `stores`.
  private static func pass(
    _ g: consuming Tensor, through y: Tensor, stores: Bool, _ file: StaticString, _ line: UInt
  ) {
    if let pullback = y.pullback {
      check(y, file, line)
      pullback(y, g)
      if !y.retains { return }
    }
    if stores { y.store(g) }
  }

  /// Drops what a result kept, and puts inputs that have received all onto the stack.
  private static func release(_ y: Tensor, _ stack: inout [Unmanaged<Tensor>]) {
    y.isReleased = true
    y.pullback = nil
    pass(&y.in0, &stack)
    pass(&y.in1, &stack)
    pass(&y.in2, &stack)
    if let more = y.more {
      y.more = nil
      for x in more where x.needsGradient {
        x.waiting &-= 1
        if x.waiting == 0 { stack.append(.passRetained(x)) }
      }
    }
  }

  @inline(__always)
  private static func pass(_ input: inout Input, _ stack: inout [Unmanaged<Tensor>]) {
    guard let x = input.take() else { return }
    let isReady = x._withUnsafeGuaranteedRef { x in
      if !x.needsGradient { return false }
      x.waiting &-= 1
      return x.waiting == 0
    }
    if isReady { stack.append(x) } else { x.release() }
  }

  private static func check(_ y: Tensor, _ file: StaticString, _ line: UInt) {
    if y.seenVersion < 0 { return }
    var version: Int32 = 0
    y.in0.use { version &+= $0.currentVersion }
    y.in1.use { version &+= $0.currentVersion }
    y.in2.use { version &+= $0.currentVersion }
    if let more = y.more { for x in more { version &+= x.currentVersion } }
    if version != y.seenVersion {
      refuse(
        "backward needs a tensor that was changed in place after a result was computed from it; "
          + "change it after backward(), or use the operation that returns a new tensor",
        file: file, line: line)
    }
  }
}

extension Tensor {
  /// Adds a gradient to `grad`, in memory of its own.
  fileprivate func store(_ gradient: consuming Tensor) {
    if let old = storedGrad {
      storedGrad = old + gradient
    } else {
      storedGrad =
        gradient.base == nil && gradient.isContiguous && gradient.storedGrad == nil
          && Tensor.isSole(&gradient) ? gradient : gradient.copied()
    }
  }

  private static func isSole(_ x: inout Tensor) -> Bool { isKnownUniquelyReferenced(&x) }

  /// Computes the gradient of this tensor for every leaf that it was computed from, and adds each
  /// to the leaf's `grad`.
  ///
  ///     let x = Tensor([1, 2, 3], requiresGrad: true)
  ///     (x * x).sum().backward()
  ///     x.grad  // tensor([2., 4., 6.])
  ///
  /// - Parameters:
  ///   - gradient: The gradient to start from, of this tensor's shape; 1 for a single element.
  ///   - retainGraph: Keeps what was recorded, so that backward may pass again.
  ///   - createGraph: Records the pass itself, for gradients of gradients.
  /// - Precondition: This tensor requires a gradient, and has one element if `gradient` is absent.
  public func backward(
    gradient: Tensor? = nil, retainGraph: Bool = false, createGraph: Bool = false,
    file: StaticString = #file, line: UInt = #line
  ) {
    _ = BackwardPass.run(
      [(self, seed(gradient, file, line))], createGraph: createGraph,
      retainGraph: retainGraph || createGraph, capture: nil, file, line)
  }

  func seed(_ gradient: Tensor?, _ file: StaticString, _ line: UInt) -> Tensor {
    require(
      needsGradient,
      "backward needs a result of a tensor with requiresGrad: true, got one without; "
        + "set x.requiresGrad = true before computing, and compute outside noGrad", file: file,
      line: line)
    guard let gradient else {
      require(
        count == 1,
        "backward needs a single element or a gradient, got shape \(shape); "
          + "reduce with sum() or mean(), or pass gradient:", file: file, line: line)
      return Tensor.full(dims, 1, dtype)
    }
    require(
      gradient.dims == dims,
      "backward needs a gradient of shape \(shape), got \(gradient.shape); reshape it",
      file: file, line: line)
    return gradient.dtype == dtype ? gradient : gradient.cast(to: dtype)
  }

  /// The gradient that `backward()` has added up here; `nil` before the first.
  public var grad: Tensor? {
    get { storedGrad }
    set {
      if let newValue {
        require(
          newValue.dims == dims, "grad needs shape \(shape), got \(newValue.shape); reshape it")
      }
      storedGrad = newValue
    }
  }

  /// Whether operations on this tensor are recorded, so that gradients for it exist.
  ///
  /// - Precondition: Set on leaves of a floating-point dtype only.
  public var requiresGrad: Bool {
    get { needsGradient }
    set {
      require(
        !newValue || dtype.isFloatingPoint,
        "requiresGrad needs a floating-point tensor, got \(dtype); convert with to(.f32)")
      require(
        isLeaf || newValue == needsGradient,
        "requiresGrad is set on leaves, and this is a recorded result; use detach()")
      needsGradient = newValue
    }
  }

  /// Makes `backward()` keep the gradient of this recorded result in `grad` too.
  public func retainGrad() { retains = true }

  /// Forgets the gradient.
  public func zeroGrad() { storedGrad = nil }

  /// The same elements, in the same memory, without what was recorded.
  public func detach() -> Tensor {
    Tensor(view: self, offset: 0, dims: dims, strides: strides)
  }
}

/// Passes gradients back from several results at once (PyTorch: `torch.autograd.backward`).
///
/// What the results share is passed through once, with the sum of what arrives there.
///
/// - Parameters:
///   - outputs: Results of tensors that require a gradient.
///   - gradients: The gradient to start from for each, of its shape.
///   - retainGraph: Keeps what was recorded, for another pass.
///   - createGraph: Records the pass, so that the gradients may be differentiated in turn.
/// - Precondition: A gradient an output, and every output requires one.
public func backward(
  of outputs: [Tensor], gradients: [Tensor], retainGraph: Bool = false, createGraph: Bool = false,
  file: StaticString = #file, line: UInt = #line
) {
  require(
    outputs.count == gradients.count,
    "backward needs a gradient an output, got \(gradients.count) for \(outputs.count); pair them",
    file: file, line: line)
  let roots = zip(outputs, gradients).map { ($0, $0.seed($1, file, line)) }
  _ = BackwardPass.run(
    roots, createGraph: createGraph, retainGraph: retainGraph || createGraph, capture: nil, file,
    line)
}

/// Returns the gradients of `output` with respect to `inputs` and leaves every `grad` as it is.
///
/// - Parameters:
///   - output: The result, of one element unless `gradient` is given.
///   - inputs: Leaves or recorded results that `output` was computed from.
///   - gradient: The gradient to start from, of the shape of `output`; 1 for a single element.
///   - retainGraph: Keeps what was recorded, so that another pass may follow.
///   - createGraph: Records the pass, so that the gradients may be differentiated in turn.
/// - Returns: A gradient an input; `nil` for one that `output` does not depend on.
/// - Precondition: `output` requires a gradient, and has one element if `gradient` is absent.
public func gradients(
  of output: Tensor, at inputs: [Tensor], gradient: Tensor? = nil, retainGraph: Bool = false,
  createGraph: Bool = false, file: StaticString = #file, line: UInt = #line
) -> [Tensor?] {
  BackwardPass.run(
    [(output, output.seed(gradient, file, line))], createGraph: createGraph,
    retainGraph: retainGraph || createGraph, capture: inputs, file, line)
}

/// Returns the gradient of a function at a point: values in, values out.
///
///     gradient(at: Tensor([1, 2])) { ($0 * $0).sum() }  // tensor([2., 4.])
///
/// - Parameters:
///   - x: The point, of any shape, of floating-point numbers; it is left as it is.
///   - f: The function; its result has one element. It is recorded, also inside `noGrad`.
/// - Returns: The shape of `x`; zeros if the result does not depend on it.
/// - Precondition: `f` returns one element, and `x` holds floating-point numbers.
public func gradient(
  at x: Tensor, of f: (Tensor) -> Tensor, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  valueWithGradient(at: x, of: f, file: file, line: line).gradient
}

/// Returns the value of a function at a point together with its gradient there.
///
/// - Parameters:
///   - x: The point, of any shape, of floating-point numbers; it is left as it is.
///   - f: The function; its result has one element. It is recorded, also inside `noGrad`.
/// - Returns: The value, and a gradient of the shape of `x`; zeros if the value does not depend on
///   it.
/// - Precondition: `f` returns one element, and `x` holds floating-point numbers.
public func valueWithGradient(
  at x: Tensor, of f: (Tensor) -> Tensor, file: StaticString = #file, line: UInt = #line
) -> (value: Tensor, gradient: Tensor) {
  let leaf = x.detach()
  leaf.requiresGrad = true
  return recording(true) {
    let y = f(leaf)
    guard y.needsGradient else { return (y, Tensor.full(x.dims, 0, x.dtype)) }
    let g = gradients(of: y, at: [leaf], file: file, line: line)[0]
    return (y.detach(), g ?? Tensor.full(x.dims, 0, x.dtype))
  }
}
