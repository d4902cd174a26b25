/// The largest value of each window; the first of equals gets the gradient.
///
/// - Parameters:
///   - x: Shape `[n, c, h, w]` or `[c, h, w]`.
///   - kernelSize: The size of a window; one number or two.
///   - stride: How far windows are apart; `nil` or `[]` means `kernelSize`.
///   - padding: Edges of -∞, at most half a window. A dilated window may lie in them altogether.
///   - dilation: How far the points of a window are apart.
///   - ceilMode: Whether a last window may reach beyond the edge.
/// - Precondition: A window fits.
public func maxPool2d(
  _ x: Tensor, kernelSize: [Int], stride: [Int]? = nil, padding: [Int] = [0],
  dilation: [Int] = [1], ceilMode: Bool = false, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  if let y = pooledByTwo(x, kernelSize, stride, padding, dilation, ceilMode) { return y }
  return maxPool2dWithIndices(
    x, kernelSize: kernelSize, stride: stride, padding: padding, dilation: dilation,
    ceilMode: ceilMode, file: file, line: line
  ).values
}

/// The most common pooling, of floats by two in both directions, or `nil` for another.
private func pooledByTwo(
  _ x: Tensor, _ kernelSize: [Int], _ stride: [Int]?, _ padding: [Int], _ dilation: [Int],
  _ ceilMode: Bool
) -> Tensor? {
  func all(_ list: [Int], _ value: Int) -> Bool {
    (list.count == 1 || list.count == 2) && list.allSatisfy { $0 == value }
  }
  let step = stride.flatMap { $0.isEmpty ? nil : $0 } ?? kernelSize
  if x.dtype != .f32 || (x.rank != 3 && x.rank != 4) || x.count == 0 || ceilMode { return nil }
  if !all(kernelSize, 2) || !all(step, 2) || !all(padding, 0) || !all(dilation, 1) { return nil }
  let (h, w) = (x.dims[x.rank - 2], x.dims[x.rank - 1])
  if h < 2 || w < 2 { return nil }
  var dims = x.dims
  dims[x.rank - 2] = h / 2
  dims[x.rank - 1] = w / 2
  let planes = x.count / (h * w)
  let y = Tensor(empty: dims, .f32)
  // A byte for each result, as room for the last register.
  let choice = Tensor(empty: Dims([y.count + 8]), .bool)
  // A name keeps a packed copy alive until its elements have been read.
  let source = x.packed()
  poolByTwo(source.f32, planes: planes, h: h, w: w, y.f32, choice.pointer(UInt8.self))
  return y.recorded(x, saves: false) { y, g in
    if Tensor.isRecording {
      let index = positions(of: choice, dims: y.dims, width: w)
      let flat = g.reshaped([planes, index.dims[1]])
      let spread = flat.scattered(dim: 1, index: index, into: Dims([planes, h * w]))
      return y.a.receive(spread.reshaped(to: y.a.dims))
    }
    let dx = Tensor(empty: y.a.dims, .f32)
    let slopes = g.packed()
    unpoolByTwo(
      slopes.f32, choice.pointer(UInt8.self), planes: planes, h: h, w: w, dx.f32)
    y.a.receive(dx)
  }
}

/// Flat positions in planes of `width` columns from choices of one of four.
private func positions(of choice: Tensor, dims: Dims, width: Int) -> Tensor {
  let (oh, ow) = (dims[dims.rank - 2], dims[dims.rank - 1])
  let index = Tensor(empty: Dims([dims.product / (oh * ow), oh * ow]), .i64)
  let bytes = choice.pointer(UInt8.self)
  for i in 0..<index.count {
    let (row, column) = (i / ow % oh, i % ow)
    let k = Int(bytes[i])
    index.i64[i] = (2 * row + k / 2) * width + 2 * column + k % 2
  }
  return index
}

/// The largest value of each window, and its flat position in the plane.
///
/// - Parameters:
///   - x: Shape `[n, c, h, w]` or `[c, h, w]`.
///   - kernelSize: The size of a window; one number or two.
///   - stride: How far windows are apart; `nil` or `[]` means `kernelSize`.
///   - padding: Edges of -∞, at most half a window; one number or two.
///   - dilation: How far the points of a window are apart; one number or two.
///   - ceilMode: Whether a last window may reach beyond the edge.
/// - Returns: Both of shape `[n, c, oh, ow]`, or `[c, oh, ow]`; the indices, `i64`, are row · w +
///   column.
/// - Precondition: As `maxPool2d`.
public func maxPool2dWithIndices(
  _ x: Tensor, kernelSize: [Int], stride: [Int]? = nil, padding: [Int] = [0],
  dilation: [Int] = [1], ceilMode: Bool = false, file: StaticString = #file, line: UInt = #line
) -> (values: Tensor, indices: Tensor) {
  let options = PoolOptions(name: "maxPool2d", file: file, line: line)
  let k = options.two(kernelSize, "kernelSize", least: 1)
  let step = options.two(
    stride.flatMap { $0.isEmpty ? nil : $0 } ?? k, "stride", least: 1)
  let pad = options.two(padding, "padding", least: 0)
  let gap = options.two(dilation, "dilation", least: 1)
  options.checkInput(x)
  let size = [x.dims[x.rank - 2], x.dims[x.rank - 1]]
  var out: [Int] = []
  for d in 0..<2 {
    options.checkPadding(pad, kernelSize, d, reach: gap[d] * (k[d] - 1) + 1)
    out.append(options.windows(size[d], k[d], step[d], pad[d], gap[d], ceil: ceilMode))
    if out[d] < 1 { options.failTooLarge(x, kernelSize) }
  }
  let plane = size[0] * size[1]
  let planes = plane == 0 ? 0 : x.count / plane
  let points = out[0] * out[1]
  let flat = x.reshaped([planes, plane])
  let indices = Tensor(empty: Dims([planes, points]), .i64)
  func fill<T: BinaryFloatingPoint>(_ p: UnsafeMutablePointer<T>) {
    parallel(planes, grain: Swift.max(1, 16_384 / Swift.max(1, plane))) { lo, hi in
      for c in lo..<hi {
        let source = p + c * plane
        for i in 0..<out[0] {
          for j in 0..<out[1] {
            var y = i * step[0] - pad[0]
            var x = j * step[1] - pad[1]
            let endY = Swift.min(y + (k[0] - 1) * gap[0] + 1, size[0])
            let endX = Swift.min(x + (k[1] - 1) * gap[1] + 1, size[1])
            while y < 0 { y += gap[0] }
            while x < 0 { x += gap[1] }
            var best = -T.infinity
            var at = y * size[1] + x
            var row = y
            while row < endY {
              var column = x
              while column < endX {
                let value = source[row * size[1] + column]
                if value > best || value.isNaN {
                  best = value
                  at = row * size[1] + column
                }
                column += gap[1]
              }
              row += gap[0]
            }
            indices.i64[c * points + i * out[1] + j] = at
          }
        }
      }
    }
  }
  // Integers are compared as f64, exact up to 2^53, and then picked as they are.
  let source = (x.dtype == .i64 ? flat.to(.f64) : flat).packed()
  if source.dtype == .f64 {
    fill(source.f64)
  } else {
    options.requireFloat(x)
    fill(source.f32)
  }
  let target = Array(x.shape.dropLast(2)) + out
  let hollow = (0..<points).filter { p in
    let starts = [p / out[1], p % out[1]]
    return (0..<2).contains { d in
      !(0..<k[d]).contains { i in
        (0..<size[d]).contains(starts[d] * step[d] - pad[d] + i * gap[d])
      }
    }
  }
  let values =
    hollow.isEmpty || planes == 0
    ? flat.gatherPacked(1, indices).recorded(flat, saves: false) { y, g in
      y.a.receive(g.scattered(dim: 1, index: indices, into: y.a.dims))
    } : hollowMaxima(flat, indices, hollow)
  return (values.reshaped(target), indices.arranged(as: Dims(target)))
}

/// The maxima where some windows lie wholly in the padding: -∞ there.
///
/// Their gradient goes where PyTorch's index points, the first point after the padding, if that lies
/// in the plane; PyTorch writes it beyond the plane otherwise.
private func hollowMaxima(_ flat: Tensor, _ indices: Tensor, _ hollow: [Int]) -> Tensor {
  let plane = flat.dims[1]
  let inside = noGrad { indices .< Double(plane) }
  let index = noGrad { `where`(inside, indices, Tensor.zeros(like: indices)) }
  let mask = Tensor.full(Dims([1, indices.dims[1]]), 0, .bool)
  for p in hollow { mask.bool[p] = true }
  let values = noGrad { flat.gatherPacked(1, index).maskedFilled(mask, -.infinity) }
  return values.recorded(flat, saves: false) { y, g in
    let kept = `where`(inside, g, Tensor.zeros(like: g))
    y.a.receive(kept.scattered(dim: 1, index: index, into: y.a.dims))
  }
}
