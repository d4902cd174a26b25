/// (x - mean) / √(biased variance + eps) · weight + bias of rows of floats, in one record.
///
/// Two passes over a row in the cache forward and three backward, instead of one over memory for each of
/// nine operations.
///
/// - Parameters:
///   - x: Rows of `width` floats, at least one.
///   - weight: Floats as many as a row has, or none.
///   - bias: As `weight`.
func layerNormFused(
  _ x: Tensor, width n: Int, _ weight: Tensor? = nil, _ bias: Tensor? = nil, eps: Double
) -> Tensor {
  let out = Tensor(empty: x.dims, .f32)
  let rows = LayerRows(x.packed(), n, weight?.packed(), eps)
  let shifts = bias?.packed()
  let (p, o, w, b) = (rows.p, out.f32, rows.w, shifts?.f32)
  rows.each { row, center, scale in
    let (s, t) = (p + row &* n, o + row &* n)
    run(
      t, n, false, { (load(s, $0) - splat(center)) * splat(scale) },
      { (s[$0] - center) * scale })
    if let w { run(t, n, false, { load(t, $0) * load(w, $0) }, { t[$0] * w[$0] }) }
    if let b { run(t, n, false, { load(t, $0) + load(b, $0) }, { t[$0] + b[$0] }) }
  }
  let inputs = [x, weight, bias].compactMap { $0 }
  let (hasWeight, hasBias) = (weight != nil, bias != nil)
  return out.recorded(inputs) { y, g in
    guard let inputs = y.more else { return }
    let (x, w) = (inputs[0], hasWeight ? inputs[1] : nil)
    let b = hasBias ? inputs[inputs.count - 1] : nil
    if Tensor.isRecording {
      passBackRecorded(x, w, b, g, n, eps)
    } else {
      let rows = LayerRows(x.packed(), n, w?.packed(), eps)
      let slopes = g.packed()
      x.receive(rows.gradient(slopes.f32, x.dims))
      if let w { w.receive(rows.weightGradient(slopes.f32, w.dims, scaled: true)) }
      if let b { b.receive(rows.weightGradient(slopes.f32, b.dims, scaled: false)) }
    }
  }
}

/// Rows of floats to be normalised, one after another.
private struct LayerRows {
  let p: F32
  let w: F32?
  private let x: Tensor
  private let weight: Tensor?
  private let n: Int
  private let eps: Double
  private var count: Int { x.count / n }
  private var grain: Int { Swift.max(1, 16_384 / n) }

  init(_ x: Tensor, _ n: Int, _ weight: Tensor?, _ eps: Double) {
    (self.x, self.n, self.weight, self.eps) = (x, n, weight, eps)
    (p, w) = (x.f32, weight?.f32)
  }

  /// The mean of a row, and one over its standard deviation.
  @inline(__always)
  private func statistics(_ s: F32) -> (center: Float, scale: Float) {
    let center = runSum(s, n) / Float(n)
    let variance =
      runSum(
        n,
        {
          let d = load(s, $0) - splat(center)
          return d * d
        },
        {
          let d = s[$0] - center
          return d * d
        }) / Float(n)
    return (center, 1 / (variance + Float(eps)).squareRoot())
  }

  /// Calls `body` with each row, its mean and its scale.
  @inline(__always)
  func each(_ body: (_ row: Int, _ center: Float, _ scale: Float) -> Void) {
    parallel(count, grain: grain) { lo, hi in
      for row in lo..<hi {
        let (center, scale) = statistics(p + row &* n)
        body(row, center, scale)
      }
    }
  }

  /// r (gw - mean gw - x̂ mean(gw x̂)), with gw = g · weight, x̂ the normalised row and r its scale.
  func gradient(_ g: F32, _ dims: Dims) -> Tensor {
    let dx = Tensor(empty: dims, .f32)
    each { row, center, scale in
      let (s, d, o) = (p + row &* n, g + row &* n, dx.f32 + row &* n)
      // The gradient of the normalised row, put where the result will be.
      if let w {
        run(o, n, false, { load(d, $0) * load(w, $0) }, { d[$0] * w[$0] })
      } else {
        o.update(from: d, count: n)
      }
      let level = runSum(o, n) / Float(n)
      let slope =
        runSum(
          n, { load(o, $0) * ((load(s, $0) - splat(center)) * splat(scale)) },
          { o[$0] * ((s[$0] - center) * scale) }) / Float(n)
      run(
        o, n, false,
        {
          let unit = (load(s, $0) - splat(center)) * splat(scale)
          return splat(scale) * (load(o, $0) - splat(level) - unit * splat(slope))
        },
        {
          let unit = (s[$0] - center) * scale
          return scale * (o[$0] - level - unit * slope)
        })
    }
    return dx
  }

  /// Σ over rows of g x̂, or of g alone.
  func weightGradient(_ g: F32, _ dims: Dims, scaled: Bool) -> Tensor {
    let out = Tensor(empty: dims, .f32)
    sumInParts(
      count, atMost: 16, size: n, scratch: 0, cleared: 0,
      add: { rows, sum, _ in
        for row in rows {
          let (s, d) = (p + row &* n, g + row &* n)
          if scaled {
            let (center, scale) = statistics(s)
            run(
              sum, n, false,
              {
                let unit = (load(s, $0) - splat(center)) * splat(scale)
                return load(sum, $0) + load(d, $0) * unit
              }, { sum[$0] + d[$0] * ((s[$0] - center) * scale) })
          } else {
            addRun(sum, d, n)
          }
        }
      }, total: { out.f32.update(from: $0, count: n) })
    return out
  }
}

/// The same in recorded operations, for gradients of gradients.
private func passBackRecorded(
  _ x: Tensor, _ w: Tensor?, _ b: Tensor?, _ g: Tensor, _ n: Int, _ eps: Double
) {
  let shape = Dims([x.count / n, n])
  let (rows, slopes) = (x.reshaped(to: shape), g.reshaped(to: shape))
  let centered = rows - rows.mean(dim: 1, keepDim: true)
  let scale = rsqrt((centered * centered).mean(dim: 1, keepDim: true) + eps)
  let unit = centered * scale
  let inner = w.map { slopes * $0.reshaped(to: Dims([n])) } ?? slopes
  let level = inner.mean(dim: 1, keepDim: true)
  let slope = (inner * unit).mean(dim: 1, keepDim: true)
  x.receive((scale * (inner - level - unit * slope)).reshaped(to: x.dims))
  if let w { w.receive((slopes * unit).sum(dim: 0).reshaped(to: w.dims)) }
  if let b { b.receive(slopes.sum(dim: 0).reshaped(to: b.dims)) }
}
