extension Tensor {
  /// The order of each run along a dimension; NaN counts as larger than any number.
  private func order(_ r: Reduction, descending: Bool) -> Tensor {
    let out = Tensor(empty: r.x.dims, .i64)
    let (n, inner) = (r.n, r.inner)
    for k in 0..<(r.outer * inner) where n > 0 {
      let start = k / inner * n * inner + k % inner
      let keys = (0..<n).map { r.x.element(start + $0 * inner) }
      // Sorting positions with the position as the last criterion makes the sort stable.
      let sorted = (0..<n).sorted { i, j in
        let (a, b) = (keys[i], keys[j])
        if a == b || (a.isNaN && b.isNaN) { return i < j }
        if a.isNaN || b.isNaN { return descending ? a.isNaN : b.isNaN }
        return descending ? a > b : a < b
      }
      for i in 0..<n { out.i64[start + i * inner] = sorted[i] }
    }
    return out
  }

  /// The elements in order along a dimension, and where each came from; equal ones keep theirs.
  ///
  /// NaN is larger than any number.
  ///
  /// - Parameters:
  ///   - dim: The dimension; negative counts from the last.
  ///   - descending: Whether the largest come first, and NaN before them.
  /// - Returns: The elements, and the positions they had as `i64`.
  /// - Precondition: The dimension exists.
  public func sorted(
    dim: Int = -1, descending: Bool = false, file: StaticString = #file, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor) {
    let list = resolve(all: [dim], "sorted", file, line)
    let r = Reduction(self, list)
    let indices = order(r, descending: descending).arranged(as: dims)
    guard let d = list.first else { return (clone(), indices) }
    return (gathered(dim: d, index: indices), indices)
  }

  /// The positions that would put the elements in order along a dimension.
  ///
  /// Equal elements keep their order; NaN is larger than any number.
  ///
  /// - Parameters:
  ///   - dim: The dimension; negative counts from the last.
  ///   - descending: Whether the largest come first, and NaN before them.
  /// - Returns: Positions, `i64`, of the shape of this tensor.
  /// - Precondition: The dimension exists.
  public func argsort(
    dim: Int = -1, descending: Bool = false, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    noGrad { sorted(dim: dim, descending: descending, file: file, line: line).indices }
  }

  /// The `k` largest (or smallest) elements along a dimension, in order, and where each is.
  ///
  /// Of equal elements the earlier comes first; NaN is larger than any number.
  ///
  /// - Parameters:
  ///   - k: How many.
  ///   - dim: The dimension; negative counts from the last.
  ///   - largest: Whether the largest are taken, or the smallest.
  /// - Returns: The elements, and their positions as `i64`: `k` along the dimension.
  /// - Precondition: The dimension exists, `k` is in `0...size`, and the dtype is not bool.
  public func topK(
    _ k: Int, dim: Int = -1, largest: Bool = true, file: StaticString = #file, line: UInt = #line
  ) -> (values: Tensor, indices: Tensor) {
    requireNumbers("topK", file, line)
    let list = resolve(all: [dim], "topK", file, line)
    let n = list.first.map { dims[$0] } ?? 1
    require(
      k >= 0 && k <= n,
      "topK needs k in 0...\(n), got \(k); k counts along the dim", file: file, line: line)
    let r = Reduction(self, list)
    if let d = list.first, d == rank - 1, dtype.isFloatingPoint, k > 0, k <= 64, k * 8 <= n {
      var kept = dims
      kept[d] = k
      let (values, indices) = (Tensor(empty: kept, dtype), Tensor(empty: kept, .i64))
      topKernel(r, k, largest: largest, values, indices)
      let y = values.recorded(self, saves: false) { y, g in
        y.a.receive(g.scattered(dim: d, index: indices, into: y.a.dims))
      }
      return (y, indices)
    }
    let all = order(r, descending: largest).arranged(as: dims)
    guard let d = list.first else { return (clone(), all) }
    let indices = all.sliced(d, start: 0, count: k, step: 1).packed()
    return (gathered(dim: d, index: indices), indices)
  }

  /// The different values in order, where each element's value stands, and how often each occurs.
  ///
  /// Counts equality of numbers exactly: rounding makes values differ, so this is no test for a
  /// collapsed network. Every NaN is a value of its own.
  ///
  /// - Parameter dim: Compares whole slices of this dimension; `nil` compares elements.
  /// - Returns: `values`, `inverse` of the shape of what was compared, and `counts`.
  /// - Precondition: The dimension exists, and its slices have elements.
  public func unique(
    dim: Int? = nil, file: StaticString = #file, line: UInt = #line
  ) -> (values: Tensor, inverse: Tensor, counts: Tensor) {
    let flat = dim == nil
    let x = flat ? detach().flattened() : detach()
    let d = flat ? 0 : resolve(dim ?? 0, "unique", file, line)
    let n = x.dims[d]
    require(
      x.count > 0 || (0..<x.rank).allSatisfy { $0 == d || x.dims[$0] > 0 },
      "unique along dim \(d) needs elements in its slices, got shape \(shape); "
        + "flatten it first", file: file,
      line: line)
    let order = [d] + (0..<x.rank).filter { $0 != d }
    let rows = noGrad { x.permuted(order).reshaped([n, n == 0 ? 0 : x.count / n]).packed() }
    let width = n == 0 ? 0 : x.count / n
    func less(_ i: Int, _ j: Int) -> Bool? {
      for k in 0..<width {
        let (a, b) = (rows.element(i * width + k), rows.element(j * width + k))
        if a == b { continue }
        if a.isNaN || b.isNaN {
          if a.isNaN && b.isNaN { return i < j }
          return b.isNaN
        }
        return a < b
      }
      return nil
    }
    let sorted = (0..<n).sorted { less($0, $1) ?? ($0 < $1) }
    var firsts: [Int] = []
    var counts: [Int] = []
    var inverse = [Int](repeating: 0, count: n)
    for (place, i) in sorted.enumerated() {
      if place > 0 && less(sorted[place - 1], i) == nil {
        counts[counts.count - 1] += 1
      } else {
        firsts.append(i)
        counts.append(1)
      }
      inverse[i] = firsts.count - 1
    }
    let values = noGrad { x.indexSelected(dim: d, index: Tensor(firsts)) }
    let places = Tensor(inverse)
    return (values, flat ? places.arranged(as: dims) : places, Tensor(counts))
  }
}

/// A row of zeros with a one at the place each integer names.
///
/// - Parameters:
///   - classes: `i64`, of any shape.
///   - numClasses: The length of the rows; `nil` takes the largest integer plus one.
/// - Returns: `i64`, with one more dimension.
/// - Precondition: Integers from 0 to below `numClasses`, which is 1 or more; `nil` needs an
///   element.
public func oneHot(
  _ classes: Tensor, numClasses: Int? = nil, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  require(
    classes.dtype == .i64, "oneHot needs i64 classes, got \(classes.dtype); use to(.i64)",
    file: file, line: line)
  let x = classes.packed()
  let values = x.ints
  require(
    numClasses != nil || !values.isEmpty,
    "oneHot of no elements needs numClasses; say how many classes there are", file: file,
    line: line)
  let n = numClasses ?? ((values.max() ?? 0) + 1)
  for value in values where value < 0 || value >= n {
    refuse(
      "oneHot needs classes in 0..<\(n), got \(value); raise numClasses", file: file, line: line)
  }
  require(
    n > 0,
    "oneHot needs 1 or more classes, got \(n); leave numClasses out to count them", file: file,
    line: line)
  var dims = x.dims
  dims.append(n)
  let out = Tensor.full(dims, 0, .i64)
  for (i, value) in values.enumerated() { out.i64[i * n + value] = 1 }
  return out
}
