/// Options of a pooling, and the sizes that follow.
struct PoolOptions {
  let name: StaticString
  let file: StaticString
  let line: UInt

  func fail(_ text: String) -> Never { refuse("\(name) \(text)", file: file, line: line) }

  func two(_ values: [Int], _ what: String, least: Int) -> [Int] {
    if values.count != 1 && values.count != 2 {
      fail("needs 1 or 2 numbers as \(what), got \(values); one counts for both directions")
    }
    for value in values where value < least {
      fail("needs \(what) of \(least) or more, got \(value); leave it out for the default")
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
      fail(
        "needs input [n, c, h, w] or [c, h, w], empty only in the batch, got \(x.shape); "
          + "reshape it, or unsqueeze the channels")
    }
  }

  func requireFloat(_ x: Tensor) {
    if !x.dtype.isFloatingPoint {
      fail("needs floating-point input, got \(x.dtype); convert with to(.f32)")
    }
  }

  /// Refuses padding of more than half a window of so many points.
  func checkPadding(_ padding: [Int], _ kernelSize: [Int], _ d: Int, reach: Int) {
    let pad = padding.count == 1 ? padding[0] : padding[d]
    if pad > reach / 2 {
      fail(
        "needs padding of at most half a window, got \(padding) for \(kernelSize); "
          + "pad the input with padded")
    }
  }

  func failTooLarge(_ x: Tensor, _ kernelSize: [Int]) -> Never {
    fail(
      "needs windows no larger than the padded input, got kernelSize \(kernelSize) for \(x.shape); "
        + "take a smaller kernelSize, or a larger padding or image")
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
///   - x: Shape `[n, c, h, w]` or `[c, h, w]`; the averages of `i64` lose their fraction.
///   - kernelSize: The size of a window; one number or two.
///   - stride: How far windows are apart; `nil` or `[]` means `kernelSize`.
///   - padding: Edges of zeros, at most half a window; one number or two.
///   - ceilMode: Whether a last window may reach beyond the edge.
///   - countIncludePad: Whether padding counts among what is divided by.
///   - divisorOverride: What to divide by instead, other than 0.
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
  if divisorOverride == 0 {
    options.fail("needs a divisorOverride other than 0, got 0; leave it out for the mean")
  }
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
    options.checkPadding(pad, kernelSize, d, reach: k[d])
    let n = options.windows(size[d], k[d], step[d], pad[d], 1, ceil: ceilMode)
    if n < 1 { options.failTooLarge(x, kernelSize) }
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
///     rows of window i: ⌊i h / oh⌋ up to ⌈(i + 1) h / oh⌉, and columns likewise
///
/// - Parameters:
///   - x: Shape `[n, c, h, w]` or `[c, h, w]`, floating-point numbers.
///   - outputSize: Height oh and width ow; `nil` keeps that of the input; one number counts twice.
/// - Returns: Shape `[n, c, oh, ow]`, or `[c, oh, ow]`.
/// - Precondition: One size or two, of 0 or more, for an image.
public func adaptiveAvgPool2d(
  _ x: Tensor, outputSize: [Int?], file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let options = PoolOptions(name: "adaptiveAvgPool2d", file: file, line: line)
  options.checkInput(x)
  options.requireFloat(x)
  let size = [x.dims[x.rank - 2], x.dims[x.rank - 1]]
  if outputSize.count != 1 && outputSize.count != 2 {
    options.fail("needs 1 or 2 output sizes, got \(outputSize); nil keeps a size")
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
