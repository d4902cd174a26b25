extension Tensor {
  /// This tensor as one of a shape it broadcasts to; a view, not recorded.
  @inline(__always)
  func shown(as target: Dims) -> Tensor {
    if dims == target { return self }
    return Tensor(
      view: self, offset: 0, dims: target, strides: strides.broadcast(from: dims, to: target))
  }

  /// The same elements in another shape; a view if there are no gaps; not recorded.
  func arranged(as target: Dims) -> Tensor {
    let x = packed()
    return Tensor(view: x, offset: 0, dims: target, strides: target.rowMajorStrides)
  }

  /// Returns the same elements in another shape; a view where they lie without gaps.
  ///
  /// - Parameter shape: The new sizes; one may be -1 and is then worked out.
  /// - Precondition: The number of elements stays the same.
  public func reshaped(
    _ shape: Int..., file: StaticString = #file, line: UInt = #line
  ) -> Tensor { reshaped(shape, file: file, line: line) }

  /// Returns the same elements in another shape.
  ///
  /// - Precondition: The number of elements stays the same; at most one size is -1.
  public func reshaped(
    _ shape: [Int], file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    reshaped(to: completed(shape, file, line))
  }

  func reshaped(to target: Dims) -> Tensor {
    arranged(as: target).recorded(self, saves: false) { y, g in
      y.a.receive(g.reshaped(to: y.a.dims))
    }
  }

  /// The shape with its -1 worked out.
  private func completed(_ shape: [Int], _ file: StaticString, _ line: UInt) -> Dims {
    var sizes = shape
    let unknown = sizes.indices.filter { sizes[$0] == -1 }
    let known = sizes.filter { $0 != -1 }.reduce(1) { $0 * $1 }
    require(
      unknown.count <= 1 && sizes.allSatisfy { $0 >= -1 } && sizes.count <= Dims.capacity,
      "reshaped needs sizes of 0 or more and at most one -1, got \(shape); "
        + "write -1 once for what is left over", file: file, line: line)
    if let i = unknown.first {
      require(
        known > 0 && count % known == 0,
        "reshaped cannot work out -1 in \(shape) for \(count) elements of shape \(self.shape); "
          + "choose sizes that divide \(count)", file: file, line: line)
      sizes[i] = count / known
    }
    require(
      sizes.reduce(1, *) == count,
      "reshaped needs \(count) elements for shape \(self.shape), got \(shape); "
        + "keep the product of the sizes", file: file, line: line)
    return Dims(sizes)
  }

  /// Returns the dimensions in another order; a view.
  ///
  /// - Precondition: `order` names every dimension once.
  public func permuted(_ order: Int..., file: StaticString = #file, line: UInt = #line) -> Tensor {
    permuted(order, file: file, line: line)
  }

  /// Returns the dimensions in another order; a view.
  ///
  /// - Precondition: `order` names every dimension once.
  public func permuted(_ order: [Int], file: StaticString = #file, line: UInt = #line) -> Tensor {
    let resolved = order.map { resolve($0, "permuted", file, line) }
    require(
      resolved.count == rank && Set(resolved).count == rank,
      "permuted needs each of \(rank) dims once, got \(order); name every dim", file: file,
      line: line)
    var d = Dims()
    var s = Dims()
    for i in resolved {
      d.append(dims[i])
      s.append(strides[i])
    }
    var inverse = resolved
    for (i, k) in resolved.enumerated() { inverse[k] = i }
    return Tensor(view: self, offset: 0, dims: d, strides: s)
      .recorded(self, saves: false) { y, g in y.a.receive(g.permuted(inverse)) }
  }

  /// Returns a view with two dimensions swapped.
  ///
  /// - Parameters:
  ///   - dim0: One dimension; negative counts from the last.
  ///   - dim1: The other; the same leaves all as it is.
  /// - Precondition: Both dimensions exist.
  public func transposed(
    _ dim0: Int, _ dim1: Int, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    let i = resolve(dim0, "transposed", file, line)
    let j = resolve(dim1, "transposed", file, line)
    var d = dims
    var s = strides
    if rank > 0 {
      (d[i], d[j]) = (dims[j], dims[i])
      (s[i], s[j]) = (strides[j], strides[i])
    }
    return Tensor(view: self, offset: 0, dims: d, strides: s)
      .recorded(self, saves: false) { y, g in y.a.receive(g.transposed(i, j)) }
  }

  /// The transpose of a matrix; vectors and single numbers stay as they are (PyTorch: `t()`).
  ///
  /// - Precondition: At most two dimensions.
  public func transposed(file: StaticString = #file, line: UInt = #line) -> Tensor {
    require(
      rank <= 2,
      "transposed() needs at most 2 dims, got shape \(shape); name two: transposed(-2, -1)",
      file: file, line: line)
    return rank == 2 ? transposed(0, 1) : reshaped(to: dims)
  }

  /// The transpose of a matrix.
  public var T: Tensor { transposed() }

  /// Returns a view without dimensions of size 1.
  ///
  /// - Parameter dim: The one to remove if its size is 1; `nil` removes all of size 1.
  /// - Precondition: The dimension exists.
  public func squeezed(
    dim: Int? = nil, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    squeezed(dim: dim.map { [$0] } ?? Array(0..<rank), file: file, line: line)
  }

  /// Returns a view without those of some dimensions whose size is 1.
  ///
  /// - Precondition: The dimensions exist and differ.
  public func squeezed(
    dim: [Int], file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    let list = dim.map { resolve($0, "squeezed", file, line) }
    require(
      Set(list).count == list.count,
      "squeezed needs different dims, got \(dim); name each once", file: file,
      line: line)
    var d = Dims()
    var s = Dims()
    for i in 0..<rank where !(list.contains(i) && dims[i] == 1) {
      d.append(dims[i])
      s.append(strides[i])
    }
    return Tensor(view: self, offset: 0, dims: d, strides: s)
      .recorded(self, saves: false) { y, g in y.a.receive(g.reshaped(to: y.a.dims)) }
  }

  /// Returns a view with a dimension of size 1 put in.
  ///
  /// - Parameter dim: Where it will be; negative counts from the last of the result.
  /// - Precondition: The dimension exists in the result.
  public func unsqueezed(dim: Int, file: StaticString = #file, line: UInt = #line) -> Tensor {
    let i = resolve(dim, "unsqueezed", file, line, extra: 1)
    var d = dims
    var s = strides
    d.insert(1, at: i)
    s.insert(1, at: i)
    return Tensor(view: self, offset: 0, dims: d, strides: s)
      .recorded(self, saves: false) { y, g in y.a.receive(g.reshaped(to: y.a.dims)) }
  }

  /// Returns a view of a larger shape in which sizes of 1 are repeated.
  ///
  /// - Parameter shape: The new sizes; -1 keeps one.
  /// - Precondition: Every size stays, or was 1.
  public func expanded(
    _ shape: Int..., file: StaticString = #file, line: UInt = #line
  ) -> Tensor { expanded(shape, file: file, line: line) }

  /// Returns a view of a larger shape in which sizes of 1 are repeated.
  ///
  /// - Precondition: Every size stays, or was 1.
  public func expanded(
    _ shape: [Int], file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    var sizes = shape
    let shift = shape.count - rank
    require(
      shift >= 0 && shape.count <= Dims.capacity,
      "expanded needs at least \(rank) sizes for shape \(self.shape), got \(shape); "
        + "write -1 for what stays", file: file,
      line: line)
    for i in 0..<sizes.count {
      if sizes[i] == -1 && i >= shift { sizes[i] = dims[i - shift] }
      require(
        sizes[i] >= 0 && (i < shift || dims[i - shift] == 1 || dims[i - shift] == sizes[i]),
        "expanded repeats only sizes of 1, got \(self.shape) to \(shape); "
          + "repeat others with repeated", file: file, line: line)
    }
    return expanded(to: Dims(sizes))
  }

  func expanded(to target: Dims) -> Tensor {
    if dims == target { return self }
    return Tensor(
      view: self, offset: 0, dims: target, strides: strides.broadcast(from: dims, to: target)
    ).recorded(self, saves: false) { y, g in y.a.receive(g.summed(to: y.a.dims)) }
  }

  /// Adds up what was broadcast, back to the shape it came from.
  func summed(to target: Dims) -> Tensor {
    if dims == target { return self }
    let shift = rank - target.rank
    var list: [Int] = []
    list.reserveCapacity(rank)
    for i in 0..<rank where i < shift || (target[i - shift] == 1 && dims[i] != 1) {
      list.append(i)
    }
    // Of dimensions that are gone in the target alone, none need be kept.
    let y = list.isEmpty ? self : summed(list, list.count > shift)
    return y.dims == target ? y : y.reshaped(to: target)
  }

  /// Merges a run of dimensions into one; a 0-d tensor becomes 1-d.
  ///
  /// - Parameters:
  ///   - startDim: The first dimension merged; negative counts from the last.
  ///   - endDim: The last one merged; negative counts from the last.
  /// - Returns: A view where the strides allow one, else a copy.
  /// - Precondition: The dimensions exist, and `startDim` does not come after `endDim`.
  public func flattened(
    startDim: Int = 0, endDim: Int = -1, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    let i = resolve(startDim, "flattened", file, line)
    let j = resolve(endDim, "flattened", file, line)
    require(
      i <= j,
      "flattened needs startDim up to endDim, got \(startDim) and \(endDim); "
        + "swap them", file: file,
      line: line)
    if rank == 0 { return reshaped(to: Dims([1])) }
    var d = Dims()
    for k in 0..<i { d.append(dims[k]) }
    d.append((i...j).reduce(1) { $0 * dims[$1] })
    for k in (j + 1)..<Swift.max(rank, j + 1) { d.append(dims[k]) }
    return reshaped(to: d)
  }
}
