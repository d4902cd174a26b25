extension Tensor {
  private static func compared(_ a: Tensor, _ b: Tensor, _ op: CompareOp, _ name: StaticString)
    -> Tensor
  {
    let dims = broadcastDims(a, b, name)
    if a.dtype == b.dtype { return compare(a, b, op, dims) }
    let dtype = promoted(a, b)
    return compare(a.cast(to: dtype), b.cast(to: dtype), op, dims)
  }

  /// Where elements are equal, as bool.
  public static func .== (a: Tensor, b: Tensor) -> Tensor { compared(a, b, .eq, ".==") }
  /// Where elements differ, as bool.
  public static func .!= (a: Tensor, b: Tensor) -> Tensor { compared(a, b, .ne, ".!=") }
  /// Where the left element is less, as bool.
  public static func .< (a: Tensor, b: Tensor) -> Tensor { compared(a, b, .lt, ".<") }
  /// Where the left element is less or equal, as bool.
  public static func .<= (a: Tensor, b: Tensor) -> Tensor { compared(a, b, .le, ".<=") }
  /// Where the left element is greater, as bool.
  public static func .> (a: Tensor, b: Tensor) -> Tensor { compared(a, b, .gt, ".>") }
  /// Where the left element is greater or equal, as bool.
  public static func .>= (a: Tensor, b: Tensor) -> Tensor { compared(a, b, .ge, ".>=") }

  /// Where elements equal a number, as bool.
  public static func .== (a: Tensor, b: Double) -> Tensor { a .== a.comparand(b) }
  /// Where elements differ from a number, as bool.
  public static func .!= (a: Tensor, b: Double) -> Tensor { a .!= a.comparand(b) }
  /// Where elements are less than a number, as bool.
  public static func .< (a: Tensor, b: Double) -> Tensor { a .< a.comparand(b) }
  /// Where elements are less than or equal to a number, as bool.
  public static func .<= (a: Tensor, b: Double) -> Tensor { a .<= a.comparand(b) }
  /// Where elements are greater than a number, as bool.
  public static func .> (a: Tensor, b: Double) -> Tensor { a .> a.comparand(b) }
  /// Where elements are greater than or equal to a number, as bool.
  public static func .>= (a: Tensor, b: Double) -> Tensor { a .>= a.comparand(b) }

  // A whole number compares with integers as an integer.
  private func comparand(_ value: Double) -> Tensor {
    dtype == .i64 && value == value.rounded() && Swift.abs(value) < 0x1p53
      ? Tensor.scalar(value, .i64)
      : dtype.isFloatingPoint ? Tensor.scalar(value, dtype) : Tensor.scalar(value, .f64)
  }

  /// Logical and of elements that are not 0.
  ///
  /// - Precondition: The shapes broadcast.
  public func logicalAnd(
    _ other: Tensor, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    Tensor.apply(cast(to: .bool), other.cast(to: .bool), .mul, "logicalAnd", file, line)
  }

  /// Logical or of elements that are not 0.
  ///
  /// - Precondition: The shapes broadcast.
  public func logicalOr(
    _ other: Tensor, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    Tensor.apply(cast(to: .bool), other.cast(to: .bool), .add, "logicalOr", file, line)
  }

  /// Where elements are 0 or false.
  public func logicalNot() -> Tensor { self .== 0 }

  /// Where elements are NaN.
  public func isNaN() -> Tensor { self .!= self }

  /// Where elements are neither infinite nor NaN.
  public func isFinite() -> Tensor {
    dtype.isFloatingPoint ? abs(detach()) .< .infinity : Tensor.full(dims, 1, .bool)
  }

  /// Whether shapes, dtypes and all elements are equal (PyTorch: `torch.equal`).
  ///
  /// NaN equals nothing, not even itself.
  public func isEqual(to other: Tensor) -> Bool {
    dims == other.dims && dtype == other.dtype
      && (detach() .== other.detach()).packed().bools.allSatisfy { $0 }
  }

  /// Whether |a - b| <= atol + rtol |b| for all elements, as `torch.allclose`.
  ///
  /// Infinities are close to their equals, NaN to nothing.
  ///
  /// - Parameters:
  ///   - other: What is compared with; b above, of a shape that broadcasts.
  ///   - rtol: The relative error allowed, as a part of |b|.
  ///   - atol: The absolute error allowed, in the unit of the elements.
  /// - Precondition: The shapes broadcast.
  public func isClose(
    to other: Tensor, rtol: Double = 1e-5, atol: Double = 1e-8, file: StaticString = #file,
    line: UInt = #line
  ) -> Bool {
    let dims = broadcastDims(self, other, "isClose", file, line)
    let a = shown(as: dims).doubles
    let b = other.shown(as: dims).doubles
    return zip(a, b).allSatisfy { a, b in
      // What is infinitely far is not close, however large the tolerance of an infinite number.
      let gap = Swift.abs(a - b)
      return a == b || (gap.isFinite && gap <= atol + rtol * Swift.abs(b))
    }
  }
}
