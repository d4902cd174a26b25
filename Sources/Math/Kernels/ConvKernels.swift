/// The sizes of a convolution: `n` images of `c` channels and `h`×`w` points to `o` channels and
/// `oh`×`ow` points.
struct ConvShape {
  var n = 0
  var c = 0
  var h = 0
  var w = 0
  var o = 0
  var kh = 0
  var kw = 0
  var oh = 0
  var ow = 0
  var stride = (1, 1)
  var padding = (0, 0)
  var dilation = (1, 1)
  var groups = 1

  var channels: Int { c / Swift.max(groups, 1) }
  var filters: Int { o / Swift.max(groups, 1) }
  /// Values a window holds, and windows an image has.
  var depth: Int { channels * kh * kw }
  var points: Int { oh * ow }
}

/// Element types with a matrix product.
protocol GemmScalar: BinaryFloatingPoint {
  static func multiply(
    _ m: Int, _ n: Int, _ k: Int, _ a: Operand<Self>, _ b: Operand<Self>,
    _ c: UnsafeMutablePointer<Self>, _ ldc: Int, accumulate: Bool)
}

extension Float: GemmScalar {
  @inline(__always)
  static func multiply(
    _ m: Int, _ n: Int, _ k: Int, _ a: Operand<Float>, _ b: Operand<Float>,
    _ c: UnsafeMutablePointer<Float>, _ ldc: Int, accumulate: Bool
  ) { gemm(m, n, k, a, b, c, ldc, accumulate: accumulate) }
}

extension Double: GemmScalar {
  @inline(__always)
  static func multiply(
    _ m: Int, _ n: Int, _ k: Int, _ a: Operand<Double>, _ b: Operand<Double>,
    _ c: UnsafeMutablePointer<Double>, _ ldc: Int, accumulate: Bool
  ) { gemm(m, n, k, a, b, c, ldc, accumulate: accumulate) }
}

/// Calls `body` for every run of window values that lie side by side in the image: where they are in
/// the column matrix, where in the image and how many; then how many columns before and after are
/// padding.
@inline(__always)
private func forEachSpan(
  _ s: ConvShape, _ body: (_ column: Int, _ image: Int, _ from: Int, _ to: Int) -> Void
) {
  for c in 0..<s.channels {
    for i in 0..<s.kh {
      for j in 0..<s.kw {
        let row = ((c &* s.kh &+ i) &* s.kw &+ j) &* s.points
        let shift = j &* s.dilation.1 &- s.padding.1
        // The columns x with 0 <= x stride + shift < w.
        let step = s.stride.1
        let from = Swift.min(s.ow, shift < 0 ? (step &- 1 &- shift) / step : 0)
        let last = s.w &- 1 &- shift
        let to = Swift.max(from, last < 0 ? 0 : Swift.min(s.ow, last / step &+ 1))
        for y in 0..<s.oh {
          let iy = y &* s.stride.0 &- s.padding.0 &+ i &* s.dilation.0
          let column = row &+ y &* s.ow
          if iy < 0 || iy >= s.h {
            body(column, 0, 0, 0)
          } else {
            body(column, (c &* s.h &+ iy) &* s.w &+ shift, from, to)
          }
        }
      }
    }
  }
}

/// The windows of one image and group as columns.
@inline(__always)
private func columns<T: GemmScalar>(
  _ s: ConvShape, _ image: UnsafeMutablePointer<T>, _ out: UnsafeMutablePointer<T>
) {
  let (width, step) = (s.ow, s.stride.1)
  forEachSpan(s) { column, at, from, to in
    let o = out + column
    var x = 0
    while x < from {
      o[x] = 0
      x &+= 1
    }
    let p = image + at
    if step == 1 {
      while x < to {
        o[x] = p[x]
        x &+= 1
      }
    } else {
      while x < to {
        o[x] = p[x &* step]
        x &+= 1
      }
    }
    while x < width {
      o[x] = 0
      x &+= 1
    }
  }
}

/// Adds columns back to the image their values came from.
@inline(__always)
private func addColumns<T: GemmScalar>(
  _ s: ConvShape, _ columns: UnsafeMutablePointer<T>, _ image: UnsafeMutablePointer<T>
) {
  let step = s.stride.1
  forEachSpan(s) { column, at, from, to in
    let o = columns + column
    let p = image + at
    var x = from
    if step == 1 {
      while x < to {
        p[x] += o[x]
        x &+= 1
      }
    } else {
      while x < to {
        p[x &* step] += o[x]
        x &+= 1
      }
    }
  }
}

/// Which of the three products a convolution and its gradients are.
enum ConvProduct {
  /// Images and weights give outputs.
  case output
  /// Outputs and weights give images: the gradient for the images, and transposed convolution.
  case image
  /// Outputs and images give weights.
  case weight
}

/// One of the three products.
///
/// `image` is `[n, c, h, w]`, `weight` `[o, c/groups, kh, kw]`, `output` `[n, o, oh, ow]`; the one asked
/// for is written.
func convolve(_ s: ConvShape, _ product: ConvProduct, image: Tensor, weight: Tensor, output: Tensor)
{
  if image.dtype == .f64 {
    return convolve(s, product, image.f64, weight.f64, output.f64)
  }
  switch product {
  case .output: convolveForward(s, image, weight, output, bias: nil, relu: false, isTraining: false)
  case .image: imageGradient(s, output, gate: nil, weight, image, isTraining: false)
  case .weight: weightGradient(s, image, output, gate: nil, weight, bias: nil, isTraining: false)
  }
}

/// The convolution of floats, with its bias and `relu` while results are in the cache.
///
/// - Parameter isTraining: Whether the faster and less exact method may be used.
func convolveForward(
  _ s: ConvShape, _ image: Tensor, _ weight: Tensor, _ output: Tensor, bias: Tensor?, relu: Bool,
  isTraining: Bool
) {
  if isTraining, let fast = WinogradConv(s) {
    withScratch(fast.panelSize) { panels in
      winogradWeights(weight.f32, c: s.c, o: s.o, turned: false, panels)
      fast.output(image.f32, panels, bias: bias?.f32, relu: relu, output.f32)
    }
  } else if let planes = PlaneConv(s) {
    planes.output(image.f32, weight.f32, bias: bias?.f32, relu: relu, output.f32)
  } else if let direct = DirectConv(s) {
    withScratch(direct.panelSize) { panels in
      direct.pack(weight.f32, turned: false, panels)
      direct.output(image.f32, panels, bias: bias?.f32, relu: relu, output.f32)
    }
  } else {
    convolve(s, .output, image.f32, weight.f32, output.f32)
    finishPlanes(output.f32, s.n * s.o, s.o, s.points, bias?.f32, relu)
  }
}

/// The gradient for images from that of results, which counts as 0 where `gate` is 0 or less.
func imageGradient(
  _ s: ConvShape, _ g: Tensor, gate: Tensor?, _ weight: Tensor, _ image: Tensor, isTraining: Bool
) {
  if isTraining, let fast = WinogradConv(imageOf: s) {
    withScratch(fast.panelSize) { panels in
      winogradWeights(weight.f32, c: s.o, o: s.c, turned: true, panels)
      fast.output(g.f32, gate: gate?.f32, panels, image.f32)
    }
  } else if let direct = DirectConv(imageOf: s) {
    withScratch(direct.panelSize) { panels in
      direct.pack(weight.f32, turned: true, panels)
      direct.output(g.f32, gate: gate?.f32, panels, image.f32)
    }
  } else {
    let g = gate.map { binary(g, $0, .gatePositive, g.dims) } ?? g
    convolve(s, .image, image.f32, weight.f32, g.f32)
  }
}

/// The gradients for weights and bias, with `gate` as above.
func weightGradient(
  _ s: ConvShape, _ image: Tensor, _ g: Tensor, gate: Tensor?, _ weight: Tensor, bias: Tensor?,
  isTraining: Bool
) {
  if isTraining, let fast = WinogradConv(s) {
    fast.weightGradient(image.f32, g.f32, gate: gate?.f32, weight.f32, bias: bias?.f32)
  } else if let planes = PlaneConv(s) {
    planes.weightGradient(image.f32, g.f32, gate: gate?.f32, weight.f32, bias: bias?.f32)
  } else if let direct = DirectConv(s) {
    direct.weightGradient(image.f32, g.f32, gate: gate?.f32, weight.f32, bias: bias?.f32)
  } else {
    let g = gate.map { binary(g, $0, .gatePositive, g.dims) } ?? g
    convolve(s, .weight, image.f32, weight.f32, g.f32)
    if let bias { sumPlanes(g.f32, s.n, s.o, s.points, bias.f32) }
  }
}

/// Adds each plane's bias and applies `relu`.
private func finishPlanes(
  _ p: F32, _ planes: Int, _ channels: Int, _ points: Int, _ bias: F32?, _ relu: Bool
) {
  if bias == nil && !relu { return }
  for plane in 0..<planes {
    let run = p + plane * points
    let shift = bias.map { $0[plane % channels] } ?? 0
    for i in 0..<points {
      let value = run[i] + shift
      run[i] = relu && value <= 0 ? 0 : value
    }
  }
}

private func sumPlanes(_ g: F32, _ n: Int, _ channels: Int, _ points: Int, _ bias: F32) {
  for k in 0..<channels {
    var total = 0.0
    for i in 0..<n { total += Double(runSum(g + (i * channels + k) * points, points)) }
    bias[k] = Float(total)
  }
}

@inline(__always)
private func convolve<T: GemmScalar>(
  _ s: ConvShape, _ product: ConvProduct, _ image: UnsafeMutablePointer<T>,
  _ weight: UnsafeMutablePointer<T>, _ output: UnsafeMutablePointer<T>
) {
  let size = MemoryLayout<T>.size
  let length = s.depth * s.points
  if product == .image { image.update(repeating: 0, count: s.n * s.c * s.h * s.w) }
  let plane = s.channels * s.h * s.w
  let target = s.filters * s.points
  // Weights add up in a fixed number of parts, whatever the number of threads, and then in order.
  let parts = Swift.max(1, Swift.min(s.n, 8))
  let weights = s.o * s.depth
  let jobs = product == .weight ? parts : s.n
  let partClass = BlockPool.sizeClass(bytes: parts * weights * size)
  let partBlock = product == .weight ? BlockPool.take(partClass) : nil
  defer { if let partBlock { BlockPool.give(partBlock, partClass) } }
  let sums = (partBlock ?? UnsafeMutableRawPointer(weight)).assumingMemoryBound(to: T.self)
  if product == .weight { sums.update(repeating: 0, count: parts * weights) }
  parallel(jobs, grain: 1) { lo, hi in
    let sizeClass = BlockPool.sizeClass(bytes: Swift.max(1, length) * size)
    let block = BlockPool.take(sizeClass)
    defer { BlockPool.give(block, sizeClass) }
    let buffer = block.assumingMemoryBound(to: T.self)
    let images =
      product == .weight ? (lo * s.n / parts)..<(hi * s.n / parts) : lo..<hi
    for n in images {
      for g in 0..<s.groups {
        let x = image + (n * s.groups + g) * plane
        let w = weight + g * s.filters * s.depth
        let y = output + (n * s.groups + g) * target
        switch product {
        case .output:
          columns(s, x, buffer)
          T.multiply(
            s.filters, s.points, s.depth, Operand(p: w, rows: s.depth, columns: 1),
            Operand(p: buffer, rows: s.points, columns: 1), y, s.points, accumulate: false)
        case .image:
          T.multiply(
            s.depth, s.points, s.filters, Operand(p: w, rows: 1, columns: s.depth),
            Operand(p: y, rows: s.points, columns: 1), buffer, s.points, accumulate: false)
          addColumns(s, buffer, x)
        case .weight:
          columns(s, x, buffer)
          T.multiply(
            s.filters, s.depth, s.points, Operand(p: y, rows: s.points, columns: 1),
            Operand(p: buffer, rows: 1, columns: s.points),
            sums + lo * weights + g * s.filters * s.depth, s.depth, accumulate: true)
        }
      }
    }
  }
  if product == .weight {
    for i in 0..<weights {
      var total = sums[i]
      for part in 1..<Swift.max(parts, 1) { total += sums[part * weights + i] }
      weight[i] = total
    }
  }
}
