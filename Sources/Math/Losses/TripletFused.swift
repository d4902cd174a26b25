import CMathKernels
import Glibc

/// What `batchHardTripletLoss` finds for each anchor.
private struct HardTriplets {
  /// The farthest of each anchor's class, ties included, and the nearest of the others.
  var far: [[Int]]
  var near: [[Int]]
  /// The slope of each anchor's loss in (far - near): 0 where the margin is kept.
  let slopes: Tensor
  let losses: Tensor

  init(_ n: Int) {
    far = Array(repeating: [], count: n)
    near = far
    slopes = Tensor(empty: Dims([n]), .f32)
    losses = Tensor(empty: Dims([n]), .f32)
  }
}

/// `batchHardTripletLoss` of float rows, in one record, or `nil` where the general one is needed.
///
/// Distances come from one product of matrices; those near the largest and smallest are measured
/// again from differences, so that the loss loses no digits and ties are told from near ties.
func tripletFused(
  _ x: Tensor, _ labels: Tensor, margin: Double, soft: Bool, squared: Bool
) -> Tensor? {
  if x.dtype != .f32 || labels.dtype != .i64 || x.count == 0 { return nil }
  guard let found = hardTriplets(x.packed(), labels.packed(), Float(margin), soft, squared) else {
    return nil
  }
  let n = x.dims[0]
  let out = Tensor(empty: Dims(), .f32)
  out.f32[0] = runSum(found.losses.f32, n) / Float(n)
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
  // Of each row its product with itself, side by side.
  let squares = Tensor(empty: Dims([n]), .f32)
  var largest: Float = 0
  for i in 0..<n {
    squares.f32[i] = p[i * n + i]
    if !squares.f32[i].isFinite { return nil }
    largest = Swift.max(largest, squares.f32[i])
  }
  var found = HardTriplets(n)
  let (losses, slopes) = (found.losses.f32, found.slopes.f32)
  found.far.withUnsafeMutableBufferPointer { far in
    found.near.withUnsafeMutableBufferPointer { near in
      // Each anchor writes its own places.
      nonisolated(unsafe) let (far, near) = (far, near)
      parallel(n, grain: Swift.max(1, 16_384 / n)) { lo, hi in
        for i in lo..<hi {
          let row = p + i &* n
          var (farthest, nearest) = (-Float.infinity, Float.infinity)
          for j in 0..<n {
            // ‖xi - xj‖² less the anchor's own part.
            let d = j == i ? -row[i] : squares.f32[j] - 2 * row[j]
            if l[j] == l[i] {
              farthest = Swift.max(farthest, d)
            } else {
              nearest = Swift.min(nearest, d)
            }
          }
          // What rounding of the products may have moved.
          let slack = 32 * Float.ulpOfOne * (squares.f32[i] + largest)
          var (dp, dn) = (-Float.infinity, Float.infinity)
          for j in 0..<n {
            let d = j == i ? -row[i] : squares.f32[j] - 2 * row[j]
            let isPositive = l[j] == l[i]
            if isPositive ? d < farthest - slack : d > nearest + slack { continue }
            let exact = squaredDistance(x.f32 + i &* width, x.f32 + j &* width, width)
            let distance = squared ? exact : exact.squareRoot()
            if isPositive {
              if distance > dp { (dp, far[i]) = (distance, []) }
              if distance == dp { far[i].append(j) }
            } else {
              if distance < dn { (dn, near[i]) = (distance, []) }
              if distance == dn { near[i].append(j) }
            }
          }
          let excess = dp - dn
          if soft {
            losses[i] = Swift.max(excess, 0) + Glibc.log1pf(Glibc.expf(-Swift.abs(excess)))
            slopes[i] = 1 / (1 + Glibc.expf(-excess))
          } else {
            losses[i] = Swift.max(excess + margin, 0)
            slopes[i] = excess + margin >= 0 ? 1 : 0
          }
        }
      }
    }
  }
  return found
}

/// Three rows or more for each anchor whose slope is not 0: ties share it.
private func tripletGradient(_ x: Tensor, _ found: HardTriplets, _ g: Float, _ squared: Bool)
  -> Tensor
{
  let (n, width) = (x.dims[0], x.dims[1])
  let dx = Tensor.full(x.dims, 0, .f32)
  for i in 0..<n where found.slopes.f32[i] != 0 && !found.near[i].isEmpty {
    let slope = found.slopes.f32[i] * g / Float(n)
    for (others, sign) in [(found.far[i], slope), (found.near[i], -slope)] {
      for j in others {
        let (a, b) = (x.f32 + i &* width, x.f32 + j &* width)
        let (da, db) = (dx.f32 + i &* width, dx.f32 + j &* width)
        let distance = squared ? 0.5 : squaredDistance(a, b, width).squareRoot()
        if distance == 0 { continue }
        let factor = sign / (distance * Float(others.count))
        for k in 0..<width {
          let step = (a[k] - b[k]) * factor
          da[k] += step
          db[k] -= step
        }
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
  let known = (0..<n).filter { !found.near[$0].isEmpty }
  if known.isEmpty { return x.receive(Tensor.zeros(like: x)) }
  func differences(_ anchors: [Int], _ others: [Int]) -> Tensor {
    x.indexSelected(dim: 0, index: Tensor(anchors)) - x.indexSelected(dim: 0, index: Tensor(others))
  }
  func lengths(_ difference: Tensor) -> Tensor { difference.norm(dim: 1, keepDim: true) }
  let dp = lengths(differences(known, known.map { found.far[$0][0] }))
  let dn = lengths(differences(known, known.map { found.near[$0][0] }))
  let excess = squared ? dp * dp - dn * dn : dp - dn
  let slope = (soft ? sigmoid(excess) : (excess .>= -margin).to(.f32)) * g / n
  func pass(_ ties: [[Int]], _ sign: Double) {
    // An anchor's row in `slope`, for each of its ties.
    let rows = known.enumerated().flatMap { k, i in ties[i].map { _ in k } }
    let anchors = rows.map { known[$0] }
    let others = known.flatMap { ties[$0] }
    let shares = Tensor(anchors.map { sign / Double(ties[$0].count) }, dtype: .f32)
    let difference = differences(anchors, others)
    let d = lengths(difference)
    // A distance of 0 passes nothing on.
    let unit = squared ? difference * 2 : difference / (d + (d .== 0).to(.f32))
    let step =
      unit * slope.indexSelected(dim: 0, index: Tensor(rows)) * shares.unsqueezed(dim: 1)
    x.receive(step.indexAdded(dim: 0, index: Tensor(anchors), into: x.dims))
    x.receive((-step).indexAdded(dim: 0, index: Tensor(others), into: x.dims))
  }
  pass(found.far, 1)
  pass(found.near, -1)
}
