extension Tensor {
  /// A result with a backward rule of the caller's own: PyTorch's `autograd.Function`.
  ///
  ///     let y = Tensor.custom([x], forward: { exp($0[0]) }) { inputs, y, g in [g * y] }
  ///
  /// - Parameters:
  ///   - inputs: What the result is computed from.
  ///   - forward: Computes it; not recorded.
  ///   - backward: From the inputs, the result and its gradient the gradients of the inputs, in
  ///     order; `nil` for one without. Recorded if gradients of gradients are asked for.
  /// - Precondition: `backward` gives a gradient (or `nil`) an input, of the input's shape.
  public static func custom(
    _ inputs: [Tensor], file: StaticString = #file, line: UInt = #line,
    forward: ([Tensor]) -> Tensor,
    backward: @escaping (_ inputs: [Tensor], _ y: Tensor, _ g: Tensor) -> [Tensor?]
  ) -> Tensor {
    let value = noGrad { forward(inputs) }
    // A fresh tensor, in case `forward` gave back an input.
    return value.detach().recorded(inputs) { y, g in
      let inputs = y.more ?? []
      let found = backward(inputs, y, g)
      require(
        found.count == inputs.count,
        "a custom backward needs \(inputs.count) gradients, got \(found.count); give nil for none",
        file: file, line: line)
      for (x, gradient) in zip(inputs, found) {
        guard let gradient else { continue }
        require(
          gradient.dims == x.dims,
          "a custom backward needs a gradient of shape \(x.shape), got \(gradient.shape); "
            + "reshape it, or give nil for none",
          file: file, line: line)
        x.receive(gradient)
      }
    }
  }
}
