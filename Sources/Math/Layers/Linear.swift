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
  require(
    x.rank > 0 && (weight.rank == 1 || weight.rank == 2)
      && x.dims[x.rank - 1] == weight.dims[weight.rank - 1],
    "linear needs input [*, in] and weight [out, in], got \(x.shape) and \(weight.shape)",
    file: file, line: line)
  require(
    bias == nil || weight.rank == 2,
    "linear with a bias needs a weight [out, in], got \(weight.shape)", file: file, line: line)
  let y = matmul(x, weight.rank == 2 ? weight.transposed(0, 1) : weight, file: file, line: line)
  guard let bias else { return y }
  return y + bias
}
