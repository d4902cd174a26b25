import CMathKernels

// The transforms of F(4×4, 3×3): 36 products give sixteen results that take 144 otherwise. Vectors run
// over channels. Source: Lavin and Gray, Fast Algorithms for Convolutional Neural Networks, 2015,
// arXiv:1509.09308.

/// The matrix G, which takes three weights to six.
private let weightRows: [(Float, Float, Float)] = [
  (1 / 4, 0, 0), (-1 / 6, -1 / 6, -1 / 6), (-1 / 6, 1 / 6, -1 / 6), (1 / 24, 1 / 12, 1 / 6),
  (1 / 24, -1 / 12, 1 / 6), (0, 0, 1),
]

/// Bᵀ on six vectors `step` apart.
@inline(__always)
func windowTransform(_ d: F32, _ step: Int, _ out: F32, _ outStep: Int) {
  let (d0, d1, d2) = (load(d, 0), load(d + step, 0), load(d + 2 &* step, 0))
  let (d3, d4, d5) = (load(d + 3 &* step, 0), load(d + 4 &* step, 0), load(d + 5 &* step, 0))
  store(out, 0, fma(splat(4), d0, fma(splat(-5), d2, d4)))
  let a = fma(splat(-4), d2, d4)
  let b = fma(splat(-4), d1, d3)
  store(out + outStep, 0, a + b)
  store(out + 2 &* outStep, 0, a - b)
  let c = d4 - d2
  let e = (d3 - d1) * splat(2)
  store(out + 3 &* outStep, 0, c + e)
  store(out + 4 &* outStep, 0, c - e)
  store(out + 5 &* outStep, 0, fma(splat(4), d1, fma(splat(-5), d3, d5)))
}

/// Aᵀ on six vectors.
@inline(__always)
private func resultTransform(_ m: F32, _ step: Int) -> (V8, V8, V8, V8) {
  let (m0, m1, m2) = (load(m, 0), load(m + step, 0), load(m + 2 &* step, 0))
  let (m3, m4, m5) = (load(m + 3 &* step, 0), load(m + 4 &* step, 0), load(m + 5 &* step, 0))
  let (p, q, r, t) = (m1 + m2, m1 - m2, m3 + m4, m3 - m4)
  return (m0 + p + r, fma(splat(2), t, q), fma(splat(4), r, p), fma(splat(8), t, q) + m5)
}

/// A on four vectors: the transpose of `resultTransform`.
@inline(__always)
private func gradientTransform(_ y0: V8, _ y1: V8, _ y2: V8, _ y3: V8, _ out: F32, _ step: Int) {
  store(out, 0, y0)
  let (a, b) = (y0 + y2, y1 + y3)
  store(out + step, 0, a + b)
  store(out + 2 &* step, 0, a - b)
  let c = fma(splat(4), y2, y0)
  let d = fma(splat(8), y3, y1 * splat(2))
  store(out + 3 &* step, 0, c + d)
  store(out + 4 &* step, 0, c - d)
  store(out + 5 &* step, 0, y3)
}

/// G on three vectors.
@inline(__always)
private func weightTransform(_ a: V8, _ b: V8, _ c: V8, _ row: (Float, Float, Float)) -> V8 {
  fma(a, splat(row.0), fma(b, splat(row.1), c * splat(row.2)))
}

/// The tiles of one image.
struct WinogradTiles {
  let h: Int
  let w: Int
  /// Tiles along an image's sides.
  let rows: Int
  let columns: Int
  /// The sides of the image with zeros around it.
  let paddedHeight: Int
  let paddedWidth: Int

  init(h: Int, w: Int) {
    (self.h, self.w) = (h, w)
    (rows, columns) = ((h + 3) / 4, (w + 3) / 4)
    (paddedHeight, paddedWidth) = (4 * rows + 2, 4 * columns + 2)
  }

  var count: Int { rows * columns }

  /// Windows of a padded image `[height, width, c]` to 36 matrices `[tiles, c]`, of which each has
  /// `room` rows; the image's tiles begin at `first`.
  @inline(never)
  func windows(_ image: F32, _ c: Int, _ out: F32, _ room: Int, _ first: Int, _ work: F32) {
    let row = paddedWidth &* c
    var tile = first
    for i in 0..<rows {
      for j in 0..<columns {
        let source = image + (4 &* i &* row &+ 4 &* j &* c)
        var k = 0
        while k < c {
          for x in 0..<6 { windowTransform(source + (x &* c &+ k), row, work + x &* 8, 48) }
          for y in 0..<6 {
            windowTransform(
              work + y &* 48, 8, out + ((y &* 6 &* room &+ tile) &* c &+ k), room &* c)
          }
          k &+= 8
        }
        tile &+= 1
      }
    }
  }

  /// 36 matrices `[tiles, c]` to an image `[h, w, c]`.
  @inline(never)
  func results(
    _ m: F32, _ c: Int, _ room: Int, _ first: Int, _ bias: F32?, _ relu: Bool, _ image: F32,
    _ work: F32
  ) {
    let floor = splat(relu ? 0 : -.infinity)
    var tile = first
    for i in 0..<rows {
      for j in 0..<columns {
        let width = Swift.min(4, w &- 4 &* j)
        var k = 0
        while k < c {
          let b = bias.map { load($0, k) } ?? V8.zero
          for x in 0..<6 {
            let r = resultTransform(m + ((x &* room &+ tile) &* c &+ k), 6 &* room &* c)
            store(work, x &* 8, r.0)
            store(work, 48 &+ x &* 8, r.1)
            store(work, 96 &+ x &* 8, r.2)
            store(work, 144 &+ x &* 8, r.3)
          }
          for y in 0..<Swift.min(4, h &- 4 &* i) {
            let r = resultTransform(work + y &* 48, 8)
            let o = image + (((4 &* i &+ y) &* w &+ 4 &* j) &* c &+ k)
            store(o, 0, k_max(floor, r.0 + b))
            if width > 1 { store(o, c, k_max(floor, r.1 + b)) }
            if width > 2 { store(o, 2 &* c, k_max(floor, r.2 + b)) }
            if width > 3 { store(o, 3 &* c, k_max(floor, r.3 + b)) }
          }
          k &+= 8
        }
        tile &+= 1
      }
    }
  }

  /// Gradients `[h, w, c]` to 36 matrices `[tiles, c]`.
  @inline(never)
  func gradients(_ g: F32, _ c: Int, _ room: Int, _ first: Int, _ m: F32, _ work: F32) {
    var tile = first
    for i in 0..<rows {
      for j in 0..<columns {
        let width = Swift.min(4, w &- 4 &* j)
        var k = 0
        while k < c {
          for y in 0..<4 {
            if 4 &* i &+ y < h {
              let p = g + (((4 &* i &+ y) &* w &+ 4 &* j) &* c &+ k)
              gradientTransform(
                load(p, 0), width > 1 ? load(p, c) : V8.zero, width > 2 ? load(p, 2 &* c) : V8.zero,
                width > 3 ? load(p, 3 &* c) : V8.zero, work + y &* 48, 8)
            } else {
              for x in 0..<6 { store(work, y &* 48 &+ x &* 8, V8.zero) }
            }
          }
          for x in 0..<6 {
            let p = work + x &* 8
            gradientTransform(
              load(p, 0), load(p, 48), load(p, 96), load(p, 144),
              m + ((x &* room &+ tile) &* c &+ k), 6 &* room &* c)
          }
          k &+= 8
        }
        tile &+= 1
      }
    }
  }
}

/// Weights `[o, c, 3, 3]` to 36 matrices of panels `[o / 16, c, 16]`; `turned` gives those of the
/// gradient for images, from weights `[c, o, 3, 3]`.
func winogradWeights(_ weight: F32, c: Int, o: Int, turned: Bool, _ out: F32) {
  let (stepO, stepC) = turned ? (9, o * 9) : (c * 9, 9)
  withScratch(90 * 8) { work in
    let middle = work + 72
    for k in 0..<c {
      var j = 0
      while j < o {
        let from = weight + (k &* stepC &+ j &* stepO)
        for tap in 0..<9 {
          let p = from + (turned ? 8 &- tap : tap)
          for t in 0..<8 { work[tap &* 8 &+ t] = p[t &* stepO] }
        }
        for x in 0..<3 {
          let (a, b) = (load(work, x &* 8), load(work, (3 &+ x) &* 8))
          let d = load(work, (6 &+ x) &* 8)
          for y in 0..<6 {
            store(middle, (y &* 3 &+ x) &* 8, weightTransform(a, b, d, weightRows[y]))
          }
        }
        for y in 0..<6 {
          let (a, b) = (load(middle, y &* 24), load(middle, y &* 24 &+ 8))
          let d = load(middle, y &* 24 &+ 16)
          for x in 0..<6 {
            let place = (y &* 6 &+ x) &* c &* o &+ j / 16 &* c &* 16 &+ k &* 16 &+ (j & 8)
            store(out, place, weightTransform(a, b, d, weightRows[x]))
          }
        }
        j &+= 8
      }
    }
  }
}

/// Gᵀ m G of 36 matrices `[c, o]`: the gradient for weights `[o, c, 3, 3]`.
func winogradWeightGradient(_ m: F32, c: Int, o: Int, _ weight: F32) {
  withScratch(19 * 8) { work in
    let last = work + 18 * 8
    for k in 0..<c {
      var j = 0
      while j < o {
        for x in 0..<6 {
          var (a, b, d) = (V8.zero, V8.zero, V8.zero)
          for y in 0..<6 {
            let v = load(m, ((y &* 6 &+ x) &* c &+ k) &* o &+ j)
            let row = weightRows[y]
            a = fma(v, splat(row.0), a)
            b = fma(v, splat(row.1), b)
            d = fma(v, splat(row.2), d)
          }
          store(work, x &* 8, a)
          store(work, 48 &+ x &* 8, b)
          store(work, 96 &+ x &* 8, d)
        }
        for y in 0..<3 {
          var (a, b, d) = (V8.zero, V8.zero, V8.zero)
          for x in 0..<6 {
            let v = load(work, y &* 48 &+ x &* 8)
            let row = weightRows[x]
            a = fma(v, splat(row.0), a)
            b = fma(v, splat(row.1), b)
            d = fma(v, splat(row.2), d)
          }
          for (x, v) in [(0, a), (1, b), (2, d)] {
            store(last, 0, v)
            for t in 0..<8 { weight[((j &+ t) &* c &+ k) &* 9 &+ y &* 3 &+ x] = last[t] }
          }
        }
        j &+= 8
      }
    }
  }
}
