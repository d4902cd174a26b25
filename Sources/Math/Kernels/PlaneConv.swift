import CMathKernels

/// A 3×3 convolution of images of one channel, as the first layer of a network has: planes stay planes.
///
/// Eight results beside one another are a register, so that neither images nor gradients change their
/// layout.
struct PlaneConv {
  private let n: Int
  private let h: Int
  private let w: Int
  private let o: Int
  private let oh: Int
  private let ow: Int
  private let padding: (Int, Int)

  /// The convolution of a shape, or `nil` for another kind.
  init?(_ s: ConvShape) {
    if s.groups != 1 || s.c != 1 || s.kh != 3 || s.kw != 3 || s.stride != (1, 1) { return nil }
    if s.dilation != (1, 1) || s.ow < 8 || s.n == 0 { return nil }
    (n, h, w, o, oh, ow, padding) = (s.n, s.h, s.w, s.o, s.oh, s.ow, s.padding)
  }

  // The plane with zeros around it, and room for reading a register at its end.
  private var row: Int { ow + 2 }
  private var size: Int { (oh + 2) * row + 8 }

  private func copy(_ image: F32, _ to: F32) {
    // Rows and columns that no window reaches are left out.
    let width = Swift.min(w, row - padding.1)
    for y in 0..<Swift.min(h, oh + 2 - padding.0) {
      (to + ((y &+ padding.0) &* row &+ padding.1)).update(from: image + y &* w, count: width)
    }
  }

  /// Convolves images with weights `[o, 1, 3, 3]`; parameters as in `DirectConv.output`.
  func output(_ image: F32, _ weight: F32, bias: F32?, relu: Bool, _ out: F32) {
    let (plane, points) = (h * w, oh * ow)
    parallel(n, grain: 1) { lo, hi in
      withScratch(size) { x in
        x.update(repeating: 0, count: size)
        for i in lo..<hi {
          copy(image + i &* plane, x)
          for k in 0..<o {
            write(
              x, weight + 9 &* k, bias.map { $0[k] } ?? 0, relu, out + (i &* o &+ k) &* points)
          }
        }
      }
    }
  }

  @inline(never)
  private func write(_ x: F32, _ weight: F32, _ bias: Float, _ relu: Bool, _ out: F32) {
    let floor = splat(relu ? 0 : -.infinity)
    let (w0, w1, w2) = (splat(weight[0]), splat(weight[1]), splat(weight[2]))
    let (w3, w4, w5) = (splat(weight[3]), splat(weight[4]), splat(weight[5]))
    let (w6, w7, w8) = (splat(weight[6]), splat(weight[7]), splat(weight[8]))
    let (height, width, row) = (oh, ow, row)
    let shift = splat(bias)
    for y in 0..<height {
      let a = x + y &* row
      let (b, c) = (a + row, a + 2 &* row)
      let target = out + y &* width
      var j = 0
      while j < width {
        var s = fma(w0, load(a, j), shift)
        var t = load(a, j &+ 1) * w1
        s = fma(w2, load(a, j &+ 2), s)
        t = fma(w3, load(b, j), t)
        s = fma(w4, load(b, j &+ 1), s)
        t = fma(w5, load(b, j &+ 2), t)
        s = fma(w6, load(c, j), s)
        t = fma(w7, load(c, j &+ 1), t)
        s = fma(w8, load(c, j &+ 2), s)
        let value = k_max(floor, s + t)
        // What is written beyond a row is written again by the next.
        if j &+ 8 <= width || y &+ 1 < height {
          store(target, j, value)
        } else {
          for k in 0..<(width &- j) { target[j &+ k] = value[k] }
        }
        j &+= 8
      }
    }
  }

  /// The gradients for weights and bias; parameters as in `DirectConv.weightGradient`.
  func weightGradient(_ image: F32, _ gradient: F32, gate: F32?, _ weight: F32, bias: F32?) {
    let (plane, points) = (h * w, oh * ow)
    // Nine sums and that of the gradient itself, a register each, for every channel.
    sumInParts(
      n, atMost: 8, size: o * 80, scratch: size + points + 8, cleared: size,
      add: { images, sum, x in
        let gated = x + size
        for i in images {
          copy(image + i &* plane, x)
          for k in 0..<o {
            let at = (i &* o &+ k) &* points
            if let gate {
              gateRun(gradient + at, gate + at, gated, points)
            } else {
              gated.update(from: gradient + at, count: points)
            }
            add(x, gated, sum + k &* 80)
          }
        }
      },
      total: { sums in
        for k in 0..<o {
          for tap in 0..<9 { weight[k &* 9 &+ tap] = k_hsum(load(sums, k &* 80 &+ tap &* 8)) }
          if let bias { bias[k] = k_hsum(load(sums, k &* 80 &+ 72)) }
        }
      })
  }

  @inline(never)
  private func add(_ x: F32, _ g: F32, _ sum: F32) {
    var (s0, s1, s2) = (load(sum, 0), load(sum, 8), load(sum, 16))
    var (s3, s4, s5) = (load(sum, 24), load(sum, 32), load(sum, 40))
    var (s6, s7, s8) = (load(sum, 48), load(sum, 56), load(sum, 64))
    var total = load(sum, 72)
    let (height, width, row) = (oh, ow, row)
    // Of the last register of a row only these lanes belong to it.
    let inside = width & 7
    let lanes = V8(0, 1, 2, 3, 4, 5, 6, 7)
    let mask = inside == 0 ? k_eq(lanes, lanes) : k_gt(splat(Float(inside)), lanes)
    for y in 0..<height {
      let a = x + y &* row
      let (b, c) = (a + row, a + 2 &* row)
      let p = g + y &* width
      var j = 0
      while j < width {
        var v = load(p, j)
        if j &+ 8 > width { v = k_and(v, mask) }
        s0 = fma(v, load(a, j), s0)
        s1 = fma(v, load(a, j &+ 1), s1)
        s2 = fma(v, load(a, j &+ 2), s2)
        s3 = fma(v, load(b, j), s3)
        s4 = fma(v, load(b, j &+ 1), s4)
        s5 = fma(v, load(b, j &+ 2), s5)
        s6 = fma(v, load(c, j), s6)
        s7 = fma(v, load(c, j &+ 1), s7)
        s8 = fma(v, load(c, j &+ 2), s8)
        total += v
        j &+= 8
      }
    }
    store(sum, 0, s0)
    store(sum, 8, s1)
    store(sum, 16, s2)
    store(sum, 24, s3)
    store(sum, 32, s4)
    store(sum, 40, s5)
    store(sum, 48, s6)
    store(sum, 56, s7)
    store(sum, 64, s8)
    store(sum, 72, total)
  }
}
