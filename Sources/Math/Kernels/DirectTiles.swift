import CMathKernels

// The two loops in which convolutions spend their time: a tile of six rows by sixteen columns of the
// result in twelve registers, as in the product of matrices, but with rows found by pointers.

/// Six results of sixteen channels: the bias and Σ over segments and their elements of
/// `point[segment + i] · panel[i]`.
///
/// - Parameters:
///   - points: The offsets of six results' windows in `x`.
///   - segments: The offsets of the runs that make up a window, each of `length` floats.
///   - panel: Sixteen weights for each element of a window.
///   - out: The first result; they are `stride` floats apart.
@inline(never)
func directTile(
  _ x: F32, _ points: UnsafeMutablePointer<Int>, _ segments: UnsafeMutablePointer<Int>,
  _ segmentCount: Int, _ length: Int, _ panel: F32, _ bias: F32?, _ relu: Bool, _ out: F32,
  _ stride: Int
) {
  let (b0, b1) = bias.map { (load($0, 0), load($0, 8)) } ?? (V8.zero, V8.zero)
  var c00 = b0
  var c01 = b1
  var c10 = b0
  var c11 = b1
  var c20 = b0
  var c21 = b1
  var c30 = b0
  var c31 = b1
  var c40 = b0
  var c41 = b1
  var c50 = b0
  var c51 = b1
  let (p0, p1, p2) = (x + points[0], x + points[1], x + points[2])
  let (p3, p4, p5) = (x + points[3], x + points[4], x + points[5])
  var w = panel
  var s = 0
  while s < segmentCount {
    let at = segments[s]
    let (q0, q1, q2) = (p0 + at, p1 + at, p2 + at)
    let (q3, q4, q5) = (p3 + at, p4 + at, p5 + at)
    var i = 0
    while i < length {
      let w0 = load(w, 0)
      let w1 = load(w, 8)
      var v = splat(q0[i])
      c00 = fma(v, w0, c00)
      c01 = fma(v, w1, c01)
      v = splat(q1[i])
      c10 = fma(v, w0, c10)
      c11 = fma(v, w1, c11)
      v = splat(q2[i])
      c20 = fma(v, w0, c20)
      c21 = fma(v, w1, c21)
      v = splat(q3[i])
      c30 = fma(v, w0, c30)
      c31 = fma(v, w1, c31)
      v = splat(q4[i])
      c40 = fma(v, w0, c40)
      c41 = fma(v, w1, c41)
      v = splat(q5[i])
      c50 = fma(v, w0, c50)
      c51 = fma(v, w1, c51)
      w += 16
      i &+= 1
    }
    s &+= 1
  }
  let floor = splat(relu ? 0 : -.infinity)
  put(out, floor, c00, c01)
  put(out + stride, floor, c10, c11)
  put(out + 2 &* stride, floor, c20, c21)
  put(out + 3 &* stride, floor, c30, c31)
  put(out + 4 &* stride, floor, c40, c41)
  put(out + 5 &* stride, floor, c50, c51)
}

/// The second operand of `k_max` comes out where one is NaN.
@inline(__always)
private func put(_ p: F32, _ floor: V8, _ x: V8, _ y: V8) {
  store(p, 0, k_max(floor, x))
  store(p, 8, k_max(floor, y))
}

/// Adds to six rows of sixteen columns: Σ over points of `x[point + row] · g[point]`.
///
/// - Parameters:
///   - rows: The offsets of the six rows within a window.
///   - points: The offsets of the windows in `x`.
///   - g: Sixteen numbers for each point, `stride` floats apart.
///   - used: How many of the six rows count.
@inline(never)
func weightTile(
  _ x: F32, _ rows: UnsafeMutablePointer<Int>, _ points: UnsafeMutablePointer<Int>, _ count: Int,
  _ g: F32, _ stride: Int, _ out: F32, _ outStride: Int, _ used: Int
) {
  var c00 = V8.zero
  var c01 = V8.zero
  var c10 = V8.zero
  var c11 = V8.zero
  var c20 = V8.zero
  var c21 = V8.zero
  var c30 = V8.zero
  var c31 = V8.zero
  var c40 = V8.zero
  var c41 = V8.zero
  var c50 = V8.zero
  var c51 = V8.zero
  let (r0, r1, r2, r3, r4, r5) = (rows[0], rows[1], rows[2], rows[3], rows[4], rows[5])
  var d = g
  var k = 0
  while k < count {
    let q = x + points[k]
    let g0 = load(d, 0)
    let g1 = load(d, 8)
    var v = splat(q[r0])
    c00 = fma(v, g0, c00)
    c01 = fma(v, g1, c01)
    v = splat(q[r1])
    c10 = fma(v, g0, c10)
    c11 = fma(v, g1, c11)
    v = splat(q[r2])
    c20 = fma(v, g0, c20)
    c21 = fma(v, g1, c21)
    v = splat(q[r3])
    c30 = fma(v, g0, c30)
    c31 = fma(v, g1, c31)
    v = splat(q[r4])
    c40 = fma(v, g0, c40)
    c41 = fma(v, g1, c41)
    v = splat(q[r5])
    c50 = fma(v, g0, c50)
    c51 = fma(v, g1, c51)
    d += stride
    k &+= 1
  }
  addRow(out, c00, c01)
  if used > 1 { addRow(out + outStride, c10, c11) }
  if used > 2 { addRow(out + 2 &* outStride, c20, c21) }
  if used > 3 { addRow(out + 3 &* outStride, c30, c31) }
  if used > 4 { addRow(out + 4 &* outStride, c40, c41) }
  if used > 5 { addRow(out + 5 &* outStride, c50, c51) }
}

@inline(__always)
private func addRow(_ p: F32, _ x: V8, _ y: V8) {
  store(p, 0, load(p, 0) + x)
  store(p, 8, load(p, 8) + y)
}
