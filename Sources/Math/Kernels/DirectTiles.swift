import CMathKernels

// The two loops in which convolutions spend their time: tiles as in the product of matrices, but with
// rows found by pointers.

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
  var tile = RegisterTile(b0, b1)
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
      tile.add(load(w, 0), load(w, 8), q0[i], q1[i], q2[i], q3[i], q4[i], q5[i])
      w += 16
      i &+= 1
    }
    s &+= 1
  }
  // The second operand of `k_max` comes out where one is NaN.
  let floor = splat(relu ? 0 : -.infinity)
  tile.rows(out, stride) { storeRow($0, k_max(floor, $1), k_max(floor, $2)) }
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
  var tile = RegisterTile()
  let (r0, r1, r2, r3, r4, r5) = (rows[0], rows[1], rows[2], rows[3], rows[4], rows[5])
  var d = g
  var k = 0
  while k < count {
    let q = x + points[k]
    tile.add(load(d, 0), load(d, 8), q[r0], q[r1], q[r2], q[r3], q[r4], q[r5])
    d += stride
    k &+= 1
  }
  tile.rows(out, outStride, used: used, addRow)
}
