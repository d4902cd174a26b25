import CMathKernels

/// A 3×3 convolution of floats by F(4×4, 3×3), in a quarter of the products.
///
/// Its results differ from the plain sum by about 5e-6 of the largest (the plain sum by 4e-7): enough
/// for training, and used for nothing else.
struct WinogradConv {
  let n: Int
  let c: Int
  let o: Int
  private let tiles: WinogradTiles

  /// The convolution of a shape, or `nil` where the method does not apply or does not pay.
  init?(_ s: ConvShape) { self.init(s, c: s.c, o: s.o) }

  /// The convolution that gives the gradient for images.
  init?(imageOf s: ConvShape) { self.init(s, c: s.o, o: s.c) }

  private init?(_ s: ConvShape, c: Int, o: Int) {
    let isPlain = s.groups == 1 && s.stride == (1, 1) && s.dilation == (1, 1)
    if !isPlain || s.kh != 3 || s.kw != 3 || s.padding != (1, 1) || s.oh != s.h || s.ow != s.w {
      return nil
    }
    if c < 32 || o < 32 || c % 16 != 0 || o % 16 != 0 || s.h < 7 || s.w < 7 || s.n == 0 {
      return nil
    }
    (n, self.c, self.o) = (s.n, c, o)
    tiles = WinogradTiles(h: s.h, w: s.w)
  }

  /// The floats of the transformed weights.
  var panelSize: Int { 36 * c * o }

  private var points: Int { tiles.h * tiles.w }
  private var paddedSize: Int { tiles.paddedHeight * tiles.paddedWidth * c }
  /// Images taken together, so that there are tiles for whole registers.
  private var block: Int { Swift.max(1, 48 / tiles.count) }

  /// Calls `body` with the places of an image's points in its padded copy and in rows of results.
  private func withTables(_ body: (_ padded: PointOffsets, _ plain: PointOffsets) -> Void) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 2 * points) { tables in
      guard let padded = tables.baseAddress else { return }
      let plain = padded + points
      for y in 0..<tiles.h {
        for x in 0..<tiles.w {
          padded[y &* tiles.w &+ x] = ((y &+ 1) &* tiles.paddedWidth &+ x &+ 1) &* c
          plain[y &* tiles.w &+ x] = (y &* tiles.w &+ x) &* o
        }
      }
      body(padded, plain)
    }
  }

  /// Convolves images with transformed weights; parameters as in `DirectConv.output`.
  func output(
    _ image: F32, gate: F32? = nil, _ panels: F32, bias: F32? = nil, relu: Bool = false, _ out: F32
  ) {
    // An odd number of rows: 36 matrices a power of two apart would share lines of the cache.
    let (points, room) = (points, block * tiles.count | 1)
    parallel((n + block - 1) / block, grain: 1) { lo, hi in
      withScratch(paddedSize + 36 * room * (c + o) + points * o + 288) { scratch in
        let work = scratch + paddedSize
        let windows = work + 288
        let products = windows + 36 * room * c
        let results = products + 36 * room * o
        scratch.update(repeating: 0, count: paddedSize)
        withTables { padded, _ in
          for first in stride(from: lo * block, to: Swift.min(n, hi * block), by: block) {
            let images = Swift.min(block, n - first)
            for i in 0..<images {
              let at = (first + i) * points * c
              channelsLast(image + at, gate: gate.map { $0 + at }, c, points, scratch, padded)
              tiles.windows(scratch, c, windows, room, i * tiles.count, work)
            }
            multiply(windows, panels, products, room, images * tiles.count)
            for i in 0..<images {
              tiles.results(products, o, room, i * tiles.count, bias, relu, results, work)
              channelsFirst(results, o, o, points, out + (first + i) * points * o)
            }
          }
        }
      }
    }
  }

  /// 36 products of `[tiles, c]` and `[c, o]`.
  private func multiply(_ a: F32, _ panels: F32, _ out: F32, _ room: Int, _ count: Int) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: room + 7) { tables in
      guard let none = tables.baseAddress else { return }
      none[0] = 0
      let rows = none + 1
      // Fewer than six tiles are six in memory: the last ones are computed and not read.
      for i in 0..<(room + 6) { rows[i] = i &* c }
      for k in 0..<36 {
        let (x, y) = (a + k &* room &* c, out + k &* room &* o)
        var j = 0
        while j < o {
          let panel = panels + (k &* c &* o &+ j &* c)
          var p = 0
          while p < count {
            let q = Swift.max(0, Swift.min(p, count &- 6))
            directTile(x, rows + q, none, 1, c, panel, nil, false, y + (q &* o &+ j), o)
            p &+= 6
          }
          j &+= 16
        }
      }
    }
  }

  /// The gradient for weights `[o, c, 3, 3]` and bias; parameters as in `DirectConv.weightGradient`.
  func weightGradient(_ image: F32, _ gradient: F32, gate: F32?, _ weight: F32, bias: F32?) {
    let (points, block) = (points, Swift.max(1, 64 / tiles.count))
    let room = block * tiles.count | 1
    let products = 36 * c * o
    sumInParts(
      n, atMost: Swift.min((n + block - 1) / block, 4), size: products + o,
      scratch: paddedSize + 36 * room * (c + o) + points * o + 288, cleared: paddedSize,
      add: { batch, sum, scratch in
        let work = scratch + paddedSize
        let windows = work + 288
        let slopes = windows + 36 * room * c
        let g = slopes + 36 * room * o
        withTables { padded, plain in
          for first in stride(from: batch.lowerBound, to: batch.upperBound, by: block) {
            let images = Swift.min(block, batch.upperBound - first)
            for i in 0..<images {
              let at = (first + i) * points
              channelsLast(image + at * c, gate: nil, c, points, scratch, padded)
              tiles.windows(scratch, c, windows, room, i * tiles.count, work)
              channelsLast(gradient + at * o, gate: gate.map { $0 + at * o }, o, points, g, plain)
              tiles.gradients(g, o, room, i * tiles.count, slopes, work)
              if bias != nil { addPoints(g, points, o, sum + products) }
            }
            addProducts(windows, slopes, sum, room, images * tiles.count)
          }
        }
      },
      total: { sums in
        winogradWeightGradient(sums, c: c, o: o, weight)
        if let bias { bias.update(from: sums + products, count: o) }
      })
  }

  /// Adds 36 products of `[c, tiles]` and `[tiles, o]`.
  private func addProducts(_ a: F32, _ g: F32, _ sum: F32, _ room: Int, _ count: Int) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: count + c + 6) { tables in
      guard let places = tables.baseAddress else { return }
      let rows = places + count
      for i in 0..<count { places[i] = i &* c }
      for i in 0..<(c + 6) { rows[i] = Swift.min(i, c &- 1) }
      for k in 0..<36 {
        let (x, y) = (a + k &* room &* c, g + k &* room &* o)
        let target = sum + k &* c &* o
        var j = 0
        while j < o {
          var i = 0
          while i < c {
            weightTile(
              x, rows + i, places, count, y + j, o, target + (i &* o &+ j), o, Swift.min(6, c &- i))
            i &+= 6
          }
          j &+= 16
        }
      }
    }
  }
}
