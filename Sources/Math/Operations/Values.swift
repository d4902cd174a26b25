extension Tensor {
  /// Fills a new tensor from numbers, converting each.
  convenience init<T: TensorScalar>(
    _ values: [T], dims: Dims, dtype: DType, requiresGrad: Bool, file: StaticString, line: UInt
  ) {
    let site = CallSite(file, line)
    defer { site.leave() }
    require(
      dims.product == values.count,
      "Tensor needs \(dims.product) values for shape \(dims.array), got \(values.count); "
        + "match the product of the sizes",
      file: file, line: line)
    self.init(empty: dims, dtype)
    for i in 0..<values.count {
      switch dtype {
      case .f32: f32[i] = Float(values[i].double)
      case .f64: f64[i] = values[i].double
      case .i64: i64[i] = (values[i] as? Int) ?? Int(double: values[i].double)
      case .bool: bool[i] = values[i].double != 0
      }
    }
    if requiresGrad { self.requiresGrad = true }
  }

  /// A tensor of a shape from its elements in row-major order.
  ///
  /// - Parameters:
  ///   - values: The elements in row-major order.
  ///   - shape: The sizes; an empty list gives a 0-d tensor.
  ///   - dtype: The type of the elements; if absent that of the values, or of floating-point values
  ///     the default one.
  ///   - requiresGrad: Whether operations on the tensor are recorded.
  /// - Precondition: The number of values is the product of `shape`; only a floating-point tensor
  ///   requires a gradient.
  public convenience init<T: TensorScalar>(
    _ values: [T], shape: [Int], dtype: DType? = nil, requiresGrad: Bool = false,
    file: StaticString = #file, line: UInt = #line
  ) {
    let natural = T.dtype.isFloatingPoint ? defaultDType : T.dtype
    self.init(
      values, dims: Dims(checked: shape, file, line), dtype: dtype ?? natural,
      requiresGrad: requiresGrad, file: file, line: line)
  }

  /// A 0-d tensor of one number, of the default dtype.
  ///
  /// - Parameters:
  ///   - value: The number.
  ///   - dtype: The type of the element; the default one if absent.
  ///   - requiresGrad: Whether operations on the tensor are recorded.
  /// - Precondition: Only a floating-point tensor requires a gradient.
  public convenience init(
    _ value: Double, dtype: DType? = nil, requiresGrad: Bool = false, file: StaticString = #file,
    line: UInt = #line
  ) {
    self.init(
      [value], dims: Dims(), dtype: dtype ?? defaultDType, requiresGrad: requiresGrad, file: file,
      line: line)
  }

  /// A 0-d tensor of a whole number.
  ///
  /// - Parameters:
  ///   - value: The number.
  ///   - dtype: The type of the element.
  @_disfavoredOverload
  public convenience init(_ value: Int, dtype: DType = .i64) {
    self.init([value], dims: Dims(), dtype: dtype, requiresGrad: false, file: #file, line: #line)
  }

  /// A truth value as a tensor without dimensions.
  public convenience init(_ value: Bool) {
    self.init([value], dims: Dims(), dtype: .bool, requiresGrad: false, file: #file, line: #line)
  }

  /// A 1-d tensor of numbers, of the default dtype: `Tensor([1, 2, 3])`.
  ///
  /// - Parameters:
  ///   - values: The elements.
  ///   - dtype: The type of the elements; the default one if absent.
  ///   - requiresGrad: Whether operations on the tensor are recorded.
  /// - Precondition: Only a floating-point tensor requires a gradient.
  public convenience init(
    _ values: [Double], dtype: DType? = nil, requiresGrad: Bool = false,
    file: StaticString = #file, line: UInt = #line
  ) {
    self.init(
      values, dims: Dims([values.count]), dtype: dtype ?? defaultDType,
      requiresGrad: requiresGrad, file: file, line: line)
  }

  /// A 1-d tensor of floats.
  ///
  /// - Parameters:
  ///   - values: The elements.
  ///   - requiresGrad: Whether operations on the tensor are recorded.
  @_disfavoredOverload
  public convenience init(_ values: [Float], requiresGrad: Bool = false) {
    self.init(
      values, dims: Dims([values.count]), dtype: .f32, requiresGrad: requiresGrad, file: #file,
      line: #line)
  }

  /// A 1-d tensor of whole numbers from a variable; literals become the default dtype.
  ///
  /// - Parameters:
  ///   - values: The elements.
  ///   - dtype: The type of the elements.
  @_disfavoredOverload
  public convenience init(_ values: [Int], dtype: DType = .i64) {
    self.init(
      values, dims: Dims([values.count]), dtype: dtype, requiresGrad: false, file: #file,
      line: #line)
  }

  /// A 1-d tensor of truth values.
  public convenience init(_ values: [Bool]) {
    self.init(
      values, dims: Dims([values.count]), dtype: .bool, requiresGrad: false, file: #file,
      line: #line)
  }

  /// A matrix from its rows.
  ///
  /// - Parameters:
  ///   - rows: The elements, row by row.
  ///   - dtype: The type of the elements; the default one if absent.
  ///   - requiresGrad: Whether operations on the tensor are recorded.
  /// - Precondition: Every row has the same length; only a floating-point tensor requires a
  ///   gradient.
  public convenience init(
    _ rows: [[Double]], dtype: DType? = nil, requiresGrad: Bool = false,
    file: StaticString = #file, line: UInt = #line
  ) {
    self.init(
      joined(rows, file, line), dims: Dims([rows.count, rows.first?.count ?? 0]),
      dtype: dtype ?? defaultDType, requiresGrad: requiresGrad, file: file, line: line)
  }

  /// A matrix of whole numbers from its rows.
  ///
  /// - Parameters:
  ///   - rows: The elements, row by row.
  ///   - dtype: The type of the elements.
  /// - Precondition: Every row has the same length.
  @_disfavoredOverload
  public convenience init(
    _ rows: [[Int]], dtype: DType = .i64, file: StaticString = #file, line: UInt = #line
  ) {
    self.init(
      joined(rows, file, line), dims: Dims([rows.count, rows.first?.count ?? 0]), dtype: dtype,
      requiresGrad: false, file: file, line: line)
  }

  /// A matrix of truth values from its rows.
  ///
  /// - Precondition: Every row has the same length.
  public convenience init(
    _ rows: [[Bool]], file: StaticString = #file, line: UInt = #line
  ) {
    self.init(
      joined(rows, file, line), dims: Dims([rows.count, rows.first?.count ?? 0]), dtype: .bool,
      requiresGrad: false, file: file, line: line)
  }

  /// A 3-d tensor from its matrices.
  ///
  /// - Parameters:
  ///   - parts: The matrices, each by its rows.
  ///   - dtype: The type of the elements; the default one if absent.
  ///   - requiresGrad: Whether operations on the tensor are recorded.
  /// - Precondition: Every part has the same shape; only a floating-point tensor requires a
  ///   gradient.
  public convenience init(
    _ parts: [[[Double]]], dtype: DType? = nil, requiresGrad: Bool = false,
    file: StaticString = #file, line: UInt = #line
  ) {
    let rows = joined(parts, file, line)
    self.init(
      joined(rows, file, line),
      dims: Dims([parts.count, parts.first?.count ?? 0, rows.first?.count ?? 0]),
      dtype: dtype ?? defaultDType, requiresGrad: requiresGrad, file: file, line: line)
  }

  /// A 4-d tensor from its 3-d parts.
  ///
  /// - Parameters:
  ///   - parts: The 3-d parts, each by its matrices.
  ///   - dtype: The type of the elements; the default one if absent.
  ///   - requiresGrad: Whether operations on the tensor are recorded.
  /// - Precondition: Every part has the same shape; only a floating-point tensor requires a
  ///   gradient.
  public convenience init(
    _ parts: [[[[Double]]]], dtype: DType? = nil, requiresGrad: Bool = false,
    file: StaticString = #file, line: UInt = #line
  ) {
    let matrices = joined(parts, file, line)
    let rows = joined(matrices, file, line)
    self.init(
      joined(rows, file, line),
      dims: Dims([
        parts.count, parts.first?.count ?? 0, matrices.first?.count ?? 0, rows.first?.count ?? 0,
      ]), dtype: dtype ?? defaultDType, requiresGrad: requiresGrad, file: file, line: line)
  }
}

/// The elements of rows of one length, one row after another.
private func joined<T>(_ rows: [[T]], _ file: StaticString, _ line: UInt) -> [T] {
  for row in rows {
    require(
      row.count == rows[0].count,
      "Tensor needs rows of one length, got \(rows[0].count) and \(row.count); "
        + "fill up the shorter ones", file: file,
      line: line)
  }
  return rows.flatMap { $0 }
}
