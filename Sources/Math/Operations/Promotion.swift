extension DType {
  // bool, integer, floating point.
  fileprivate var category: Int {
    switch self {
    case .bool: 0
    case .i64: 1
    case .f32, .f64: 2
    }
  }
}

/// The dtype of a result of two tensors, by PyTorch's rule: the higher category wins; within one, a
/// tensor with dimensions wins over one without, and then the wider type.
@inline(__always)
func promoted(_ a: Tensor, _ b: Tensor) -> DType {
  if a.dtype == b.dtype { return a.dtype }
  if a.dtype.category != b.dtype.category {
    return a.dtype.category > b.dtype.category ? a.dtype : b.dtype
  }
  if a.isScalar != b.isScalar { return a.isScalar ? b.dtype : a.dtype }
  return a.dtype.rawValue > b.dtype.rawValue ? a.dtype : b.dtype
}

/// The shape two operands of an operation broadcast to; refuses shapes that do not.
@inline(__always)
func broadcastDims(
  _ a: Tensor, _ b: Tensor, _ function: StaticString, _ file: StaticString = #file,
  _ line: UInt = #line
) -> Dims {
  if a.dims == b.dims { return a.dims }
  guard let dims = Dims.broadcast(a.dims, b.dims) else {
    refuse(
      "\(function) needs shapes that broadcast, got \(a.shape) and \(b.shape); "
        + "compare sizes from the right: equal, or 1", file: file, line: line)
  }
  return dims
}
