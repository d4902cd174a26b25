import CMathKernels
import Glibc

/// What `batchHardTripletLoss` finds for each anchor.
private struct HardTriplets {
  let far: Tensor
  let near: Tensor
  /// The slope of each anchor's loss in (far - near): 0 where the margin is kept.
  let slopes: Tensor
  let loss: Float
}

/// `batchHardTripletLoss` of float rows, in one record, or `nil` where the general one is needed.
///
/// Distances come from one product of matrices; those chosen are measured again from differences, so
/// that the loss loses no digits.
func tripletFused(
  _ x: Tensor, _ labels: Tensor, margin: Double, soft: Bool, squared: Bool
) -> Tensor? {
  if x.dtype != .f32 || labels.dtype != .i64 || x.count == 0 { return nil }
  guard let found = hardTriplets(x.packed(), labels.packed(), Float(margin), soft, squared) else {
    return nil
  }
  let out = Tensor(empty: Dims(), .f32)
  out.f32[0] = found.loss
  return out.recorded(x) { y, g in
    if Tensor.isRecording {
      passBackRecorded(y.a, g, found, margin, soft, squared)
    } else {
      y.a.receive(tripletGradient(y.a.packed(), found, g.f32[0], squared))
    }
  }
}

@inline(__always)
private func squaredDistance(_ a: F32, _ b: F32, _ n: Int) -> Float {
  var s = V8.zero
  var i = 0
  while i &+ 8 <= n {
    let d = load(a, i) - load(b, i)
    s = fma(d, d, s)
    i &+= 8
  }
  var total = k_hsum(s)
  while i < n {
    total += (a[i] - b[i]) * (a[i] - b[i])
    i &+= 1
  }
  return total
}

private func hardTriplets(
  _ x: Tensor, _ labels: Tensor, _ margin: Float, _ soft: Bool, _ squared: Bool
) -> HardTriplets? {
  let (n, width) = (x.dims[0], x.dims[1])
  let products = Tensor(empty: Dims([n, n]), .f32)
  multiply(x, recording(false) { x.transposed(0, 1) }, products)
  let (p, l) = (products.f32, labels.i64)
  let (far, near) = (Tensor(empty: Dims([n]), .i64), Tensor(empty: Dims([n]), .i64))
  let slopes = Tensor(empty: Dims([n]), .f32)
  let losses = Tensor(empty: Dims([n]), .f32)
  // Of each row its product with itself, side by side.
  let squares = Tensor(empty: Dims([n]), .f32)
  for i in 0..<n {
    squares.f32[i] = p[i * n + i]
    if !squares.f32[i].isFinite { return nil }
  }
  parallel(n, grain: Swift.max(1, 16_384 / n)) { lo, hi in
    for i in lo..<hi {
      let row = p + i &* n
      var (farthest, nearest) = (-Float.infinity, Float.infinity)
      var (a, b) = (i, -1)
      for j in 0..<n {
        // ‖xi - xj‖² less the anchor's own part.
        let d = j == i ? -row[i] : squares.f32[j] - 2 * row[j]
        if l[j] == l[i] {
          if d > farthest {
            farthest = d
            a = j
          }
        } else if d < nearest {
          nearest = d
          b = j
        }
      }
      far.i64[i] = a
      near.i64[i] = b
      let dp = squaredDistance(x.f32 + i &* width, x.f32 + a &* width, width)
      let dn = b < 0 ? .infinity : squaredDistance(x.f32 + i &* width, x.f32 + b &* width, width)
      let excess = squared ? dp - dn : dp.squareRoot() - dn.squareRoot()
      if soft {
        losses.f32[i] = Swift.max(excess, 0) + Glibc.log1pf(Glibc.expf(-Swift.abs(excess)))
        slopes.f32[i] = 1 / (1 + Glibc.expf(-excess))
      } else {
        losses.f32[i] = Swift.max(excess + margin, 0)
        slopes.f32[i] = excess + margin >= 0 ? 1 : 0
      }
    }
  }
  return HardTriplets(far: far, near: near, slopes: slopes, loss: runSum(losses.f32, n) / Float(n))
}

/// Three rows for each anchor whose slope is not 0.
private func tripletGradient(_ x: Tensor, _ found: HardTriplets, _ g: Float, _ squared: Bool)
  -> Tensor
{
  let (n, width) = (x.dims[0], x.dims[1])
  let dx = Tensor.full(x.dims, 0, .f32)
  for i in 0..<n where found.slopes.f32[i] != 0 && found.near.i64[i] >= 0 {
    let slope = found.slopes.f32[i] * g / Float(n)
    for (j, sign) in [(found.far.i64[i], slope), (found.near.i64[i], -slope)] {
      let (a, b) = (x.f32 + i &* width, x.f32 + j &* width)
      let (da, db) = (dx.f32 + i &* width, dx.f32 + j &* width)
      let distance = squared ? 0.5 : squaredDistance(a, b, width).squareRoot()
      if distance == 0 { continue }
      let factor = sign / distance
      for k in 0..<width {
        let step = (a[k] - b[k]) * factor
        da[k] += step
        db[k] -= step
      }
    }
  }
  return dx
}

/// The same in recorded operations, for gradients of gradients.
private func passBackRecorded(
  _ x: Tensor, _ g: Tensor, _ found: HardTriplets, _ margin: Double, _ soft: Bool, _ squared: Bool
) {
  let n = x.dims[0]
  let known = (0..<n).filter { found.near.i64[$0] >= 0 }
  if known.isEmpty { return x.receive(Tensor.zeros(like: x)) }
  let anchors = Tensor(known)
  let far = Tensor(known.map { found.far.i64[$0] })
  let near = Tensor(known.map { found.near.i64[$0] })
  let a = x.indexSelected(dim: 0, index: anchors)
  let (toFar, toNear) = (
    a - x.indexSelected(dim: 0, index: far), a - x.indexSelected(dim: 0, index: near)
  )
  let (dp, dn) = (toFar.norm(dim: 1, keepDim: true), toNear.norm(dim: 1, keepDim: true))
  func unit(_ difference: Tensor, _ d: Tensor) -> Tensor {
    // A distance of 0 passes nothing on.
    squared ? difference * 2 : difference / (d + (d .== 0).to(.f32))
  }
  let excess = squared ? dp * dp - dn * dn : dp - dn
  let slope = soft ? sigmoid(excess) : (excess .>= -margin).to(.f32)
  let (u, v) = (unit(toFar, dp) * slope * g / n, unit(toNear, dn) * slope * g / n)
  x.receive((u - v).indexAdded(dim: 0, index: anchors, into: x.dims))
  x.receive((-u).indexAdded(dim: 0, index: far, into: x.dims))
  x.receive(v.indexAdded(dim: 0, index: near, into: x.dims))
}
