import CMathKernels

// Images are `[n, c, h, w]`; the convolution kernels want the channels of a point side by side. These
// change one image at a time, which stays in the cache while it is worked on.

/// Memory of the pool for the length of a call.
@inline(__always)
func withScratch<Result>(_ floats: Int, _ body: (F32) -> Result) -> Result {
  let sizeClass = BlockPool.sizeClass(bytes: Swift.max(1, floats) &* 4)
  let block = BlockPool.take(sizeClass)
  defer { BlockPool.give(block, sizeClass) }
  return body(block.assumingMemoryBound(to: Float.self))
}

/// Where each point of an image stands, in floats, with the channels of a point side by side.
typealias PointOffsets = UnsafeMutablePointer<Int>

/// Writes an image `[c, points]` with its channels side by side: point `i` at `to + offsets[i]`.
///
/// - Parameter gate: An image beside whose elements of 0 or less zeros are written.
func channelsLast(
  _ image: F32, gate: F32?, _ c: Int, _ points: Int, _ to: F32, _ offsets: PointOffsets
) {
  if let gate {
    withScratch(8 &* points) { gated in
      var first = 0
      while first < c {
        let rows = Swift.min(8, c &- first)
        gateRun(image + first &* points, gate + first &* points, gated, rows &* points)
        moveChannels(gated, rows, points, to + first, offsets)
        first &+= 8
      }
    }
  } else {
    moveChannels(image, c, points, to, offsets)
  }
}

/// Writes gradients, and zeros where `y` is 0 or less.
@inline(__always)
func gateRun(_ g: F32, _ y: F32, _ out: F32, _ n: Int) {
  var i = 0
  while i &+ 8 <= n {
    store(out, i, k_gate(load(g, i), load(y, i)))
    i &+= 8
  }
  while i < n {
    out[i] = y[i] <= 0 ? 0 : g[i]
    i &+= 1
  }
}

private func moveChannels(
  _ image: F32, _ c: Int, _ points: Int, _ to: F32, _ offsets: PointOffsets
) {
  var channel = 0
  while channel &+ 8 <= c && points >= 8 {
    let source = image + channel &* points
    var p = 0
    while p < points {
      // The last eight points overlap those before them.
      let q = Swift.min(p, points &- 8)
      k_scatter8(source + q, points, to + channel, offsets + q)
      p &+= 8
    }
    channel &+= 8
  }
  while channel < c {
    let source = image + channel &* points
    for p in 0..<points { to[offsets[p] &+ channel] = source[p] }
    channel &+= 1
  }
}

/// Writes points of `stride` floats, one after another, as an image `[c, points]`.
func channelsFirst(_ from: F32, _ stride: Int, _ c: Int, _ points: Int, _ image: F32) {
  var channel = 0
  while channel &+ 8 <= c && points >= 8 {
    let target = image + channel &* points
    var p = 0
    while p < points {
      let q = Swift.min(p, points &- 8)
      k_transpose8(from + (q &* stride &+ channel), stride, target + q, points)
      p &+= 8
    }
    channel &+= 8
  }
  while channel < c {
    let target = image + channel &* points
    for p in 0..<points { target[p] = from[p &* stride &+ channel] }
    channel &+= 1
  }
}
