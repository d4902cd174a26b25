extension Tensor {
  /// The dimensions of a reduction, counted from the first and different from one another.
  func resolve(
    all list: [Int], _ function: StaticString, _ file: StaticString, _ line: UInt
  ) -> [Int] {
    let resolved = list.map { resolve($0, function, file, line) }
    require(
      resolved.indices.allSatisfy { !resolved[..<$0].contains(resolved[$0]) },
      "\(function) needs different dims, got \(list); name each once", file: file, line: line)
    return rank == 0 ? [] : resolved
  }

  /// A gradient of a reduction, shown in the shape reduced.
  func spread(over x: Tensor, _ ones: Dims) -> Tensor {
    (dims == ones ? self : reshaped(to: ones)).expanded(to: x.dims)
  }

  /// The sum of all elements, 0 of none; integers and bools sum to `i64`.
  public func sum() -> Tensor { summed(nil, false) }

  /// The sum over one dimension.
  ///
  /// - Parameters:
  ///   - dim: The dimension; negative counts from the last.
  ///   - keepDim: Whether the dimension stays, with size 1.
  /// - Precondition: The dimension exists.
  public func sum(
    dim: Int, keepDim: Bool = false, file: StaticString = #file, line: UInt = #line
  ) -> Tensor { summed(resolve(all: [dim], "sum", file, line), keepDim) }

  /// The sum over some dimensions; an empty list means all.
  ///
  /// Integers and bools sum to `i64`.
  ///
  /// - Parameters:
  ///   - dim: The dimensions; negative ones count from the last, and an empty list means all.
  ///   - keepDim: Whether the dimensions stay, with size 1.
  /// - Precondition: The dimensions exist and differ.
  public func sum(
    dim: [Int], keepDim: Bool = false, file: StaticString = #file, line: UInt = #line
  ) -> Tensor { summed(dim.isEmpty ? nil : resolve(all: dim, "sum", file, line), keepDim) }

  /// The sum over dimensions, resolved and different; `nil` for all.
  func summed(_ list: [Int]?, _ keepDim: Bool) -> Tensor {
    let r = Reduction(self, list)
    let out = Tensor(
      empty: keepDim ? r.ones : r.kept, dtype.isFloatingPoint ? dtype : .i64)
    sumKernel(r, out)
    if !needsGradient { return out }
    if list == nil && !keepDim {
      return out.recorded(self, saves: false) { y, g in
        y.in0.use { $0.receive(g.expanded(to: $0.dims)) }
      }
    }
    let ones = r.ones
    return out.recorded(self, saves: false) { y, g in y.a.receive(g.spread(over: y.a, ones)) }
  }

  /// The mean of all elements; NaN of none.
  ///
  /// - Precondition: The elements are floating-point numbers.
  public func mean(file: StaticString = #file, line: UInt = #line) -> Tensor {
    requireFloat("mean", file, line)
    return sum() / Double(count)
  }

  /// The mean over one dimension.
  ///
  /// NaN of no elements.
  ///
  /// - Parameters:
  ///   - dim: The dimension; negative counts from the last.
  ///   - keepDim: Whether the dimension stays, with size 1.
  /// - Precondition: The dimension exists; the elements are floating-point numbers.
  public func mean(
    dim: Int, keepDim: Bool = false, file: StaticString = #file, line: UInt = #line
  ) -> Tensor { mean(dim: [dim], keepDim: keepDim, file: file, line: line) }

  /// The mean over some dimensions; an empty list means all.
  ///
  /// NaN of no elements.
  ///
  /// - Parameters:
  ///   - dim: The dimensions; negative ones count from the last, and an empty list means all.
  ///   - keepDim: Whether the dimensions stay, with size 1.
  /// - Precondition: The dimensions exist and differ; the elements are floating-point numbers.
  public func mean(
    dim: [Int], keepDim: Bool = false, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    requireFloat("mean", file, line)
    let total = sum(dim: dim, keepDim: keepDim, file: file, line: line)
    return total / Double(reducedCount(dim))
  }

  /// How many elements each result of a reduction is made of.
  func reducedCount(_ dim: [Int]) -> Int {
    dim.isEmpty || rank == 0
      ? count : dim.reduce(1) { $0 * dims[$1 < 0 ? $1 + rank : $1] }
  }

  func requireFloat(
    _ function: StaticString, _ file: StaticString = #file, _ line: UInt = #line
  ) {
    require(
      dtype.isFloatingPoint,
      "\(function) needs floating-point numbers, got \(dtype); convert with to(.f32)",
      file: file, line: line)
  }

  /// The product of all elements.
  ///
  /// Each element's gradient is the product of the others; where two or more are 0 it is 0 for all.
  public func prod() -> Tensor {
    rank == 0 ? prod(dim: 0) : flattened().producted(dim: 0, isTotal: true, false, #file, #line)
  }

  /// The product over one dimension.
  ///
  /// 1 of no elements. Each element's gradient is the product of the others, also beside zeros.
  ///
  /// - Parameters:
  ///   - dim: The dimension; negative counts from the last.
  ///   - keepDim: Whether the dimension stays, with size 1.
  /// - Precondition: The dimension exists.
  public func prod(
    dim: Int, keepDim: Bool = false, file: StaticString = #file, line: UInt = #line
  ) -> Tensor { producted(dim: dim, isTotal: false, keepDim, file, line) }

  private func producted(
    dim: Int, isTotal: Bool, _ keepDim: Bool, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    let list = resolve(all: [dim], "prod", file, line)
    let r = Reduction(dtype == .bool ? cast(to: .i64) : self, list)
    let out = Tensor(empty: keepDim ? r.ones : r.kept, r.x.dtype)
    productKernel(r, out)
    let d = list.first ?? 0
    return out.recorded(self) { y, g in
      // The product of the others, not y / x: an element may be 0.
      let x = y.a
      if x.rank == 0 { return x.receive(g) }
      let zeros = noGrad { (x .== 0).sum() }.ints[0]
      if isTotal && zeros > 1 && !Tensor.isRecording {
        // Also beside NaN and infinity, as in PyTorch.
        return x.receive(Tensor.zeros(like: x))
      }
      // In double, as in PyTorch: products of floats overflow that a 0 brings back.
      let others =
        zeros > 0
        ? x.to(.f64).productOfOthers(dim: d).to(x.dtype) : y.spread(over: x, r.ones) / x
      x.receive(g.spread(over: x, r.ones) * others)
    }
  }

  /// For every element the product of the others along a dimension.
  private func productOfOthers(dim: Int) -> Tensor {
    let n = dims[dim]
    if n == 0 { return self }
    var before: [Tensor] = []
    var product = Tensor.ones(like: selected(dim: dim, index: 0))
    for i in 0..<n {
      before.append(product)
      product = product * selected(dim: dim, index: i)
    }
    product = Tensor.ones(like: product)
    for i in (0..<n).reversed() {
      before[i] = before[i] * product
      product = product * selected(dim: dim, index: i)
    }
    return stack(before, dim: dim)
  }

  /// The cumulative sum along a dimension.
  ///
  /// - Precondition: The dimension exists.
  public func cumsum(dim: Int, file: StaticString = #file, line: UInt = #line) -> Tensor {
    let list = resolve(all: [dim], "cumsum", file, line)
    let r = Reduction(dtype == .bool ? cast(to: .i64) : self, list)
    let out = Tensor(empty: dims, r.x.dtype)
    switch r.x.dtype {
    case .f32: accumulate(r, out.f32, r.x.f32)
    case .f64: accumulate(r, out.f64, r.x.f64)
    default: accumulate(r, out.i64, r.x.i64)
    }
    let d = list.first
    return out.recorded(self, saves: false) { y, g in
      guard let d else { return y.a.receive(g) }
      y.a.receive(g.flipped(dims: [d]).cumsum(dim: d).flipped(dims: [d]))
    }
  }

  private func accumulate<T: Numeric>(
    _ r: Reduction, _ q: UnsafeMutablePointer<T>, _ p: UnsafeMutablePointer<T>
  ) {
    for k in 0..<(r.outer * r.inner) where r.n > 0 {
      var i = k / r.inner * r.n * r.inner + k % r.inner
      var total: T = 0
      for _ in 0..<r.n {
        total += p[i]
        q[i] = total
        i += r.inner
      }
    }
  }

  /// Whether all elements are not 0, as a 0-d bool tensor; true of none.
  public func all() -> Tensor { truth(nil, all: true, false) }

  /// Whether any element is not 0, as a 0-d bool tensor; false of none.
  public func any() -> Tensor { truth(nil, all: false, false) }

  /// Whether all elements along some dimensions are not 0; an empty list means none is reduced.
  ///
  /// - Parameters:
  ///   - dim: The dimensions; negative ones count from the last.
  ///   - keepDim: Whether the dimensions stay, with size 1.
  /// - Precondition: The dimensions exist and differ.
  public func all(
    dim: [Int], keepDim: Bool = false, file: StaticString = #file, line: UInt = #line
  ) -> Tensor { truth(resolve(all: dim, "all", file, line), all: true, keepDim) }

  /// Whether any element along some dimensions is not 0; an empty list means none is reduced.
  ///
  /// - Parameters:
  ///   - dim: The dimensions; negative ones count from the last.
  ///   - keepDim: Whether the dimensions stay, with size 1.
  /// - Precondition: The dimensions exist and differ.
  public func any(
    dim: [Int], keepDim: Bool = false, file: StaticString = #file, line: UInt = #line
  ) -> Tensor { truth(resolve(all: dim, "any", file, line), all: false, keepDim) }

  private func truth(_ list: [Int]?, all: Bool, _ keepDim: Bool) -> Tensor {
    if let list, list.isEmpty { return cast(to: .bool) }
    let r = Reduction(cast(to: .bool), list)
    let out = Tensor(empty: keepDim ? r.ones : r.kept, .bool)
    truthKernel(r, all: all, out)
    return out
  }
}
