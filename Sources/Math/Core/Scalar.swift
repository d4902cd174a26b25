/// Types an element can be read as or made from.
public protocol TensorScalar {
  /// The dtype that holds such values as they are.
  static var dtype: DType { get }
  /// The value as a double.
  var double: Double { get }
  /// The nearest value of a double.
  init(double: Double)
}

extension Float: TensorScalar {
  /// `f32`.
  public static var dtype: DType { .f32 }
  /// The value as a double.
  @inline(__always) public var double: Double { Double(self) }
  /// The nearest float.
  @inline(__always) public init(double: Double) { self = Float(double) }
}

extension Double: TensorScalar {
  /// `f64`.
  public static var dtype: DType { .f64 }
  /// The value itself.
  @inline(__always) public var double: Double { self }
  /// The value itself.
  @inline(__always) public init(double: Double) { self = double }
}

extension Int: TensorScalar {
  /// `i64`.
  public static var dtype: DType { .i64 }
  /// The value as a double.
  @inline(__always) public var double: Double { Double(self) }
  /// The value without its fraction; the ends of the range for what lies beyond it.
  @inline(__always) public init(double: Double) {
    self = double.isNaN ? 0 : double >= 0x1p63 ? .max : double < -0x1p63 ? .min : Int(double)
  }
}

extension Bool: TensorScalar {
  /// `bool`.
  public static var dtype: DType { .bool }
  /// 1 for true.
  @inline(__always) public var double: Double { self ? 1 : 0 }
  /// Whether the value is not 0.
  @inline(__always) public init(double: Double) { self = double != 0 }
}
