import CMathKernels

/// What is told of each result recorded, and where in Math that stands; set by tests alone, in a
/// child process of their own, to learn which pullbacks they reach.
nonisolated(unsafe) package var onRecord: ((_ file: StaticString, _ line: UInt) -> Void)?

extension Tensor {
  /// Whether results of tensors that require a gradient are recorded on this thread.
  @inline(__always)
  static var isRecording: Bool { k_thread_state().unsafelyUnwrapped.pointee.recordingOff == 0 }

  /// Notes how this result passes its gradient on to `a`, if anyone will ask.
  ///
  /// - Parameters:
  ///   - scalar: A number for the pullback.
  ///   - saves: Whether the pullback reads the inputs' or the result's elements.
  ///   - file: Where the operation stands, for ``onRecord``.
  ///   - line: As `file`.
  ///   - pullback: Sends the gradient on with `receive`. Write it without captures where speed
  ///     matters: then recording allocates nothing.
  @inline(__always)
  func recorded(
    _ a: Tensor, scalar: Double = 0, saves: Bool = true, file: StaticString = #fileID,
    line: UInt = #line, _ pullback: @escaping Pullback
  ) -> Tensor {
    if a.needsGradient && Tensor.isRecording && dtype.isFloatingPoint {
      in0.keep(a)
      self.scalar = scalar
      seenVersion = saves ? a.currentVersion : -1
      needsGradient = true
      self.pullback = pullback
      if let onRecord { onRecord(file, line) }
    }
    return self
  }

  /// Notes how this result passes its gradient on to `a` and `b`.
  @inline(__always)
  func recorded(
    _ a: Tensor, _ b: Tensor, scalar: Double = 0, saves: Bool = true,
    file: StaticString = #fileID, line: UInt = #line, _ pullback: @escaping Pullback
  ) -> Tensor {
    if (a.needsGradient || b.needsGradient) && Tensor.isRecording && dtype.isFloatingPoint {
      in0.keep(a)
      in1.keep(b)
      self.scalar = scalar
      seenVersion = saves ? a.currentVersion &+ b.currentVersion : -1
      needsGradient = true
      self.pullback = pullback
      if let onRecord { onRecord(file, line) }
    }
    return self
  }

  /// Notes how this result passes its gradient on to three inputs.
  func recorded(
    _ a: Tensor, _ b: Tensor, _ c: Tensor, file: StaticString = #fileID, line: UInt = #line,
    _ pullback: @escaping Pullback
  ) -> Tensor {
    if (a.needsGradient || b.needsGradient || c.needsGradient) && Tensor.isRecording
      && dtype.isFloatingPoint
    {
      in0.keep(a)
      in1.keep(b)
      in2.keep(c)
      seenVersion = a.currentVersion &+ b.currentVersion &+ c.currentVersion
      needsGradient = true
      self.pullback = pullback
      if let onRecord { onRecord(file, line) }
    }
    return self
  }

  /// Notes how this result passes its gradient on to any number of inputs.
  func recorded(
    _ inputs: [Tensor], saves: Bool = true, file: StaticString = #fileID, line: UInt = #line,
    _ pullback: @escaping Pullback
  ) -> Tensor {
    if Tensor.isRecording && dtype.isFloatingPoint && inputs.contains(where: { $0.needsGradient }) {
      more = inputs
      seenVersion = saves ? inputs.reduce(0) { $0 &+ $1.currentVersion } : -1
      needsGradient = true
      self.pullback = pullback
      if let onRecord { onRecord(file, line) }
    }
    return self
  }

  // The inputs, for pullbacks: present until the pullback has run. Small operations read them by
  // `in0.use`, which counts no references.
  @inline(__always)
  var a: Tensor { in0.tensor.unsafelyUnwrapped }
  @inline(__always)
  var b: Tensor { in1.tensor.unsafelyUnwrapped }
  @inline(__always)
  var c: Tensor { in2.tensor.unsafelyUnwrapped }

  /// Adds a gradient to what this tensor has received; not even computed if it requires none.
  @inline(__always)
  func receive(_ gradient: @autoclosure () -> Tensor) {
    if needsGradient { accumulate(gradient()) }
  }

  /// Adds the product of two tensors of this one's shape, without a tensor for it where the sum so far
  /// is seen by no one else.
  func receive(product g: Tensor, _ x: Tensor) {
    if !needsGradient { return }
    if dtype == .f32 && g.dtype == .f32 && x.dtype == .f32 && g.dims == dims && x.dims == dims
      && x.isContiguous, let step = g.plainStep(count),
      addToSum(.f32, { addProduct($0.f32, g.f32, step: step, x.f32, $0.count) })
    {
      return
    }
    let product = g * x
    accumulate(product.dtype == dtype ? product : product.to(dtype))
  }

  /// Adds a gradient that others hold too, converted to this tensor's dtype.
  @inline(__always)
  func receive(shared g: Tensor) {
    if !needsGradient { return }
    if g.dtype != dtype { return accumulate(g.to(dtype)) }
    if g.dims == dims && addToSum(dtype, { addInPlace($0, g) }) { return }
    accumulate(g)
  }

  private func accumulate(_ gradient: consuming Tensor) {
    if gradient.dims != dims { return accumulate(gradient.summed(to: dims)) }
    if addToSum(gradient.dtype, { addInPlace($0, gradient) }) { return }
    if let sum = pending.take() {
      pending = sum + gradient
    } else {
      pending = gradient
    }
  }

  /// Calls `add` with the sum of the gradients received so far, if it is of a dtype, no one else sees it
  /// and nothing is recorded.
  ///
  /// - Returns: Whether it was called.
  @inline(__always)
  private func addToSum(_ dtype: DType, _ add: (Tensor) -> Void) -> Bool {
    if Tensor.isRecording { return false }
    guard var sum = pending.take() else { return false }
    let isOwn = sum.dtype == dtype && sum.base == nil && isKnownUniquelyReferenced(&sum)
    if isOwn { add(sum) }
    pending = sum
    return isOwn
  }
}

/// Runs `body` without recording operations, as when measuring or when changing parameters.
///
/// - Parameter body: What is run; nothing in it is recorded, not even for tensors that require a
///   gradient.
/// - Returns: What `body` returns.
public func noGrad<Result>(_ body: () throws -> Result) rethrows -> Result {
  let state = k_thread_state().unsafelyUnwrapped
  state.pointee.recordingOff += 1
  defer { state.pointee.recordingOff -= 1 }
  return try body()
}

/// Runs `body` with recording on or off, whatever it is around it.
func recording<Result>(_ on: Bool, _ body: () throws -> Result) rethrows -> Result {
  let state = k_thread_state().unsafelyUnwrapped
  let before = state.pointee.recordingOff
  state.pointee.recordingOff = on ? 0 : 1
  defer { state.pointee.recordingOff = before }
  return try body()
}
