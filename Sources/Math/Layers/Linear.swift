/// x Wᵀ + bias.
///
/// - Parameters:
///   - x: Shape `[*, in]`.
///   - weight: Shape `[out, in]`, or `[in]`.
///   - bias: Shape `[out]`, or none; there is none with a weight `[in]`.
/// - Returns: Shape `[*, out]`.
/// - Precondition: The sizes `in` are equal.
public func linear(
  _ x: Tensor, _ weight: Tensor, bias: Tensor? = nil, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  require(
    x.rank > 0 && (weight.rank == 1 || weight.rank == 2)
      && x.dims[x.rank - 1] == weight.dims[weight.rank - 1],
    "linear needs input [*, in] and weight [out, in], got \(x.shape) and \(weight.shape); "
      + "match the last sizes",
    file: file, line: line)
  require(
    bias == nil || weight.rank == 2,
    "linear with a bias needs a weight [out, in], got \(weight.shape); "
      + "unsqueeze the weight", file: file, line: line)
  if let bias, isFusable(x, weight, bias) { return linearFused(x, weight, bias, relu: false) }
  let y = matmul(x, weight.rank == 2 ? weight.transposed(0, 1) : weight, file: file, line: line)
  guard let bias else { return y }
  return y + bias
}

/// Whether `linear` of these is one record: rows, a matrix and a bias of floats.
///
/// Doubles keep the records of the operations: a weight used three times and more adds its gradients up
/// in their order, which golden values were computed in.
func isFusable(_ x: Tensor, _ weight: Tensor, _ bias: Tensor) -> Bool {
  x.rank == 2 && weight.rank == 2 && bias.rank == 1 && bias.dims[0] == weight.dims[0]
    && x.dims[1] == weight.dims[1] && x.dtype == .f32 && weight.dtype == .f32
    && bias.dtype == .f32
}
