/// Options of a pooling, and the sizes that follow.
private struct PoolOptions {
  let name: StaticString
  let file: StaticString
  let line: UInt

  func fail(_ text: String) -> Never { refuse("\(name) \(text)", file: file, line: line) }

  func two(_ values: [Int], _ what: String, least: Int) -> [Int] {
    if values.count != 1 && values.count != 2 {
      fail("needs 1 or 2 numbers as \(what), got \(values)")
    }
    for value in values where value < least {
      fail("needs \(what) of \(least) or more, got \(value)")
    }
    return values.count == 1 ? [values[0], values[0]] : values
  }

  /// How many windows fit along a dimension.
  func windows(_ n: Int, _ k: Int, _ step: Int, _ pad: Int, _ gap: Int, ceil: Bool) -> Int {
    let room = n + 2 * pad - gap * (k - 1) - 1 + (ceil ? step - 1 : 0)
    var count = (room >= 0 ? room / step : -((-room + step - 1) / step)) + 1
    // The last window has to start inside the image or the padding before it.
    if ceil && (count - 1) * step >= n + pad { count -= 1 }
    return count
  }

  func checkInput(_ x: Tensor) {
    let isImage = x.rank == 3 || x.rank == 4
    if !isImage || x.shape.dropFirst().contains(0) {
      fail("needs input [n, c, h, w] or [c, h, w], empty only in the batch, got \(x.shape)")
    }
  }
}

/// The largest value of each window; the first of equals gets the gradient.
///
/// - Parameters:
///   - x: Shape `[n, c, h, w]` or `[c, h, w]`.
///   - kernelSize: The size of a window; one number or two.
///   - stride: How far windows are apart; `nil` or `[]` means `kernelSize`.
///   - padding: Edges of -∞, at most half a window.
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
  poolByTwo(x.packed().f32, planes: planes, h: h, w: w, y.f32, choice.pointer(UInt8.self))
  return y.recorded(x, saves: false) { y, g in
    if Tensor.isRecording {
      let index = positions(of: choice, dims: y.dims, width: w)
      let flat = g.reshaped([planes, index.dims[1]])
      let spread = flat.scattered(dim: 1, index: index, into: Dims([planes, h * w]))
      return y.a.receive(spread.reshaped(to: y.a.dims))
    }
    let dx = Tensor(empty: y.a.dims, .f32)
    unpoolByTwo(
      g.packed().f32, choice.pointer(UInt8.self), planes: planes, h: h, w: w, dx.f32)
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
    if pad[d] > (gap[d] * (k[d] - 1) + 1) / 2 {
      options.fail("needs padding of at most half a window, got \(padding) for \(kernelSize)")
    }
    out.append(options.windows(size[d], k[d], step[d], pad[d], gap[d], ceil: ceilMode))
    if out[d] < 1 { options.fail("needs windows no larger than the input, got \(x.shape)") }
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
  let values = flat.gatherPacked(1, indices).recorded(flat, saves: false) { y, g in
    y.a.receive(g.scattered(dim: 1, index: indices, into: y.a.dims))
  }
  return (values.reshaped(target), indices.arranged(as: Dims(target)))
}

extension PoolOptions {
  fileprivate func requireFloat(_ x: Tensor) {
    if x.dtype != .f32 && x.dtype != .f64 { fail("needs floating-point input, got \(x.dtype)") }
  }
}

/// Windows whose values are averaged: rows and columns each from, to; and what to divide by.
private struct Windows {
  let rows: [(Int, Int)]
  let columns: [(Int, Int)]
  let divisors: [Double]
  let size: [Int]
}

/// The averages of windows of planes; linear, and the transpose below is its gradient.
private func averaged(_ x: Tensor, _ w: Windows) -> Tensor {
  let plane = w.size[0] * w.size[1]
  let points = w.rows.count * w.columns.count
  let planes = x.dims[0]
  let out = Tensor(empty: Dims([planes, points]), x.dtype)
  let source = x.packed()
  func fill<T: BinaryFloatingPoint>(_ p: UnsafeMutablePointer<T>, _ q: UnsafeMutablePointer<T>) {
    for c in 0..<planes {
      var k = 0
      for (top, bottom) in w.rows {
        for (left, right) in w.columns {
          var total: T = 0
          for i in top..<bottom {
            for j in left..<right { total += p[c * plane + i * w.size[1] + j] }
          }
          q[c * points + k] = total / T(w.divisors[k])
          k += 1
        }
      }
    }
  }
  if x.dtype == .f64 { fill(source.f64, out.f64) } else { fill(source.f32, out.f32) }
  return out.recorded(x, saves: false) { y, g in y.a.receive(spreadBack(g, w)) }
}

private func spreadBack(_ g: Tensor, _ w: Windows) -> Tensor {
  let plane = w.size[0] * w.size[1]
  let points = w.rows.count * w.columns.count
  let planes = g.dims[0]
  let out = Tensor.full(Dims([planes, plane]), 0, g.dtype)
  let source = g.packed()
  func fill<T: BinaryFloatingPoint>(_ p: UnsafeMutablePointer<T>, _ q: UnsafeMutablePointer<T>) {
    for c in 0..<planes {
      var k = 0
      for (top, bottom) in w.rows {
        for (left, right) in w.columns {
          let share = p[c * points + k] / T(w.divisors[k])
          for i in top..<bottom {
            for j in left..<right { q[c * plane + i * w.size[1] + j] += share }
          }
          k += 1
        }
      }
    }
  }
  if g.dtype == .f64 { fill(source.f64, out.f64) } else { fill(source.f32, out.f32) }
  return out.recorded(g, saves: false) { y, g in y.a.receive(averaged(g, w)) }
}

private func average(_ x: Tensor, _ w: Windows) -> Tensor {
  let plane = w.size[0] * w.size[1]
  let lead = Array(x.shape.dropLast(2))
  let flat = x.reshaped([lead.reduce(1, *), plane])
  return averaged(flat, w).reshaped(lead + [w.rows.count, w.columns.count])
}

/// The average of each window.
///
/// - Parameters:
///   - countIncludePad: Whether padding counts among what is divided by.
///   - divisorOverride: What to divide by instead.
/// - Precondition: As `maxPool2d`; `divisorOverride` is not 0.
public func avgPool2d(
  _ x: Tensor, kernelSize: [Int], stride: [Int]? = nil, padding: [Int] = [0],
  ceilMode: Bool = false, countIncludePad: Bool = true, divisorOverride: Int? = nil,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let options = PoolOptions(name: "avgPool2d", file: file, line: line)
  let k = options.two(kernelSize, "kernelSize", least: 1)
  let step = options.two(stride.flatMap { $0.isEmpty ? nil : $0 } ?? k, "stride", least: 1)
  let pad = options.two(padding, "padding", least: 0)
  if divisorOverride == 0 { options.fail("needs a divisorOverride other than 0") }
  options.checkInput(x)
  if x.dtype == .i64 {
    // As in PyTorch the quotient loses its fraction.
    return avgPool2d(
      x.to(.f64), kernelSize: kernelSize, stride: stride, padding: padding, ceilMode: ceilMode,
      countIncludePad: countIncludePad, divisorOverride: divisorOverride, file: file, line: line
    ).to(.i64)
  }
  options.requireFloat(x)
  let size = [x.dims[x.rank - 2], x.dims[x.rank - 1]]
  var spans: [[(Int, Int)]] = []
  var counted: [[Int]] = []
  for d in 0..<2 {
    if pad[d] > k[d] / 2 {
      options.fail("needs padding of at most half a window, got \(padding) for \(kernelSize)")
    }
    let n = options.windows(size[d], k[d], step[d], pad[d], 1, ceil: ceilMode)
    if n < 1 { options.fail("needs windows no larger than the input, got \(x.shape)") }
    let starts = (0..<n).map { $0 * step[d] - pad[d] }
    counted.append(starts.map { Swift.min($0 + k[d], size[d] + pad[d]) - $0 })
    spans.append(
      starts.map {
        let from = Swift.max($0, 0)
        return (from, Swift.max(from, Swift.min($0 + k[d], size[d])))
      })
  }
  var divisors: [Double] = []
  for (i, row) in spans[0].enumerated() {
    for (j, column) in spans[1].enumerated() {
      let inside = (row.1 - row.0) * (column.1 - column.0)
      divisors.append(
        Double(divisorOverride ?? (countIncludePad ? counted[0][i] * counted[1][j] : inside)))
    }
  }
  return average(x, Windows(rows: spans[0], columns: spans[1], divisors: divisors, size: size))
}

/// Averages that give an output of a size asked for, whatever that of the input.
///
/// - Parameter outputSize: Height and width; `nil` keeps that of the input; one number counts twice.
/// - Precondition: Sizes of 0 or more.
public func adaptiveAvgPool2d(
  _ x: Tensor, outputSize: [Int?], file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let options = PoolOptions(name: "adaptiveAvgPool2d", file: file, line: line)
  if x.rank != 3 && x.rank != 4 || x.shape.dropFirst().contains(0) {
    options.fail("needs input [n, c, h, w] or [c, h, w], got \(x.shape)")
  }
  options.requireFloat(x)
  let size = [x.dims[x.rank - 2], x.dims[x.rank - 1]]
  if outputSize.count != 1 && outputSize.count != 2 {
    options.fail("needs 1 or 2 output sizes, got \(outputSize)")
  }
  let sizes = (0..<2).map { (outputSize.count == 1 ? outputSize[0] : outputSize[$0]) ?? size[$0] }
  let out = options.two(sizes, "outputSize", least: 0)
  var spans: [[(Int, Int)]] = []
  for d in 0..<2 {
    let (n, m) = (size[d], out[d])
    var list: [(Int, Int)] = []
    for i in 0..<m { list.append((i * n / m, ((i + 1) * n + m - 1) / m)) }
    spans.append(list)
  }
  var divisors: [Double] = []
  for row in spans[0] {
    for column in spans[1] { divisors.append(Double((row.1 - row.0) * (column.1 - column.0))) }
  }
  return average(x, Windows(rows: spans[0], columns: spans[1], divisors: divisors, size: size))
}
