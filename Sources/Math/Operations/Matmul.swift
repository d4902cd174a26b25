/// The matrix product by PyTorch's rules.
///
/// Vectors are dotted; a vector beside a matrix is a row on its left or a column on its right;
/// dimensions before the last two are batches and broadcast.
///
/// - Parameters:
///   - x: Shape `[*, n, k]` or `[k]`.
///   - y: Shape `[*, k, m]` or `[k]`.
/// - Returns: Shape `[*, n, m]`, without the dimension that a vector lacks.
/// - Precondition: Both have dimensions, the inner sizes are equal and the batches broadcast.
public func matmul(
  _ x: Tensor, _ y: Tensor, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  require(
    x.rank > 0 && y.rank > 0,
    "matmul needs dimensions, got shapes \(x.shape) and \(y.shape); multiply numbers with *",
    file: file, line: line)
  let inner = y.rank == 1 ? y.dims[0] : y.dims[y.rank - 2]
  require(
    x.dims[x.rank - 1] == inner,
    "matmul needs equal inner sizes, got \(x.shape) and \(y.shape); transpose one",
    file: file, line: line)
  if x.rank == 2 && y.rank == 2 { return product(x, y, Dims()) }
  if x.rank == 1 && y.rank == 1 {
    return product(x.unsqueezed(dim: 0), y.unsqueezed(dim: 1), Dims()).reshaped(to: Dims())
  }
  if x.rank == 1 {
    return matmul(x.unsqueezed(dim: 0), y, file: file, line: line).squeezed(dim: -2)
  }
  if y.rank == 1 {
    return matmul(x, y.unsqueezed(dim: 1), file: file, line: line).squeezed(dim: -1)
  }
  if y.rank == 2 && x.isContiguous {
    // One product of all rows.
    let rows = x.reshaped(to: Dims([x.count / Swift.max(inner, 1), inner]))
    if inner > 0 {
      return product(rows, y, Dims()).reshaped(x.shape.dropLast() + [y.dims[1]])
    }
  }
  let batchX = Dims(Array(x.shape.dropLast(2)))
  let batchY = Dims(Array(y.shape.dropLast(2)))
  guard let batch = Dims.broadcast(batchX, batchY) else {
    refuse(
      "matmul needs batches that broadcast, got \(x.shape) and \(y.shape); "
        + "unsqueeze or expand one", file: file, line: line)
  }
  let a = x.expanded(to: Dims(batch.array + x.shape.suffix(2)))
  let b = y.expanded(to: Dims(batch.array + y.shape.suffix(2)))
  return product(a, b, batch)
}

/// The product of matrices with equal batches.
private func product(_ x: Tensor, _ y: Tensor, _ batch: Dims) -> Tensor {
  let dtype = promoted(x, y)
  var dims = batch
  dims.append(x.dims[x.rank - 2])
  dims.append(y.dims[y.rank - 1])
  let out = Tensor(empty: dims, dtype)
  multiply(x.cast(to: dtype), y.cast(to: dtype), out)
  return out.recorded(x, y) { r, g in
    r.in0.use { a in
      r.in1.use { b in
        a.receive(matmul(g, b.transposed(-2, -1)).to(a.dtype))
        b.receive(matmul(a.transposed(-2, -1), g).to(b.dtype))
      }
    }
  }
}

/// Multiplies each pair of matrices of a batch.
func multiply(_ x: Tensor, _ y: Tensor, _ out: Tensor) {
  let r = out.rank
  let (m, n, k) = (out.dims[r - 2], out.dims[r - 1], x.dims[r - 1])
  let x = plainMatrices(x)
  let y = plainMatrices(y)
  let plane = m * n
  if out.dtype == .f32, r == 2, m == n, m >= 960, k > 0, x.raw == y.raw,
    x.strides[0] == y.strides[1], x.strides[1] == y.strides[0]
  {
    // A matrix and its own transpose.
    return gemmSymmetric(n, k, operand(x, 0, Float.self), out.f32)
  }
  var done = 0
  var index = Dims(repeating: 0, count: r)
  var (ox, oy) = (0, 0)
  let batches = plane == 0 ? 0 : out.count / plane
  while done < batches {
    switch out.dtype {
    case .f32:
      gemm(
        m, n, k, operand(x, ox, Float.self), operand(y, oy, Float.self), out.f32 + done * plane, n)
    case .f64:
      gemm(
        m, n, k, operand(x, ox, Double.self), operand(y, oy, Double.self), out.f64 + done * plane, n
      )
    case .i64:
      gemm(m, n, k, operand(x, ox, Int.self), operand(y, oy, Int.self), out.i64 + done * plane, n)
    case .bool: refuse("matmul needs numbers, got bool; convert with to(.f32)")
    }
    done += 1
    var d = r - 3
    while d >= 0 {
      index[d] = index[d] + 1
      ox += x.strides[d]
      oy += y.strides[d]
      if index[d] < out.dims[d] { break }
      ox -= x.strides[d] * out.dims[d]
      oy -= y.strides[d] * out.dims[d]
      index[d] = 0
      d -= 1
    }
  }
}

@inline(__always)
private func operand<T>(_ x: Tensor, _ offset: Int, _ type: T.Type) -> Operand<T> {
  Operand(
    p: x.pointer(type) + offset, rows: x.strides[x.rank - 2], columns: x.strides[x.rank - 1])
}

/// Matrices that repeat or skip in both directions are copied, so that one stride is 1.
private func plainMatrices(_ x: Tensor) -> Tensor {
  let (rows, columns) = (x.strides[x.rank - 2], x.strides[x.rank - 1])
  return rows == 1 || columns == 1 ? x : x.packed()
}

/// The product of two matrices.
///
/// - Parameters:
///   - x: Shape `[n, k]`.
///   - y: Shape `[k, m]`.
/// - Returns: Shape `[n, m]`.
/// - Precondition: Both are 2-d with equal inner sizes.
public func mm(
  _ x: Tensor, _ y: Tensor, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  require(
    x.rank == 2 && y.rank == 2, "mm needs two matrices, got \(x.shape) and \(y.shape); use matmul",
    file: file, line: line)
  return matmul(x, y, file: file, line: line)
}

/// The products of two batches of matrices.
///
/// - Parameters:
///   - x: Shape `[b, n, k]`.
///   - y: Shape `[b, k, m]`.
/// - Returns: Shape `[b, n, m]`.
/// - Precondition: Both are 3-d with equal batches and inner sizes.
public func bmm(
  _ x: Tensor, _ y: Tensor, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  require(
    x.rank == 3 && y.rank == 3 && x.dims[0] == y.dims[0],
    "bmm needs two batches of matrices of one length, got \(x.shape) and \(y.shape); use matmul",
    file: file, line: line)
  return matmul(x, y, file: file, line: line)
}

/// The product of a matrix and a vector.
///
/// - Parameters:
///   - x: Shape `[n, k]`.
///   - y: Shape `[k]`.
/// - Returns: Shape `[n]`.
/// - Precondition: 2-d and 1-d, with equal inner sizes.
public func mv(
  _ x: Tensor, _ y: Tensor, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  require(
    x.rank == 2 && y.rank == 1,
    "mv needs a matrix and a vector, got \(x.shape) and \(y.shape); "
      + "use matmul for other shapes",
    file: file, line: line)
  return matmul(x, y, file: file, line: line)
}

/// The dot product Σ xy of two vectors.
///
/// - Parameters:
///   - x: Shape `[n]`.
///   - y: Shape `[n]`.
/// - Returns: A scalar.
/// - Precondition: Both are 1-d and of one length.
public func dot(
  _ x: Tensor, _ y: Tensor, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  require(
    x.rank == 1 && y.rank == 1 && x.count == y.count,
    "dot needs two vectors of one length, got \(x.shape) and \(y.shape); flatten, or use matmul",
    file: file, line: line)
  return matmul(x, y, file: file, line: line)
}

/// The outer product of two vectors: shape `[n, m]`.
///
/// - Parameters:
///   - x: Shape `[n]`.
///   - y: Shape `[m]`.
/// - Precondition: Both are 1-d.
public func outer(
  _ x: Tensor, _ y: Tensor, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  require(
    x.rank == 1 && y.rank == 1, "outer needs two vectors, got \(x.shape) and \(y.shape); flatten",
    file: file, line: line)
  return x.unsqueezed(dim: 1) * y.unsqueezed(dim: 0)
}
