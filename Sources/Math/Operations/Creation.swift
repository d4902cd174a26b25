import Glibc

extension Tensor {
  static func full(_ dims: Dims, _ value: Double, _ dtype: DType) -> Tensor {
    let out = Tensor(empty: dims, dtype)
    out.setAll(value)
    return out
  }

  /// Sets every element of a packed tensor.
  func setAll(_ value: Double) {
    switch dtype {
    case .f32: f32.update(repeating: Float(value), count: count)
    case .f64: f64.update(repeating: value, count: count)
    case .i64: i64.update(repeating: Int(double: value), count: count)
    case .bool: bool.update(repeating: value != 0, count: count)
    }
  }

  /// A 0-d tensor.
  static func scalar(_ value: Double, _ dtype: DType) -> Tensor { full(Dims(), value, dtype) }

  /// Zeros.
  ///
  /// - Parameters:
  ///   - shape: The sizes; none gives a 0-d tensor.
  ///   - dtype: The type of the elements; the default one if absent.
  ///   - requiresGrad: Whether operations on the tensor are recorded.
  /// - Precondition: Sizes of 0 or more, for at most eight dimensions and fewer than 2^31 elements.
  public static func zeros(
    _ shape: Int..., dtype: DType? = nil, requiresGrad: Bool = false, file: StaticString = #file,
    line: UInt = #line
  ) -> Tensor {
    full(shape, 0, dtype: dtype, requiresGrad: requiresGrad, file: file, line: line)
  }

  /// Zeros.
  ///
  /// - Parameters:
  ///   - shape: The sizes; an empty list gives a 0-d tensor.
  ///   - dtype: The type of the elements; the default one if absent.
  ///   - requiresGrad: Whether operations on the tensor are recorded.
  /// - Precondition: Sizes of 0 or more, for at most eight dimensions and fewer than 2^31 elements.
  public static func zeros(
    _ shape: [Int], dtype: DType? = nil, requiresGrad: Bool = false, file: StaticString = #file,
    line: UInt = #line
  ) -> Tensor {
    full(shape, 0, dtype: dtype, requiresGrad: requiresGrad, file: file, line: line)
  }

  /// Ones.
  ///
  /// - Parameters:
  ///   - shape: The sizes; none gives a 0-d tensor.
  ///   - dtype: The type of the elements; the default one if absent.
  ///   - requiresGrad: Whether operations on the tensor are recorded.
  /// - Precondition: Sizes of 0 or more, for at most eight dimensions and fewer than 2^31 elements.
  public static func ones(
    _ shape: Int..., dtype: DType? = nil, requiresGrad: Bool = false, file: StaticString = #file,
    line: UInt = #line
  ) -> Tensor {
    full(shape, 1, dtype: dtype, requiresGrad: requiresGrad, file: file, line: line)
  }

  /// Ones.
  ///
  /// - Parameters:
  ///   - shape: The sizes; an empty list gives a 0-d tensor.
  ///   - dtype: The type of the elements; the default one if absent.
  ///   - requiresGrad: Whether operations on the tensor are recorded.
  /// - Precondition: Sizes of 0 or more, for at most eight dimensions and fewer than 2^31 elements.
  public static func ones(
    _ shape: [Int], dtype: DType? = nil, requiresGrad: Bool = false, file: StaticString = #file,
    line: UInt = #line
  ) -> Tensor {
    full(shape, 1, dtype: dtype, requiresGrad: requiresGrad, file: file, line: line)
  }

  /// One value everywhere.
  ///
  /// - Parameters:
  ///   - shape: The sizes; an empty list gives a 0-d tensor.
  ///   - value: What every element is; integers lose its fraction, and booleans are whether it is
  ///     not 0.
  ///   - dtype: The type of the elements; the default one if absent, also for a whole value.
  ///   - requiresGrad: Whether operations on the tensor are recorded.
  /// - Precondition: Sizes of 0 or more, for at most eight dimensions and fewer than 2^31 elements.
  public static func full(
    _ shape: [Int], _ value: Double, dtype: DType? = nil, requiresGrad: Bool = false,
    file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    let site = CallSite(file, line)
    defer { site.leave() }
    let out = full(Dims(checked: shape, file, line), value, dtype ?? defaultDType)
    if requiresGrad { out.requiresGrad = true }
    return out
  }

  /// Zeros of another tensor's shape and dtype; nothing is recorded.
  public static func zeros(like x: Tensor) -> Tensor { full(x.dims, 0, x.dtype) }

  /// Ones of another tensor's shape and dtype; nothing is recorded.
  public static func ones(like x: Tensor) -> Tensor { full(x.dims, 1, x.dtype) }

  /// The whole numbers `0..<end`, as `i64`; none if `end` is 0 or less.
  public static func arange(_ end: Int, file: StaticString = #file, line: UInt = #line) -> Tensor {
    arange(0, end, file: file, line: line)
  }

  /// The whole numbers from `start` to below `end`, as `i64`.
  ///
  /// - Parameters:
  ///   - start: The first number.
  ///   - end: The bound, not itself among the numbers; before `start` there are none.
  ///   - step: The difference of neighbours; negative counts down.
  /// - Returns: Shape `[n]`, n = ⌈(end - start) / step⌉, or 0 if that is negative.
  /// - Precondition: The step is not 0.
  public static func arange(
    _ start: Int, _ end: Int, step: Int = 1, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    require(
      step != 0, "arange needs a step other than 0, got 0; use full for one number many times",
      file: file, line: line)
    let values = Array(stride(from: start, to: end, by: step))
    return Tensor(values)
  }

  /// The numbers from `start` to below `end` by `step`, in the default dtype.
  ///
  /// - Parameters:
  ///   - start: The first number.
  ///   - end: The bound, not itself among the numbers but for rounding.
  ///   - step: The difference of neighbours; negative counts down.
  ///   - dtype: The type of the elements; the default one if absent.
  /// - Returns: Shape `[n]`, n = ⌈(end - start) / step⌉, or 0 if that is negative.
  /// - Precondition: Fewer than 2^31 numbers, which a step of 0 exceeds.
  @_disfavoredOverload
  public static func arange(
    _ start: Double, _ end: Double, step: Double = 1, dtype: DType? = nil,
    file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    let steps = ((end - start) / step).rounded(.up)
    require(
      steps <= Double(Int32.max),
      "arange needs fewer than 2^31 steps, got \(start) to \(end) by \(step); take a larger step",
      file: file, line: line)
    let n = steps > 0 ? Int(steps) : 0
    return Tensor((0..<n).map { start + Double($0) * step }, dtype: dtype)
  }

  /// `count` numbers evenly spaced from `start` to `end`, both included.
  ///
  /// - Parameters:
  ///   - start: The first number, and the only one if `count` is 1.
  ///   - end: The last.
  ///   - count: How many.
  ///   - dtype: The type of the elements; the default one if absent.
  /// - Returns: Shape `[count]`.
  /// - Precondition: `count` is 0 or more.
  public static func linspace(
    _ start: Double, _ end: Double, _ count: Int, dtype: DType? = nil, file: StaticString = #file,
    line: UInt = #line
  ) -> Tensor {
    require(
      count >= 0, "linspace needs 0 or more numbers, got \(count); count both ends", file: file,
      line: line)
    let step = count > 1 ? (end - start) / Double(count - 1) : 0
    // From both ends, so that the last is `end` itself and the two halves mirror each other.
    return Tensor(
      (0..<count).map {
        $0 < count / 2 || count == 1
          ? start + Double($0) * step : end - Double(count - 1 - $0) * step
      }, dtype: dtype)
  }

  /// The identity matrix of `n` rows.
  ///
  /// - Parameters:
  ///   - n: How many rows and columns.
  ///   - dtype: The type of the elements; the default one if absent.
  /// - Returns: Shape `[n, n]`.
  /// - Precondition: `n` is 0 or more.
  public static func eye(
    _ n: Int, dtype: DType? = nil, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    let out = full(Dims(checked: [n, n], file, line), 0, dtype ?? defaultDType)
    let diagonal = Tensor(view: out, offset: 0, dims: Dims([n]), strides: Dims([n + 1]))
    unpack(full(Dims([n]), 1, out.dtype), into: diagonal)
    return out
  }
}

extension Dims {
  /// A shape given by a caller.
  init(checked shape: [Int], _ file: StaticString, _ line: UInt) {
    require(
      shape.count <= Dims.capacity,
      "tensors have at most \(Dims.capacity) dimensions, got shape \(shape); "
        + "flatten some", file: file,
      line: line)
    var total = 1
    for size in shape {
      require(
        size >= 0,
        "sizes are 0 or more, got shape \(shape); leave -1 to reshaped", file: file, line: line)
      let (product, overflow) = total.multipliedReportingOverflow(by: size)
      require(
        !overflow && product <= Int(Int32.max),
        "tensors hold fewer than 2^31 elements, got shape \(shape); "
          + "take a part at a time", file: file, line: line)
      total = product
    }
    self.init(shape)
  }
}
