extension Tensor {
  /// The largest element; ties share its gradient; NaN wins.
  ///
  /// - Precondition: There is an element.
  public func max(file: StaticString = #file, line: UInt = #line) -> Tensor {
    extreme(nil, largest: true, false, sharesNaN: true, "max", file, line)
  }

  /// The smallest element; ties share its gradient; NaN wins.
  ///
  /// - Precondition: There is an element.
  public func min(file: StaticString = #file, line: UInt = #line) -> Tensor {
    extreme(nil, largest: false, false, sharesNaN: true, "min", file, line)
  }

  /// The largest elements over some dimensions (an empty list: all); ties share their gradient.
  ///
  /// NaN wins, and its whole run then gets NaN for a gradient.
  ///
  /// - Parameters:
  ///   - dim: The dimensions; negative ones count from the last, and an empty list means all.
  ///   - keepDim: Whether the dimensions stay, with size 1.
  /// - Precondition: The dimensions exist and differ, and there is an element to choose.
  public func amax(
    dim: [Int] = [], keepDim: Bool = false, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    let list = resolve(all: dim, "amax", file, line)
    return extreme(
      list.isEmpty ? nil : list, largest: true, keepDim, sharesNaN: false, "amax", file, line)
  }

  /// The smallest elements over some dimensions (an empty list: all); ties share their gradient.
  ///
  /// NaN wins, and its whole run then gets NaN for a gradient.
  ///
  /// - Parameters:
  ///   - dim: The dimensions; negative ones count from the last, and an empty list means all.
  ///   - keepDim: Whether the dimensions stay, with size 1.
  /// - Precondition: The dimensions exist and differ, and there is an element to choose.
  public func amin(
    dim: [Int] = [], keepDim: Bool = false, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    let list = resolve(all: dim, "amin", file, line)
    return extreme(
      list.isEmpty ? nil : list, largest: false, keepDim, sharesNaN: false, "amin", file, line)
  }

  private func extreme(
    _ list: [Int]?, largest: Bool, _ keepDim: Bool, sharesNaN: Bool, _ name: StaticString,
    _ file: StaticString, _ line: UInt
  ) -> Tensor {
    let r = Reduction(self, list)
    requireElements(r, name, file, line)
    let out = Tensor(empty: keepDim ? r.ones : r.kept, dtype)
    extremeKernel(r, largest: largest, out, nil)
    let ones = r.ones
    return out.recorded(self) { y, g in
      let value = y.reshaped(to: ones)
      // Without dims the gradient of NaN goes to every NaN; with them the whole run gets NaN.
      let hits = noGrad {
        let equal = y.a .== value
        return sharesNaN
          ? equal.logicalOr(y.a.isNaN().logicalAnd(value.isNaN())) : equal
      }
      .to(y.a.dtype)
      let counts = Tensor(empty: ones, y.a.dtype)
      sumKernel(Reduction(hits, list), counts)
      y.a.receive((g.reshaped(to: ones) / counts) * hits)
    }
  }

  private func requireElements(
    _ r: Reduction, _ name: StaticString, _ file: StaticString, _ line: UInt
  ) {
    require(
      r.n > 0, "\(name) needs an element to choose, got shape \(shape); reduce another dim",
      file: file, line: line)
  }

  /// The largest elements along a dimension and where the first of each is.
  ///
  /// The first NaN wins; the gradient goes to the element chosen alone, unlike that of `amax`.
  ///
  /// - Parameters:
  ///   - dim: The dimension; negative counts from the last.
  ///   - keepDim: Whether the dimension stays, with size 1.
  /// - Returns: The elements, and their positions along the dimension as `i64`.
  /// - Precondition: The dimension exists and has an element.
  public func max(
    dim: Int, keepDim: Bool = false, file: StaticString = #file, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor) { chosen(dim, keepDim, largest: true, "max", file, line) }

  /// The smallest elements along a dimension and where the first of each is.
  ///
  /// The first NaN wins; the gradient goes to the element chosen alone, unlike that of `amin`.
  ///
  /// - Parameters:
  ///   - dim: The dimension; negative counts from the last.
  ///   - keepDim: Whether the dimension stays, with size 1.
  /// - Returns: The elements, and their positions along the dimension as `i64`.
  /// - Precondition: The dimension exists and has an element.
  public func min(
    dim: Int, keepDim: Bool = false, file: StaticString = #file, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor) { chosen(dim, keepDim, largest: false, "min", file, line) }

  private func chosen(
    _ dim: Int, _ keepDim: Bool, largest: Bool, _ name: StaticString, _ file: StaticString,
    _ line: UInt
  ) -> (values: Tensor, indices: Tensor) {
    let list = resolve(all: [dim], name, file, line)
    let r = Reduction(self, list)
    requireElements(r, name, file, line)
    let dims = keepDim ? r.ones : r.kept
    let values = Tensor(empty: dims, dtype)
    let indices = Tensor(empty: dims, .i64)
    extremeKernel(r, largest: largest, values, indices)
    let ones = r.ones
    let y = values.recorded(self, saves: false) { y, g in
      guard let d = list.first else { return y.a.receive(g) }
      y.a.receive(
        g.reshaped(to: ones).scattered(dim: d, index: indices.arranged(as: ones), into: y.a.dims))
    }
    return (y, indices)
  }

  /// Where the first largest element is, of the flattened tensor or along a dimension.
  ///
  /// The first NaN wins.
  ///
  /// - Parameters:
  ///   - dim: The dimension; negative counts from the last, and `nil` takes the flattened tensor.
  ///   - keepDim: Whether what is reduced stays, with size 1.
  /// - Returns: Positions, `i64`; one number without `dim`.
  /// - Precondition: The dimension exists, there is an element to choose, and the dtype is not
  ///   bool.
  public func argmax(
    dim: Int? = nil, keepDim: Bool = false, file: StaticString = #file, line: UInt = #line
  ) -> Tensor { position(dim, keepDim, largest: true, "argmax", file, line) }

  /// Where the first smallest element is, of the flattened tensor or along a dimension.
  ///
  /// The first NaN wins.
  ///
  /// - Parameters:
  ///   - dim: The dimension; negative counts from the last, and `nil` takes the flattened tensor.
  ///   - keepDim: Whether what is reduced stays, with size 1.
  /// - Returns: Positions, `i64`; one number without `dim`.
  /// - Precondition: The dimension exists, there is an element to choose, and the dtype is not
  ///   bool.
  public func argmin(
    dim: Int? = nil, keepDim: Bool = false, file: StaticString = #file, line: UInt = #line
  ) -> Tensor { position(dim, keepDim, largest: false, "argmin", file, line) }

  private func position(
    _ dim: Int?, _ keepDim: Bool, largest: Bool, _ name: StaticString, _ file: StaticString,
    _ line: UInt
  ) -> Tensor {
    requireNumbers(name, file, line)
    let list = dim.map { resolve(all: [$0], name, file, line) }
    let r = Reduction(self, list)
    requireElements(r, name, file, line)
    let indices = Tensor(empty: keepDim ? r.ones : r.kept, .i64)
    extremeKernel(r, largest: largest, Tensor(empty: indices.dims, dtype), indices)
    return indices
  }
}
