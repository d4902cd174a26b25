/// Six rows of sixteen floats in twelve registers: what products of matrices and convolutions sum up
/// while their operands pass by.
///
/// The registers are named one by one: in an array the compiler would keep them in memory.
struct RegisterTile {
  private var c00: V8
  private var c01: V8
  private var c10: V8
  private var c11: V8
  private var c20: V8
  private var c21: V8
  private var c30: V8
  private var c31: V8
  private var c40: V8
  private var c41: V8
  private var c50: V8
  private var c51: V8

  /// Every row starts as these sixteen floats.
  @inline(__always)
  init(_ b0: V8 = .zero, _ b1: V8 = .zero) {
    (c00, c10, c20, c30, c40, c50) = (b0, b0, b0, b0, b0, b0)
    (c01, c11, c21, c31, c41, c51) = (b1, b1, b1, b1, b1, b1)
  }

  /// Adds to each row its factor times sixteen floats.
  ///
  /// The factors are read one after another: six at once would leave too few registers.
  @inline(__always)
  mutating func add(
    _ w0: V8, _ w1: V8, _ x0: @autoclosure () -> Float, _ x1: @autoclosure () -> Float,
    _ x2: @autoclosure () -> Float, _ x3: @autoclosure () -> Float,
    _ x4: @autoclosure () -> Float, _ x5: @autoclosure () -> Float
  ) {
    var v = splat(x0())
    c00 = fma(v, w0, c00)
    c01 = fma(v, w1, c01)
    v = splat(x1())
    c10 = fma(v, w0, c10)
    c11 = fma(v, w1, c11)
    v = splat(x2())
    c20 = fma(v, w0, c20)
    c21 = fma(v, w1, c21)
    v = splat(x3())
    c30 = fma(v, w0, c30)
    c31 = fma(v, w1, c31)
    v = splat(x4())
    c40 = fma(v, w0, c40)
    c41 = fma(v, w1, c41)
    v = splat(x5())
    c50 = fma(v, w0, c50)
    c51 = fma(v, w1, c51)
  }

  /// Calls `write` with the place and the two halves of each of the first `used` rows, `stride` floats
  /// apart.
  @inline(__always)
  func rows(_ out: F32, _ stride: Int, used: Int = 6, _ write: (F32, V8, V8) -> Void) {
    write(out, c00, c01)
    if used > 1 { write(out + stride, c10, c11) }
    if used > 2 { write(out + 2 &* stride, c20, c21) }
    if used > 3 { write(out + 3 &* stride, c30, c31) }
    if used > 4 { write(out + 4 &* stride, c40, c41) }
    if used > 5 { write(out + 5 &* stride, c50, c51) }
  }
}

@inline(__always)
func storeRow(_ p: F32, _ x: V8, _ y: V8) {
  store(p, 0, x)
  store(p, 8, y)
}

@inline(__always)
func addRow(_ p: F32, _ x: V8, _ y: V8) {
  store(p, 0, load(p, 0) + x)
  store(p, 8, load(p, 8) + y)
}
