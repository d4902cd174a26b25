extension Tensor {
  /// The one element.
  ///
  /// - Precondition: There is exactly one.
  public func item(file: StaticString = #file, line: UInt = #line) -> Double {
    require(
      count == 1,
      "item needs a tensor of one element, got shape \(shape); index it, or use doubles",
      file: file, line: line)
    switch dtype {
    case .f32: return Double(f32[0])
    case .f64: return f64[0]
    case .i64: return Double(i64[0])
    case .bool: return bool[0] ? 1 : 0
    }
  }

  /// The elements in row-major order, as values of one type.
  ///
  /// - Parameter type: `Double`, `Float`, `Int`, without fractions and 0 for NaN, or `Bool`, true
  ///   where not 0.
  public func array<T: TensorScalar>(of type: T.Type) -> [T] {
    let x = packed()
    return (0..<count).map { i in
      switch dtype {
      case .f32: T(double: Double(x.f32[i]))
      case .f64: T(double: x.f64[i])
      case .i64: (x.i64[i] as? T) ?? T(double: Double(x.i64[i]))
      case .bool: T(double: x.bool[i] ? 1 : 0)
      }
    }
  }

  /// The elements in row-major order.
  public var doubles: [Double] { array(of: Double.self) }

  /// The elements in row-major order, without fractions.
  public var ints: [Int] { array(of: Int.self) }

  /// The elements in row-major order: true where not 0.
  public var bools: [Bool] { array(of: Bool.self) }

  /// The same elements as another dtype; not recorded.
  func cast(to target: DType) -> Tensor {
    if dtype == target { return self }
    let x = packed()
    let out = Tensor(empty: dims, target)
    switch dtype {
    case .f32: convert(x.f32, out)
    case .f64: convert(x.f64, out)
    case .i64: convert(x.i64, out)
    case .bool: convert(x.bool, out)
    }
    return out
  }

  private func convert<T: TensorScalar>(_ p: UnsafeMutablePointer<T>, _ out: Tensor) {
    switch out.dtype {
    case .f32: for i in 0..<count { out.f32[i] = Float(p[i].double) }
    case .f64: for i in 0..<count { out.f64[i] = p[i].double }
    case .i64: for i in 0..<count { out.i64[i] = Int(double: p[i].double) }
    case .bool: for i in 0..<count { out.bool[i] = p[i].double != 0 }
    }
  }

  /// The same elements as another dtype; the gradient comes back in this one.
  ///
  /// A tensor of that dtype already comes back itself.
  public func to(_ target: DType) -> Tensor { dtype == target ? self : recordedCast(to: target) }

  private func recordedCast(to target: DType) -> Tensor {
    cast(to: target).recorded(self, saves: false) { y, g in
      y.a.receive(g.to(y.a.dtype))
    }
  }

  /// A copy in memory of its own, without what was recorded.
  func copied() -> Tensor {
    let out = Tensor(empty: dims, dtype)
    pack(self, into: out)
    return out
  }

  /// A copy in memory of its own; gradients pass through it.
  public func clone() -> Tensor {
    copied().recorded(self, saves: false) { y, g in y.a.receive(g) }
  }

  /// This tensor, or a copy in row-major order if it is a view with gaps.
  public func contiguous() -> Tensor { isContiguous ? self : clone() }
}
