/// The type of a tensor's elements.
public enum DType: UInt8, Sendable, CaseIterable, CustomStringConvertible {
  /// True and false, a byte each.
  case bool
  /// 64-bit integers.
  case i64
  /// 32-bit floating point, the default.
  case f32
  /// 64-bit floating point, for gradient checks and golden values.
  case f64

  /// Bytes an element.
  public var size: Int {
    switch self {
    case .bool: 1
    case .f32: 4
    case .i64, .f64: 8
    }
  }

  /// Whether elements are floating-point numbers, so that gradients exist.
  public var isFloatingPoint: Bool { self == .f32 || self == .f64 }

  /// The name as it is written in Swift: `f32`.
  public var description: String {
    switch self {
    case .bool: "bool"
    case .i64: "i64"
    case .f32: "f32"
    case .f64: "f64"
    }
  }
}

/// The floating-point type of literals and of results that leave the integers; `f32` at start, as
/// in PyTorch.
///
/// - Precondition: Set to `.f32` or `.f64` only.
public var defaultDType: DType {
  get { storedDefaultDType }
  set {
    require(
      newValue.isFloatingPoint,
      "defaultDType needs .f32 or .f64, got .\(newValue); "
        + "give integers their dtype where they are made")
    storedDefaultDType = newValue
  }
}

// A lesson sets this once at its start; operations read it on the thread that set it.
nonisolated(unsafe) private var storedDefaultDType = DType.f32
