extension Tensor {
  /// Applies an operation of two tensors of any dtypes, not recorded.
  @inline(__always)
  static func apply(
    _ a: Tensor, _ b: Tensor, _ op: BinaryOp, _ function: StaticString,
    _ file: StaticString = #file, _ line: UInt = #line
  ) -> Tensor {
    let dims = broadcastDims(a, b, function, file, line)
    if a.dtype == b.dtype { return binary(a, b, op, dims) }
    let dtype = promoted(a, b)
    return binary(a.cast(to: dtype), b.cast(to: dtype), op, dims)
  }

  /// A number as an operand beside a tensor: it takes the tensor's dtype unless it is of a higher
  /// category.
  @inline(__always)
  func operand(_ value: Double) -> Tensor {
    Tensor.scalar(value, dtype.isFloatingPoint ? dtype : defaultDType)
  }

  @inline(__always)
  func operand(_ value: Int) -> Tensor {
    Tensor.scalar(Double(value), dtype == .bool ? .i64 : dtype)
  }

  /// Refuses truth values where PyTorch does.
  @inline(__always)
  func requireNumbers(
    _ function: StaticString, _ file: StaticString = #file, _ line: UInt = #line
  ) {
    require(
      dtype != .bool,
      "\(function) needs numbers, got dtype bool; convert with to(.f32), or negate a mask with "
        + "logicalNot()", file: file, line: line)
  }

  /// Applies an operation to this tensor and a number: to `operand`, where it has to be a tensor.
  @inline(__always)
  private func apply(
    _ value: Double, _ op: BinaryOp, _ function: StaticString, numberFirst: Bool = false,
    _ operand: @autoclosure () -> Tensor
  ) -> Tensor {
    if let y = binary(self, op, value, numberFirst: numberFirst) { return y }
    return numberFirst
      ? Tensor.apply(operand(), self, op, function) : Tensor.apply(self, operand(), op, function)
  }

  /// The sum of two tensors that broadcast.
  public static func + (a: Tensor, b: Tensor) -> Tensor {
    apply(a, b, .add, "+").recorded(a, b, saves: false) { y, g in
      y.in0.use { $0.receive(shared: g) }
      y.in1.use { $0.receive(shared: g) }
    }
  }

  /// The difference of two tensors that broadcast.
  ///
  /// - Precondition: Neither is of dtype bool, as in PyTorch; negate a mask with `logicalNot()`.
  public static func - (a: Tensor, b: Tensor) -> Tensor {
    a.requireNumbers("-")
    b.requireNumbers("-")
    return apply(a, b, .sub, "-").recorded(a, b, saves: false) { y, g in
      y.in0.use { $0.receive(shared: g) }
      y.in1.use { $0.receive((-g).to($0.dtype)) }
    }
  }

  /// The product, element by element, of two tensors that broadcast.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    apply(a, b, .mul, "*").recorded(a, b) { y, g in
      y.in0.use { a in
        y.in1.use { b in
          a.receive(product: g, b)
          b.receive(product: g, a)
        }
      }
    }
  }

  /// The quotient, element by element, of two tensors that broadcast; integers give the default
  /// floating-point dtype.
  public static func / (a: Tensor, b: Tensor) -> Tensor {
    let integers = !a.dtype.isFloatingPoint && !b.dtype.isFloatingPoint
    return apply(
      integers ? a.cast(to: defaultDType) : a, integers ? b.cast(to: defaultDType) : b, .div, "/"
    ).recorded(a, b) { y, g in
      y.in0.use { a in
        y.in1.use { b in
          a.receive((g / b).to(a.dtype))
          b.receive((-g * ((a / b) / b)).to(b.dtype))
        }
      }
    }
  }

  /// The negative.
  ///
  /// - Precondition: The dtype is not bool; negate a mask with `logicalNot()`.
  public static prefix func - (x: Tensor) -> Tensor {
    x.requireNumbers("-")
    return unary(x, .neg).recorded(x, saves: false) { y, g in y.in0.use { $0.receive(-g) } }
  }

  /// The sum with a number.
  public static func + (a: Tensor, b: Double) -> Tensor { a.plus(b, a.operand(b)) }
  /// The sum with a number.
  public static func + (a: Double, b: Tensor) -> Tensor { b.plus(a, b.operand(a)) }
  /// The sum with a whole number.
  public static func + (a: Tensor, b: Int) -> Tensor { a.plus(Double(b), a.operand(b)) }
  /// The sum with a whole number.
  public static func + (a: Int, b: Tensor) -> Tensor { b.plus(Double(a), b.operand(a)) }

  @inline(__always)
  private func plus(_ value: Double, _ operand: @autoclosure () -> Tensor) -> Tensor {
    apply(value, .add, "+", operand()).recorded(self, saves: false) { y, g in
      y.in0.use { $0.receive(shared: g) }
    }
  }

  /// The difference to a number.
  public static func - (a: Tensor, b: Double) -> Tensor { a.minus(b, a.operand(b)) }
  /// The difference to a whole number.
  public static func - (a: Tensor, b: Int) -> Tensor { a.minus(Double(b), a.operand(b)) }
  /// A number less a tensor.
  public static func - (a: Double, b: Tensor) -> Tensor { b.subtracted(from: a, b.operand(a)) }
  /// A whole number less a tensor.
  public static func - (a: Int, b: Tensor) -> Tensor {
    b.subtracted(from: Double(a), b.operand(a))
  }

  @inline(__always)
  private func minus(_ value: Double, _ operand: @autoclosure () -> Tensor) -> Tensor {
    requireNumbers("-")
    return apply(value, .sub, "-", operand()).recorded(self, saves: false) { y, g in
      y.in0.use { $0.receive(shared: g) }
    }
  }

  @inline(__always)
  private func subtracted(from value: Double, _ operand: @autoclosure () -> Tensor) -> Tensor {
    requireNumbers("-")
    return apply(value, .sub, "-", numberFirst: true, operand()).recorded(self, saves: false) {
      y, g in
      y.in0.use { $0.receive(-g) }
    }
  }

  /// The product with a number.
  public static func * (a: Tensor, b: Double) -> Tensor { a.times(b, a.operand(b)) }
  /// The product with a number.
  public static func * (a: Double, b: Tensor) -> Tensor { b.times(a, b.operand(a)) }
  /// The product with a whole number.
  public static func * (a: Tensor, b: Int) -> Tensor { a.times(Double(b), a.operand(b)) }
  /// The product with a whole number.
  public static func * (a: Int, b: Tensor) -> Tensor { b.times(Double(a), b.operand(a)) }

  @inline(__always)
  private func times(_ value: Double, _ operand: @autoclosure () -> Tensor) -> Tensor {
    apply(value, .mul, "*", operand()).recorded(self, scalar: value, saves: false) {
      y, g in y.in0.use { $0.receive(g * y.scalar) }
    }
  }

  /// The quotient by a number.
  public static func / (a: Tensor, b: Double) -> Tensor { a.over(b) }
  /// The quotient by a whole number.
  public static func / (a: Tensor, b: Int) -> Tensor { a.over(Double(b)) }

  private func over(_ value: Double) -> Tensor {
    let x = dtype.isFloatingPoint ? self : cast(to: defaultDType)
    return x.apply(value, .div, "/", x.operand(value))
      .recorded(self, scalar: value, saves: false) { y, g in y.a.receive(g / y.scalar) }
  }

  /// A number divided by a tensor.
  public static func / (a: Double, b: Tensor) -> Tensor {
    let x = b.dtype.isFloatingPoint ? b : b.cast(to: defaultDType)
    return x.apply(a, .div, "/", numberFirst: true, x.operand(a)).recorded(b) { y, g in
      y.a.receive(-g * y / y.a)
    }
  }
  /// A whole number divided by a tensor.
  public static func / (a: Int, b: Tensor) -> Tensor { Double(a) / b }

  /// The quotient rounded down, as Python divides; its gradient is zero.
  ///
  /// - Precondition: The shapes broadcast; integers are not divided by 0.
  public func floorDivided(
    by other: Tensor, file: StaticString = #file, line: UInt = #line
  ) -> Tensor { rounded(other, .floorDiv, "floorDivided", file, line) }

  /// The quotient rounded towards zero; its gradient is zero.
  ///
  /// - Precondition: The shapes broadcast; integers are not divided by 0.
  public func truncDivided(
    by other: Tensor, file: StaticString = #file, line: UInt = #line
  ) -> Tensor { rounded(other, .truncDiv, "truncDivided", file, line) }

  private func rounded(
    _ other: Tensor, _ op: BinaryOp, _ name: StaticString, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    let site = CallSite(file, line)
    defer { site.leave() }
    return Tensor.apply(self, other, op, name, file, line).recorded(self, other, saves: false) {
      y, g in
      y.a.receive(Tensor.zeros(like: y.a))
      y.b.receive(Tensor.zeros(like: y.b))
    }
  }

  /// The remainder with the sign of the divisor, as Python's `%`.
  public static func % (a: Tensor, b: Tensor) -> Tensor {
    apply(a, b, .remainder, "%").recorded(a, b) { y, g in
      y.a.receive(g)
      y.b.receive(-g * y.a.floorDivided(by: y.b))
    }
  }
  /// The remainder by a whole number.
  public static func % (a: Tensor, b: Int) -> Tensor { a % a.operand(b) }

  // `x += y` gives `x` a new value where operations are recorded, and changes `x` in place where
  // they are not, so that `w -= lr * g` inside `noGrad` updates every name of `w`.

  private static func assign(_ a: inout Tensor, _ b: Tensor, _ result: Tensor) {
    if isRecording && (a.needsGradient || b.needsGradient) {
      require(
        !(a.isLeaf && a.needsGradient),
        "a leaf that requires a gradient is not changed where operations are recorded; "
          + "change it inside noGrad { }")
      a = result
    } else {
      a.overwrite(result)
    }
  }

  /// Adds in place, or to a new value of the variable where operations are recorded.
  public static func += (a: inout Tensor, b: Tensor) { assign(&a, b, a + b) }
  /// Subtracts, as `+=` adds.
  public static func -= (a: inout Tensor, b: Tensor) { assign(&a, b, a - b) }
  /// Multiplies, as `+=` adds.
  public static func *= (a: inout Tensor, b: Tensor) { assign(&a, b, a * b) }
  /// Divides, as `+=` adds.
  public static func /= (a: inout Tensor, b: Tensor) { assign(&a, b, a / b) }
  /// Adds a number, as `+=` adds.
  public static func += (a: inout Tensor, b: Double) { a += a.operand(b) }
  /// Subtracts a number, as `+=` adds.
  public static func -= (a: inout Tensor, b: Double) { a -= a.operand(b) }
  /// Multiplies by a number, as `+=` adds.
  public static func *= (a: inout Tensor, b: Double) { a *= a.operand(b) }
  /// Divides by a number, as `+=` adds.
  public static func /= (a: inout Tensor, b: Double) { a /= a.operand(b) }
}
