/// x Wᵀ + bias of rows of floats `[n, in]`, and `relu` of it, in one record: the products and sums of
/// the operations it stands for, in the same order.
///
/// - Parameter relu: Whether negative results become 0.
func linearFused(_ x: Tensor, _ weight: Tensor, _ bias: Tensor, relu isGated: Bool) -> Tensor {
  var dims = x.dims
  dims[1] = weight.dims[0]
  let out = Tensor(empty: dims, .f32)
  multiply(x, recording(false) { weight.transposed(0, 1) }, out)
  let row = bias.packed()
  finishRows(out.f32, dims[0], dims[1], row.f32, isGated)
  return isGated
    ? out.recorded(x, weight, bias) { y, g in passBack(y, g.gated(y)) }
    : out.recorded(x, weight, bias) { y, g in passBack(y, g) }
}

private func passBack(_ y: Tensor, _ g: Tensor) {
  y.a.receive(matmul(g, y.b))
  y.b.receive(matmul(g.transposed(0, 1), y.a))
  y.c.receive(g.summed(to: y.c.dims))
}

private func finishRows(_ p: F32, _ rows: Int, _ n: Int, _ bias: F32, _ relu: Bool) {
  for row in 0..<rows {
    let q = p + row &* n
    if relu {
      for i in 0..<n {
        let value = q[i] + bias[i]
        q[i] = value <= 0 ? 0 : value
      }
    } else {
      for i in 0..<n { q[i] = q[i] + bias[i] }
    }
  }
}
