/// Rows of a table by their numbers.
///
/// - Parameters:
///   - index: `i64`, of any shape.
///   - weight: The table, shape `[n, d]`.
///   - paddingIndex: A row that gets no gradient; negative counts from the end.
///   - maxNorm: Rows used with a larger norm are scaled down to it, in place.
///   - normType: The order of that norm.
///   - scaleGradByFreq: Whether a row's gradient is divided by how often it was used.
/// - Returns: The shape of `index` and then `d`.
/// - Precondition: The table is a matrix, and indices are in `0..<n`.
public func embedding(
  _ index: Tensor, _ weight: Tensor, paddingIndex: Int? = nil, maxNorm: Double? = nil,
  normType: Double = 2, scaleGradByFreq: Bool = false, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  require(
    weight.rank == 2,
    "embedding needs a table [n, d], got \(weight.shape); unsqueeze a single row", file: file,
    line: line)
  let n = weight.dims[0]
  weight.requireIndices(index, below: n, "embedding", file, line)
  if let paddingIndex {
    require(
      paddingIndex >= -n && paddingIndex < n,
      "embedding needs a paddingIndex within \(n) rows, got \(paddingIndex); "
        + "count from 0, or from -1 backwards", file: file,
      line: line)
  }
  let places = index.packed().ints
  if let maxNorm {
    noGrad {
      for row in Set(places) {
        let vector = weight.detach().selected(dim: 0, index: row)
        let norm = vector.norm(p: normType).item()
        if norm > maxNorm { vector.overwrite(vector * (maxNorm / (norm + 1e-7))) }
      }
    }
  }
  let padding = paddingIndex.map { $0 < 0 ? $0 + n : $0 }
  let flat = index.arranged(as: Dims([index.count]))
  let rows = noGrad { weight.indexSelected(dim: 0, index: flat) }
  let source = weight.dims
  let y = rows.recorded(weight, saves: false) { y, g in
    var g = g
    if let padding { g = g.maskedFilled((flat .== Double(padding)).unsqueezed(dim: 1), 0) }
    if scaleGradByFreq {
      var counts = [Int](repeating: 0, count: n)
      for place in places { counts[place] += 1 }
      let share = Tensor(places.map { 1 / Double(counts[$0]) }, dtype: g.dtype)
      g = g * share.unsqueezed(dim: 1)
    }
    y.a.receive(g.indexAdded(dim: 0, index: flat, into: source))
  }
  return y.reshaped(index.shape + [weight.dims[1]])
}
