import CMathKernels

/// A convolution of floats without a matrix of windows: each image is copied once with zeros around it
/// and its channels side by side, and windows are read where they lie.
///
/// Images of few channels are cut into windows after all, since their runs are too short to loop over.
struct DirectConv {
  let n: Int
  let c: Int
  let h: Int
  let w: Int
  let o: Int
  let oh: Int
  let ow: Int
  private let kernel: (h: Int, w: Int)
  private let stride: (Int, Int)
  private let padding: (Int, Int)
  private let dilation: (Int, Int)
  private let isCut: Bool

  /// The convolution of a shape, or `nil` where it has no use here.
  init?(_ s: ConvShape) {
    self.init(
      s, c: s.c, h: s.h, w: s.w, o: s.o, oh: s.oh, ow: s.ow, stride: s.stride, padding: s.padding)
  }

  /// The convolution that gives the gradient for the images, or `nil` where there is none.
  init?(imageOf s: ConvShape) {
    if s.stride != (1, 1) { return nil }
    let reach = (s.dilation.0 * (s.kh - 1), s.dilation.1 * (s.kw - 1))
    let padding = (reach.0 - s.padding.0, reach.1 - s.padding.1)
    if padding.0 < 0 || padding.1 < 0 { return nil }
    self.init(
      s, c: s.o, h: s.oh, w: s.ow, o: s.c, oh: s.h, ow: s.w, stride: (1, 1), padding: padding)
  }

  private init?(
    _ s: ConvShape, c: Int, h: Int, w: Int, o: Int, oh: Int, ow: Int, stride: (Int, Int),
    padding: (Int, Int)
  ) {
    if s.groups != 1 || o < 8 || oh * ow < 8 || h * w < 8 || c * s.kh * s.kw < 8 || s.n == 0 {
      return nil
    }
    (n, self.c, self.h, self.w, self.o, self.oh, self.ow) = (s.n, c, h, w, o, oh, ow)
    kernel = (s.kh, s.kw)
    self.stride = stride
    self.padding = padding
    dilation = s.dilation
    isCut = s.kw * c < 24 && s.dilation.1 == 1
  }

  // A row of the copied image, the image, and what its windows are read from, in floats.
  private var paddedWidth: Int {
    Swift.max((ow - 1) * stride.1 + (kernel.w - 1) * dilation.1 + 1, w + padding.1)
  }
  private var paddedHeight: Int {
    Swift.max((oh - 1) * stride.0 + (kernel.h - 1) * dilation.0 + 1, h + padding.0)
  }
  private var paddedSize: Int { paddedHeight * paddedWidth * c }
  private var cutSize: Int { isCut ? points * depth : 0 }
  private var runLength: Int { dilation.1 == 1 ? kernel.w * c : c }

  /// The points of a result.
  var points: Int { oh * ow }
  /// The elements of a window.
  var depth: Int { kernel.h * kernel.w * c }
  /// The channels of the result in whole registers.
  var columns: Int { (o + 15) / 16 * 16 }
  /// The floats of `copied` images.
  var imageSize: Int { paddedSize + cutSize + 8 }

  /// The floats of the packed weights.
  var panelSize: Int { depth * columns }

  /// Packs weights `[o, c, kh, kw]`, or of the gradient for images `[c, o, kh, kw]` turned around.
  func pack(_ weight: F32, turned: Bool, _ out: F32) {
    let taps = kernel.h * kernel.w
    let (stepO, stepC) = turned ? (taps, o * taps) : (c * taps, taps)
    var q = out
    for j in stride(0, o, 16) {
      let used = Swift.min(16, o &- j)
      for tap in 0..<taps {
        let from = weight + (j &* stepO &+ (turned ? taps &- 1 &- tap : tap))
        for k in 0..<c {
          for t in 0..<used { q[t] = from[k &* stepC &+ t &* stepO] }
          for t in used..<16 { q[t] = 0 }
          q += 16
        }
      }
    }
  }

  private func stride(_ from: Int, _ to: Int, _ by: Int) -> StrideTo<Int> {
    Swift.stride(from: from, to: to, by: by)
  }

  /// Calls `body` with tables: where the points of an image go, where windows begin, and the runs of
  /// a window.
  func withTables(
    _ body: (_ image: PointOffsets, _ windows: PointOffsets, _ runs: PointOffsets) -> Void
  ) {
    let runs = isCut ? 1 : depth / runLength
    let (row, step) = (paddedWidth * c, c)
    withUnsafeTemporaryAllocation(of: Int.self, capacity: h * w + points + runs) { tables in
      guard let image = tables.baseAddress else { return }
      for y in 0..<h {
        for x in 0..<w {
          image[y &* w &+ x] = (y &+ padding.0) &* row &+ (x &+ padding.1) &* step
        }
      }
      let windows = image + h * w
      for y in 0..<oh {
        for x in 0..<ow {
          windows[y &* ow &+ x] =
            isCut
            ? paddedSize &+ (y &* ow &+ x) &* depth
            : y &* self.stride.0 &* row &+ x &* self.stride.1 &* step
        }
      }
      let list = windows + points
      for r in 0..<runs {
        let perRow = runs / kernel.h
        list[r] =
          isCut ? 0 : r / perRow * dilation.0 * row + r % perRow * dilation.1 * step
      }
      body(image, windows, list)
    }
  }

  var runCount: Int { isCut ? 1 : depth / runLength }
  var run: Int { isCut ? depth : runLength }

  /// Where the elements of a window are from its beginning, in the order of the weights' panels.
  func elementOffset(_ i: Int) -> Int {
    if isCut { return i }
    let (tap, k) = (i / c, i % c)
    return tap / kernel.w * dilation.0 * paddedWidth * c + tap % kernel.w * dilation.1 * c + k
  }

  /// Copies one image `[c, h, w]` so that windows can be read; `to` holds zeros at first.
  func copy(_ image: F32, gate: F32? = nil, _ to: F32, _ offsets: PointOffsets) {
    channelsLast(image, gate: gate, c, h * w, to, offsets)
    if !isCut { return }
    let (row, length) = (paddedWidth * c, kernel.w * c)
    cut(
      to, to + paddedSize, length: length, rows: kernel.h, rowStep: dilation.0 * row,
      down: self.stride.0 * row, across: self.stride.1 * c)
  }

  /// Copies windows one after another, each of so many rows of `length` floats.
  @inline(never)
  private func cut(
    _ from: F32, _ to: F32, length: Int, rows: Int, rowStep: Int, down: Int, across: Int
  ) {
    let (height, width) = (oh, ow)
    var out = to
    for y in 0..<height {
      var window = from + y &* down
      for _ in 0..<width {
        var run = window
        for _ in 0..<rows {
          // Four at a time; what is written too much is written again by the next run.
          var i = 0
          repeat {
            let four = UnsafeRawPointer(run + i).loadUnaligned(as: SIMD4<Float>.self)
            UnsafeMutableRawPointer(out + i).storeBytes(of: four, as: SIMD4<Float>.self)
            i &+= 4
          } while i < length
          out += length
          run += rowStep
        }
        window += across
      }
    }
  }

  /// Convolves images with packed weights.
  ///
  /// - Parameters:
  ///   - gate: Images beside whose elements of 0 or less zeros are taken.
  ///   - bias: A number for each channel of the result.
  ///   - relu: Whether negative results become 0.
  func output(
    _ image: F32, gate: F32? = nil, _ panels: F32, bias: F32? = nil, relu: Bool = false, _ out: F32
  ) {
    let (plane, points, columns) = (h * w * c, points, columns)
    parallel(n, grain: Swift.max(1, 128 / points)) { lo, hi in
      let images = hi - lo
      withScratch(imageSize * images + points * images * columns + columns) { scratch in
        let results = scratch + imageSize * images
        let biases = results + points * images * columns
        scratch.update(repeating: 0, count: imageSize * images)
        biases.update(repeating: 0, count: columns)
        if let bias { biases.update(from: bias, count: o) }
        withTables { offsets, windows, runs in
          withUnsafeTemporaryAllocation(of: Int.self, capacity: points * images) { starts in
            guard let all = starts.baseAddress else { return }
            for i in 0..<images {
              let at = (lo + i) * plane
              copy(image + at, gate: gate.map { $0 + at }, scratch + i * imageSize, offsets)
              for p in 0..<points { all[i &* points &+ p] = windows[p] &+ i &* imageSize }
            }
            let count = points * images
            for j in stride(0, columns, 16) {
              let panel = panels + j * depth
              var p = 0
              while p < count {
                let q = Swift.min(p, count &- 6)
                directTile(
                  scratch, all + q, runs, runCount, run, panel, biases + j, relu,
                  results + (q &* columns &+ j), columns)
                p &+= 6
              }
            }
          }
          for i in 0..<images {
            channelsFirst(
              results + i * points * columns, columns, o, points, out + (lo + i) * points * o)
          }
        }
      }
    }
  }

  /// The gradient for weights and bias from images `[n, c, h, w]` and gradients `[n, o, oh, ow]`.
  ///
  /// `gate` as in `output`.
  func weightGradient(
    _ image: F32, _ gradient: F32, gate: F32?, _ weight: F32, bias: F32?
  ) {
    let (plane, points, columns, depth) = (h * w * c, points, columns, depth)
    let rows = (depth + 5) / 6 * 6
    sumInParts(
      n, atMost: 8, size: (rows + 1) * columns, scratch: imageSize + points * columns,
      cleared: imageSize + points * columns,
      add: { images, sum, scratch in
        let g = scratch + imageSize
        withTables { offsets, windows, _ in
          withUnsafeTemporaryAllocation(of: Int.self, capacity: rows + points) { more in
            guard let elements = more.baseAddress else { return }
            let places = elements + rows
            for i in 0..<rows { elements[i] = elementOffset(Swift.min(i, depth - 1)) }
            for p in 0..<points { places[p] = p * columns }
            for i in images {
              copy(image + i * plane, scratch, offsets)
              let at = i * o * points
              channelsLast(gradient + at, gate: gate.map { $0 + at }, o, points, g, places)
              addProducts(scratch, g, windows, elements, sum)
              if bias != nil { addPoints(g, points, columns, sum + rows * columns) }
            }
          }
        }
      },
      total: { sums in
        unpack(sums, weight)
        if let bias { bias.update(from: sums + rows * columns, count: o) }
      })
  }

  private func addProducts(
    _ x: F32, _ g: F32, _ windows: PointOffsets, _ elements: PointOffsets, _ sum: F32
  ) {
    // Rows of the image such that what is read stays in the first cache.
    let block = Swift.max(1, Swift.min(oh, 64 / ow)) * ow
    var first = 0
    while first < points {
      let count = Swift.min(block, points &- first)
      var j = 0
      while j < columns {
        let from = g + (first &* columns &+ j)
        var i = 0
        while i < depth {
          weightTile(
            x, elements + i, windows + first, count, from, columns, sum + (i &* columns &+ j),
            columns, 6)
          i &+= 6
        }
        j &+= 16
      }
      first &+= count
    }
  }

  /// From rows of window elements to `[o, c, kh, kw]`.
  private func unpack(_ sum: F32, _ weight: F32) {
    let taps = kernel.h * kernel.w
    for i in 0..<depth {
      let (tap, k) = (i / c, i % c)
      for j in 0..<o { weight[(j &* c &+ k) &* taps &+ tap] = sum[i &* columns &+ j] }
    }
  }
}
