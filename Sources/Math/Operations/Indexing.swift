extension Tensor {
  /// Takes, along `dim`, the element that `index` names for each place of its own shape.
  func gatherPacked(_ dim: Int, _ index: Tensor) -> Tensor {
    let x = packed()
    let idx = index.packed()
    let out = Tensor(empty: index.dims, dtype)
    switch dtype.size {
    case 1: gatherElements(x, idx, out, dim, UInt8.self)
    case 4: gatherElements(x, idx, out, dim, UInt32.self)
    default: gatherElements(x, idx, out, dim, UInt64.self)
    }
    return out
  }

  /// Gathers elements along a dimension: out[i][j] = x[index[i][j]][j] for dim 0.
  ///
  /// - Parameters:
  ///   - dim: The dimension that the index counts along; negative counts from the last.
  ///   - index: `i64`, of this rank, nowhere larger than this tensor but along `dim`.
  /// - Returns: The shape of `index`.
  /// - Precondition: The dimension exists, the shapes fit, and indices are in `0..<size`; negative
  ///   ones are refused.
  public func gathered(
    dim: Int, index: Tensor, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    let d = resolve(dim, "gathered", file, line)
    if index.count == 0 && index.rank != rank { return Tensor(empty: index.dims, dtype) }
    require(
      Swift.max(index.rank, 1) == Swift.max(rank, 1),
      "gathered needs an index of rank \(rank), got shape \(index.shape); "
        + "unsqueeze it", file: file, line: line)
    for i in 0..<Swift.min(index.rank, rank) where i != d {
      require(
        index.dims[i] <= dims[i],
        "gathered needs an index no larger than \(shape) but along dim \(d), got \(index.shape); "
          + "narrow the index",
        file: file, line: line)
    }
    requireIndices(index, below: rank == 0 ? 1 : dims[d], "gathered", file, line)
    return gatherPacked(d, index).recorded(self, saves: false) { y, g in
      y.a.receive(g.scattered(dim: d, index: index, into: y.a.dims))
    }
  }

  func requireIndices(
    _ index: Tensor, below n: Int, _ function: StaticString, _ file: StaticString, _ line: UInt
  ) {
    require(
      index.dtype == .i64, "\(function) needs an i64 index, got \(index.dtype); use to(.i64)",
      file: file, line: line)
    let idx = index.packed()
    for i in 0..<idx.count where idx.i64[i] < 0 || idx.i64[i] >= n {
      refuse(
        "\(function) needs indices in 0..<\(n), got \(idx.i64[i]); count from 0", file: file,
        line: line)
    }
  }

  /// Zeros of a shape with these elements added where `index` points along `dim`: what `gathered`
  /// passes back.
  func scattered(dim: Int, index: Tensor, into target: Dims) -> Tensor {
    let out = Tensor.full(target, 0, dtype)
    let source = packed()
    let idx = index.packed()
    switch dtype {
    case .f32: scatterElements(source, idx, out, dim, Float.self)
    case .f64: scatterElements(source, idx, out, dim, Double.self)
    default: scatterElements(source, idx, out, dim, Int.self)
    }
    return out.recorded(self, saves: false) { y, g in
      y.a.receive(g.gathered(dim: dim, index: index))
    }
  }

  /// Takes whole slices along a dimension, in the order and as often as the index names them.
  ///
  /// - Parameters:
  ///   - dim: The dimension; negative counts from the last.
  ///   - index: `i64`, of at most one dimension.
  /// - Returns: The shape of this tensor, with as many slices along `dim` as the index has numbers.
  /// - Precondition: The dimension exists, and indices are in `0..<size`; negative ones are
  ///   refused.
  public func indexSelected(
    dim: Int, index: Tensor, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    let d = resolve(dim, "indexSelected", file, line)
    require(
      index.rank <= 1, "indexSelected needs a 1-d index, got shape \(index.shape); flatten it",
      file: file, line: line)
    requireIndices(index, below: rank == 0 ? 1 : dims[d], "indexSelected", file, line)
    if rank == 0 {
      require(
        index.count == 1,
        "indexSelected of a 0-d tensor needs one index, got \(index.count); "
          + "unsqueeze the tensor",
        file: file, line: line)
      return reshaped(to: Dims())
    }
    var target = dims
    target[d] = index.count
    let out = Tensor(empty: target, dtype)
    let x = packed()
    let idx = index.packed()
    var outer = 1
    for i in 0..<d { outer *= dims[i] }
    let inner = Dims(Array(shape.dropFirst(d + 1))).product
    let bytes = inner * dtype.size
    for o in 0..<outer {
      for k in 0..<idx.count {
        (out.raw + (o * idx.count + k) * bytes).copyMemory(
          from: x.raw + (o * dims[d] + idx.i64[k]) * bytes, byteCount: bytes)
      }
    }
    let source = dims
    return out.recorded(self, saves: false) { y, g in
      y.a.receive(g.indexAdded(dim: d, index: idx, into: source))
    }
  }

  /// Zeros of a shape with these slices added where `index` points: what `indexSelected` passes back.
  func indexAdded(dim d: Int, index: Tensor, into target: Dims) -> Tensor {
    let out = Tensor.full(target, 0, dtype)
    let source = packed()
    var outer = 1
    for i in 0..<d { outer *= target[i] }
    let inner = Dims(Array(target.array.dropFirst(d + 1))).product
    func add<T: Numeric>(_ p: UnsafeMutablePointer<T>, _ q: UnsafeMutablePointer<T>) {
      for o in 0..<outer {
        for k in 0..<index.count {
          let from = p + (o * index.count + k) * inner
          let to = q + (o * target[d] + index.i64[k]) * inner
          for i in 0..<inner { to[i] += from[i] }
        }
      }
    }
    switch dtype {
    case .f32: add(source.f32, out.f32)
    case .f64: add(source.f64, out.f64)
    default: add(source.i64, out.i64)
    }
    return out.recorded(self, saves: false) { y, g in
      y.a.receive(g.indexSelected(dim: d, index: index))
    }
  }

  /// The elements where a mask is true, in one dimension; tensor and mask broadcast.
  ///
  /// - Precondition: The mask is of dtype bool.
  public func maskedSelected(
    _ mask: Tensor, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    require(
      mask.dtype == .bool, "maskedSelected needs a bool mask, got \(mask.dtype); compare first",
      file: file, line: line)
    let all = broadcastDims(self, mask, "maskedSelected", file, line)
    let m = mask.shown(as: all).packed()
    let hits = (0..<m.count).filter { m.bool[$0] }
    return expanded(to: all).reshaped(to: Dims([all.product]))
      .indexSelected(dim: 0, index: Tensor(hits))
  }

  /// This tensor with one value where a mask is true; both broadcast.
  ///
  /// - Parameters:
  ///   - mask: Where to fill; bool, of a shape that broadcasts.
  ///   - value: What to put there; it takes the dtype of this tensor.
  /// - Returns: The broadcast shape; the gradient passes where the mask is false.
  /// - Precondition: The mask is of dtype bool, and the shapes broadcast.
  public func maskedFilled(
    _ mask: Tensor, _ value: Double, file: StaticString = #file, line: UInt = #line
  ) -> Tensor { maskedFilled(mask, Tensor.scalar(value, dtype), file: file, line: line) }

  /// This tensor with the value of a 0-d tensor where a mask is true.
  ///
  /// - Parameters:
  ///   - mask: Where to fill; bool, of a shape that broadcasts.
  ///   - value: What to put there, 0-d; it takes the dtype of this tensor, and the gradient from
  ///     where the mask is true.
  /// - Returns: The broadcast shape; the gradient passes where the mask is false.
  /// - Precondition: The mask is of dtype bool, the value 0-d, and the shapes broadcast.
  public func maskedFilled(
    _ mask: Tensor, _ value: Tensor, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    require(
      value.rank == 0, "maskedFilled needs a 0-d value, got shape \(value.shape); use where",
      file: file, line: line)
    return `where`(mask, value.to(dtype), self, file: file, line: line)
  }
}

@inline(__always)
private func forEachGathered(
  _ source: Dims, _ index: Tensor, _ dim: Int, _ body: (_ at: Int, _ from: Int) -> Void
) {
  let strides = source.rowMajorStrides
  let rank = index.rank
  if rank == 0 || source.rank == 0 {
    for i in 0..<index.count { body(i, 0 + (source.rank == 0 ? 0 : index.i64[i])) }
    return
  }
  if rank == 2 && dim == 1 {
    let (rows, width, step) = (index.dims[0], index.dims[1], strides[0])
    for row in 0..<rows {
      for k in (row &* width)..<(row &* width &+ width) { body(k, row &* step &+ index.i64[k]) }
    }
    return
  }
  var at = Dims(repeating: 0, count: rank)
  for i in 0..<index.count {
    var from = 0
    for d in 0..<rank { from &+= (d == dim ? index.i64[i] : at[d]) &* strides[d] }
    body(i, from)
    var d = rank - 1
    while d >= 0 {
      at[d] = at[d] + 1
      if at[d] < index.dims[d] { break }
      at[d] = 0
      d -= 1
    }
  }
}

private func gatherElements<T>(_ x: Tensor, _ index: Tensor, _ out: Tensor, _ dim: Int, _ t: T.Type)
{
  let p = x.pointer(t)
  let q = out.pointer(t)
  forEachGathered(x.dims, index, dim) { at, from in q[at] = p[from] }
}

private func scatterElements<T: Numeric>(
  _ g: Tensor, _ index: Tensor, _ out: Tensor, _ dim: Int, _ t: T.Type
) {
  let p = g.pointer(t)
  let q = out.pointer(t)
  forEachGathered(out.dims, index, dim) { at, to in q[to] += p[at] }
}
