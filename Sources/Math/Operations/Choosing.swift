/// The larger of two elements; NaN wins, and a tie shares its gradient.
///
/// - Parameters:
///   - x: Of any shape.
///   - y: Of a shape that broadcasts with that of `x`.
/// - Precondition: The shapes broadcast.
public func maximum(
  _ x: Tensor, _ y: Tensor, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  Tensor.apply(x, y, .maximum, "maximum", file, line).recorded(x, y) { r, g in
    let shared = `where`(r.a .== r.b, g / 2, g)
    let zero = Tensor.zeros(like: g)
    r.a.receive(`where`(r.a .< r.b, zero, shared).to(r.a.dtype))
    r.b.receive(`where`(r.a .> r.b, zero, shared).to(r.b.dtype))
  }
}

/// The smaller of two elements; NaN wins, and a tie shares its gradient.
///
/// - Parameters:
///   - x: Of any shape.
///   - y: Of a shape that broadcasts with that of `x`.
/// - Precondition: The shapes broadcast.
public func minimum(
  _ x: Tensor, _ y: Tensor, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  Tensor.apply(x, y, .minimum, "minimum", file, line).recorded(x, y) { r, g in
    let shared = `where`(r.a .== r.b, g / 2, g)
    let zero = Tensor.zeros(like: g)
    r.a.receive(`where`(r.a .> r.b, zero, shared).to(r.a.dtype))
    r.b.receive(`where`(r.a .< r.b, zero, shared).to(r.b.dtype))
  }
}

/// `condition ? x : y` for every element; all three broadcast.
///
/// - Parameters:
///   - condition: Which of the two to take; bool.
///   - x: What is taken where the condition is true.
///   - y: What is taken where it is false.
/// - Returns: The broadcast shape and the promoted dtype; each gradient is 0 where the other is
///   taken.
/// - Precondition: The condition is of dtype bool, and the shapes broadcast.
public func `where`(
  _ condition: Tensor, _ x: Tensor, _ y: Tensor, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  require(
    condition.dtype == .bool,
    "where needs a condition of dtype bool, got \(condition.dtype); compare, as in x .> 0",
    file: file, line: line)
  let dtype = promoted(x, y)
  let dims = broadcastDims(x, y, "where", file, line)
  guard let all = Dims.broadcast(dims, condition.dims) else {
    refuse(
      "where needs shapes that broadcast, got \(condition.shape), \(x.shape) and \(y.shape); "
        + "compare sizes from the right: equal, or 1", file: file, line: line)
  }
  return select(condition, x.cast(to: dtype), y.cast(to: dtype), all)
    .recorded([condition, x, y]) { r, g in
      guard let inputs = r.more else { return }
      let zero = Tensor.zeros(like: g)
      inputs[1].receive(`where`(inputs[0], g, zero).to(inputs[1].dtype))
      inputs[2].receive(`where`(inputs[0], zero, g).to(inputs[2].dtype))
    }
}

/// `condition ? x : value` for every element.
///
/// - Parameters:
///   - condition: Which of the two to take; bool.
///   - x: What is taken where the condition is true.
///   - value: What is taken where it is false.
/// - Precondition: The condition is of dtype bool, and the shapes broadcast.
public func `where`(
  _ condition: Tensor, _ x: Tensor, _ value: Double, file: StaticString = #file,
  line: UInt = #line
) -> Tensor { `where`(condition, x, x.operand(value), file: file, line: line) }

/// `condition ? value : y` for every element.
///
/// - Parameters:
///   - condition: Which of the two to take; bool.
///   - value: What is taken where the condition is true.
///   - y: What is taken where it is false.
/// - Precondition: The condition is of dtype bool, and the shapes broadcast.
public func `where`(
  _ condition: Tensor, _ value: Double, _ y: Tensor, file: StaticString = #file,
  line: UInt = #line
) -> Tensor { `where`(condition, y.operand(value), y, file: file, line: line) }

extension Tensor {
  /// Limits every element to a range; the gradient passes at the bounds, and NaN stays NaN.
  public func clamped(to range: ClosedRange<Double>) -> Tensor {
    clamped(min: range.lowerBound, max: range.upperBound)
  }

  /// Limits every element from below, above or both; where the bounds cross, `max` wins.
  ///
  /// Integers stay integers between whole bounds.
  ///
  /// The gradient passes at the bounds, and is 0 beyond them.
  ///
  /// - Parameters:
  ///   - min: The smallest result; `nil` leaves that end open.
  ///   - max: The largest result; `nil` leaves that end open.
  public func clamped(min: Double? = nil, max: Double? = nil) -> Tensor {
    var y = self
    if let min { y = Tensor.apply(y, bound(min), .maximum, "clamped") }
    if let max { y = Tensor.apply(y, bound(max), .minimum, "clamped") }
    let low = min ?? -.infinity
    let high = max ?? .infinity
    // Without bounds the result would be this very tensor.
    if y === self { y = copied() }
    return y.recorded(self) { y, g in
      var inside = y.a .>= low
      inside = inside.logicalAnd(y.a .<= high)
      y.a.receive(`where`(inside, g, Tensor.zeros(like: g)))
    }
  }

  private func bound(_ value: Double) -> Tensor {
    dtype == .i64 && value == value.rounded() && Swift.abs(value) < 0x1p53
      ? Tensor.scalar(value, .i64) : operand(value)
  }

  /// Limits every element by tensors that broadcast; at a tie the gradient is this tensor's.
  ///
  /// - Parameters:
  ///   - min: The smallest results; `nil` leaves that end open.
  ///   - max: The largest results, which win where bounds cross; `nil` leaves that end open.
  /// - Precondition: The shapes broadcast.
  public func clamped(
    min: Tensor?, max: Tensor?, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    var y = self
    if let min { y = Tensor.apply(y, min, .maximum, "clamped", file, line) }
    if let max { y = Tensor.apply(y, max, .minimum, "clamped", file, line) }
    if y === self { y = copied() }
    let low = min ?? operand(-.infinity)
    let high = max ?? operand(.infinity)
    let hasHigh = max != nil
    return y.recorded(self, low, high) { y, g in
      let (x, low, high) = (y.a, y.b, y.c)
      let zero = Tensor.zeros(like: g)
      let inside = (x .>= low).logicalAnd(x .<= high)
      x.receive(`where`(inside, g, zero).to(x.dtype))
      let isBelow = hasHigh ? (x .< low).logicalAnd(low .< high) : x .< low
      low.receive(`where`(isBelow, g, zero).to(low.dtype))
      high.receive(
        `where`((x .> high).logicalOr(low .> high), g, zero).to(high.dtype))
    }
  }

  /// Limits every element in place.
  ///
  /// - Precondition: A leaf that requires a gradient is changed inside `noGrad`.
  public func clamp(
    to range: ClosedRange<Double>, file: StaticString = #file, line: UInt = #line
  ) { overwrite(noGrad { clamped(to: range) }, file: file, line: line) }
}
