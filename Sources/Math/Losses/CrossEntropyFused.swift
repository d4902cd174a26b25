/// The gradient of a loss, made together with it and handed out once.
private final class ReadyGradient {
  private var tensor: Tensor?
  init(_ tensor: Tensor?) { self.tensor = tensor }

  func take() -> Tensor? {
    let taken = tensor
    tensor = nil
    return taken
  }
}

/// The mean cross-entropy of rows of float scores, in one record.
///
/// A row is read once: its probabilities are in the cache when the loss is known, so that the gradient
/// of the loss is written at once; `backward()` mostly starts from 1 and takes it as it is.
///
/// - Parameters:
///   - index: Checked classes, shape `[n]`.
///   - counts: Which rows count.
func crossEntropyFused(_ x: Tensor, _ index: Tensor, _ counts: Tensor) -> Tensor {
  let (rows, n) = (x.dims[0], x.dims[1])
  let classes = Tensor(empty: index.dims, .i64)
  var used = 0
  for i in 0..<rows {
    let isUsed = counts.bool[i]
    classes.i64[i] = isUsed ? index.i64[i] : -1
    if isUsed { used += 1 }
  }
  let share = 1 / Float(used)
  let scores = x.packed()
  let isWanted = x.needsGradient && Tensor.isRecording
  let dx = isWanted ? Tensor(empty: x.dims, .f32) : nil
  let total = crossEntropyRows(
    scores.f32, rows, n, classes.i64, scale: share, gradient: dx?.f32)
  let out = Tensor(empty: Dims(), .f32)
  out.f32[0] = Float(total / Double(used))
  if !isWanted { return out }
  let ready = ReadyGradient(dx)
  return out.recorded(x) { y, g in
    let x = y.a
    if Tensor.isRecording {
      // For gradients of gradients, in operations that are recorded.
      let hits = Tensor.full(x.dims, 0, .f32)
      let weights = Tensor.full(Dims([rows, 1]), 0, .f32)
      for i in 0..<rows where classes.i64[i] >= 0 {
        hits.f32[i * n + classes.i64[i]] = 1
        weights.f32[i] = share
      }
      return x.receive((softmax(x, dim: 1) - hits) * weights * g)
    }
    let factor = g.f32[0]
    if let dx = ready.take() {
      if factor != 1 { for i in 0..<dx.count { dx.f32[i] *= factor } }
      return x.receive(dx)
    }
    let dx = Tensor(empty: x.dims, .f32)
    let scores = x.packed()
    _ = crossEntropyRows(
      scores.f32, rows, n, classes.i64, scale: share * factor, gradient: dx.f32)
    x.receive(dx)
  }
}
