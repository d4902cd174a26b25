import CMathKernels

/// Mean and biased variance of each channel of a batch `[n, c, *]`, and normalising by them.
struct BatchStatistics {
  let mean: Tensor
  let variance: Tensor
  private let scale: Tensor
  private let shape: (n: Int, c: Int, plane: Int)
  private let eps: Double

  init(_ x: Tensor, _ eps: Double) {
    let c = x.dims[1]
    let plane = Dims(Array(x.shape.dropFirst(2))).product
    shape = (x.dims[0], c, plane)
    self.eps = eps
    mean = Tensor(empty: Dims([c]), x.dtype)
    variance = Tensor(empty: Dims([c]), x.dtype)
    scale = Tensor(empty: Dims([c]), x.dtype)
    let source = x.packed()
    if x.dtype == .f32 { measure(source.f32) } else { measure(source.f64) }
  }

  @inline(__always)
  private func measure<T: BinaryFloatingPoint>(_ p: UnsafeMutablePointer<T>) {
    let (n, c, plane) = shape
    let (m, v, r) = (mean.pointer(T.self), variance.pointer(T.self), scale.pointer(T.self))
    parallel(c, grain: 1) { lo, hi in
      for k in lo..<hi {
        var total = 0.0
        for i in 0..<n {
          let run = p + (i &* c &+ k) &* plane
          total += lanes(plane) { Double(run[$0]) }
        }
        let center = total / Double(n &* plane)
        var spread = 0.0
        for i in 0..<n {
          let run = p + (i &* c &+ k) &* plane
          spread += lanes(plane) {
            let d = Double(run[$0]) - center
            return d * d
          }
        }
        let value = spread / Double(n &* plane)
        m[k] = T(center)
        v[k] = T(value)
        r[k] = T(1 / (value + eps).squareRoot())
      }
    }
  }

  /// (x - mean) / √(variance + eps) · weight + bias.
  func normalized(_ x: Tensor, _ weight: Tensor?, _ bias: Tensor?) -> Tensor {
    let w = weight ?? Tensor.full(mean.dims, 1, x.dtype)
    let b = bias ?? Tensor.full(mean.dims, 0, x.dtype)
    let y = Tensor(empty: x.dims, x.dtype)
    let source = x.packed()
    let factors = w.cast(to: x.dtype).packed()
    let shifts = b.cast(to: x.dtype).packed()
    if x.dtype == .f32 {
      write(source.f32, factors.f32, shifts.f32, y.f32)
    } else {
      write(source.f64, factors.f64, shifts.f64, y.f64)
    }
    return y.recorded(x, w, b) { y, g in
      if Tensor.isRecording {
        passBackRecorded(y, g)
      } else if y.dtype == .f32 {
        passBack(y, g, Float.self)
      } else {
        passBack(y, g, Double.self)
      }
    }
  }

  @inline(__always)
  private func write<T: BinaryFloatingPoint>(
    _ p: UnsafeMutablePointer<T>, _ w: UnsafeMutablePointer<T>, _ b: UnsafeMutablePointer<T>,
    _ q: UnsafeMutablePointer<T>
  ) {
    let (n, c, plane) = shape
    let (m, r) = (mean.pointer(T.self), scale.pointer(T.self))
    parallel(n &* c, grain: Swift.max(1, 16_384 / Swift.max(1, plane))) { lo, hi in
      for job in lo..<hi {
        let k = job % c
        let (center, factor, shift) = (m[k], r[k] * w[k], b[k])
        let (s, t) = (p + job &* plane, q + job &* plane)
        for i in 0..<plane { t[i] = (s[i] - center) * factor + shift }
      }
    }
  }

  /// dx = w r (g - mean g - x̂ mean(g x̂)), dw = Σ g x̂, db = Σ g, with x̂ the normalised input.
  @inline(__always)
  private func passBack<T: BinaryFloatingPoint>(_ y: Tensor, _ gradient: Tensor, _ type: T.Type) {
    let (n, c, plane) = shape
    let (x, g, w) = (y.a.packed(), gradient.packed(), y.b.cast(to: y.dtype).packed())
    let dx = Tensor(empty: y.dims, y.dtype)
    let dw = Tensor(empty: mean.dims, y.dtype)
    let db = Tensor(empty: mean.dims, y.dtype)
    let (m, r) = (mean.pointer(T.self), scale.pointer(T.self))
    let count = Double(n &* plane)
    parallel(c, grain: 1) { lo, hi in
      for k in lo..<hi {
        let (center, factor) = (Double(m[k]), Double(r[k]))
        var total = 0.0
        var product = 0.0
        for i in 0..<n {
          let (gr, xr) = (
            g.pointer(T.self) + (i &* c &+ k) &* plane, x.pointer(T.self) + (i &* c &+ k) &* plane
          )
          total += lanes(plane) { Double(gr[$0]) }
          product += lanes(plane) { Double(gr[$0]) * (Double(xr[$0]) - center) }
        }
        product *= factor
        dw.pointer(T.self)[k] = T(product)
        db.pointer(T.self)[k] = T(total)
        let (a, share) = (T(Double(w.pointer(T.self)[k]) * factor), T(total / count))
        let slope = T(product / count * factor)
        for i in 0..<n {
          let offset = (i &* c &+ k) &* plane
          let (gr, xr, o) = (
            g.pointer(T.self) + offset, x.pointer(T.self) + offset, dx.pointer(T.self) + offset
          )
          for j in 0..<plane { o[j] = a * (gr[j] - share - (xr[j] - m[k]) * slope) }
        }
      }
    }
    y.a.receive(dx)
    y.b.receive(dw.to(y.b.dtype))
    y.c.receive(db.to(y.c.dtype))
  }

  /// The same in recorded operations, for gradients of gradients.
  private func passBackRecorded(_ y: Tensor, _ g: Tensor) {
    let x = y.a
    let dims = [0] + Array(2..<x.rank)
    let along = [1, shape.c] + Array(repeating: 1, count: x.rank - 2)
    let centered = x - x.mean(dim: dims, keepDim: true)
    let root = rsqrt((centered * centered).mean(dim: dims, keepDim: true) + eps)
    let unit = centered * root
    let inner = g - g.mean(dim: dims, keepDim: true)
    let mixed = unit * (g * unit).mean(dim: dims, keepDim: true)
    x.receive(y.b.reshaped(along) * root * (inner - mixed))
    y.b.receive((g * unit).sum(dim: dims))
    y.c.receive(g.sum(dim: dims))
  }
}
