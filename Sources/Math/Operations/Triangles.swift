extension Tensor {
  private func triangle(
    _ diagonal: Int, upper: Bool, _ name: StaticString, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    require(
      rank >= 2,
      "\(name) needs at least 2 dims, got shape \(shape); unsqueeze it", file: file, line: line)
    let (rows, columns) = (dims[rank - 2], dims[rank - 1])
    let mask = Tensor(empty: Dims([rows, columns]), .bool)
    for i in 0..<rows {
      for j in 0..<columns {
        mask.bool[i * columns + j] = upper ? j - i >= diagonal : j - i <= diagonal
      }
    }
    return `where`(mask, self, Tensor.scalar(0, dtype))
  }

  /// The lower triangle of the last two dimensions, the rest 0.
  ///
  /// - Parameter diagonal: The last diagonal kept; 0 is the main one, positive ones lie above it.
  /// - Precondition: At least two dimensions.
  public func lowerTriangle(
    diagonal: Int = 0, file: StaticString = #file, line: UInt = #line
  ) -> Tensor { triangle(diagonal, upper: false, "lowerTriangle", file, line) }

  /// The upper triangle of the last two dimensions, the rest 0.
  ///
  /// - Parameter diagonal: The first diagonal kept; 0 is the main one, positive ones lie above it.
  /// - Precondition: At least two dimensions.
  public func upperTriangle(
    diagonal: Int = 0, file: StaticString = #file, line: UInt = #line
  ) -> Tensor { triangle(diagonal, upper: true, "upperTriangle", file, line) }

  /// A view of a diagonal of two dimensions, as the last dimension of the result.
  ///
  /// - Parameters:
  ///   - offset: Which diagonal; 0 is the main one, positive ones lie above it, and one outside is
  ///     empty.
  ///   - dim1: The dimension of rows; negative counts from the last.
  ///   - dim2: The dimension of columns; negative counts from the last.
  /// - Precondition: At least two dimensions; both named exist and differ.
  public func diagonal(
    offset: Int = 0, dim1: Int = 0, dim2: Int = 1, file: StaticString = #file,
    line: UInt = #line
  ) -> Tensor {
    require(
      rank >= 2,
      "diagonal needs at least 2 dims, got shape \(shape); unsqueeze it", file: file, line: line)
    let i = resolve(dim1, "diagonal", file, line)
    let j = resolve(dim2, "diagonal", file, line)
    require(
      i != j,
      "diagonal needs two different dims, got \(dim1) and \(dim2); "
        + "name the rows' and the columns'", file: file, line: line)
    let y = diagonalView(offset, i, j)
    return y.recorded(self, saves: false) { y, g in
      y.a.receive(g.embeddedDiagonal(in: y.a.dims, offset, i, j))
    }
  }

  private func diagonalView(_ offset: Int, _ i: Int, _ j: Int) -> Tensor {
    let rows = dims[i] + Swift.min(offset, 0)
    let columns = dims[j] - Swift.max(offset, 0)
    let n = Swift.max(0, Swift.min(rows, columns))
    var d = dims
    var s = strides
    let start = offset >= 0 ? offset * strides[j] : -offset * strides[i]
    d.remove(at: Swift.max(i, j))
    d.remove(at: Swift.min(i, j))
    s.remove(at: Swift.max(i, j))
    s.remove(at: Swift.min(i, j))
    d.append(n)
    s.append(0)
    s[s.rank - 1] = strides[i] + strides[j]
    return Tensor(view: self, offset: n > 0 ? start : 0, dims: d, strides: s)
  }

  private func embeddedDiagonal(in target: Dims, _ offset: Int, _ i: Int, _ j: Int) -> Tensor {
    let out = Tensor.full(target, 0, dtype)
    unpack(packed(), into: out.diagonalView(offset, i, j))
    return out.recorded(self, saves: false) { y, g in
      y.a.receive(g.diagonal(offset: offset, dim1: i, dim2: j))
    }
  }
}
