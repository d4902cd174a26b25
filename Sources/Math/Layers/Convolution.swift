/// How a convolution pads its input.
public enum ConvPadding: Sendable, Equatable, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral
{
  /// So many zeros at both ends of each dimension; one number counts for all.
  case zeros([Int])
  /// So that the output has the size of the input; needs stride 1.
  case same
  /// None.
  case valid
  /// One number for all dimensions.
  public init(integerLiteral value: Int) { self = .zeros([value]) }
  /// A number a dimension.
  public init(arrayLiteral elements: Int...) { self = .zeros(elements) }
}

// The three products are linear in both operands, and each gives the gradients of the others, so
// that convolutions may be differentiated any number of times.

private func convOutput(_ x: Tensor, _ w: Tensor, _ s: ConvShape) -> Tensor {
  let out = Tensor(empty: Dims([s.n, s.o, s.oh, s.ow]), x.dtype)
  convolve(s, .output, image: x.packed(), weight: w.packed(), output: out)
  return out.recorded(x, w) { y, g in
    y.a.receive(convImage(g, y.b, s))
    y.b.receive(convWeight(g, y.a, s))
  }
}

/// A convolution of floats with its bias and `relu` in one record.
///
/// Its own backward pass is one of the kernels; one that is recorded in turn is made of the products
/// above, so that it may be differentiated again.
private func convFused(
  _ x: Tensor, _ w: Tensor, _ bias: Tensor?, relu: Bool, _ s: ConvShape
) -> Tensor {
  let out = Tensor(empty: Dims([s.n, s.o, s.oh, s.ow]), .f32)
  let isTraining =
    Tensor.isRecording && (x.needsGradient || w.needsGradient || bias?.needsGradient == true)
  convolveForward(
    s, x.packed(), w.packed(), out, bias: bias?.packed(), relu: relu, isTraining: isTraining)
  let pullback: Tensor.Pullback = { y, g in
    if Tensor.isRecording {
      let g = relu ? g.gated(y) : g
      y.a.receive(convImage(g, y.b, s))
      y.b.receive(convWeight(g, y.a, s))
      y.in2.use { $0.receive(g.sum(dim: [0, 2, 3])) }
      return
    }
    let g = g.packed()
    let gate = relu ? y : nil
    if y.a.needsGradient {
      let dx = Tensor(empty: y.a.dims, .f32)
      imageGradient(s, g, gate: gate, y.b.packed(), dx, isTraining: true)
      y.a.receive(dx)
    }
    let bias = y.in2.tensor
    if y.b.needsGradient || bias?.needsGradient == true {
      let dw = Tensor(empty: y.b.dims, .f32)
      let db = bias.map { Tensor(empty: $0.dims, .f32) }
      weightGradient(s, y.a.packed(), g, gate: gate, dw, bias: db, isTraining: true)
      y.b.receive(dw)
      if let db { bias?.receive(db) }
    }
  }
  return bias.map { out.recorded(x, w, $0, pullback) } ?? out.recorded(x, w, pullback)
}

private func convImage(_ y: Tensor, _ w: Tensor, _ s: ConvShape) -> Tensor {
  let out = Tensor(empty: Dims([s.n, s.c, s.h, s.w]), y.dtype)
  convolve(s, .image, image: out, weight: w.packed(), output: y.packed())
  return out.recorded(y, w) { r, g in
    r.a.receive(convOutput(g, r.b, s))
    r.b.receive(convWeight(r.a, g, s))
  }
}

private func convWeight(_ y: Tensor, _ x: Tensor, _ s: ConvShape) -> Tensor {
  let out = Tensor(empty: Dims([s.o, s.channels, s.kh, s.kw]), y.dtype)
  convolve(s, .weight, image: x.packed(), weight: out, output: y.packed())
  return out.recorded(y, x) { r, g in
    r.a.receive(convOutput(r.b, g, s))
    r.b.receive(convImage(r.a, g, s))
  }
}

/// Options of a convolution, a number a dimension or one for all.
private struct ConvOptions {
  let name: StaticString
  let file: StaticString
  let line: UInt
  let dims: Int

  func fail(_ text: String) -> Never { refuse("\(name) \(text)", file: file, line: line) }

  func list(_ values: [Int], _ what: String, least: Int) -> [Int] {
    if values.count != 1 && values.count != dims {
      fail(
        "needs 1 or \(dims) numbers as \(what), got \(values); "
          + "one counts for every direction")
    }
    for value in values where value < least {
      fail(
        "needs \(what) of \(least) or more, got \(value); "
          + "leave it out for the default")
    }
    return values.count == 1 ? Array(repeating: values[0], count: dims) : values
  }

  /// A convolution of integers, or `nil` of others: through f64, exact up to 2^53.
  func ofIntegers(
    _ x: Tensor, _ weight: Tensor, _ bias: Tensor?, _ product: (Tensor, Tensor, Tensor?) -> Tensor
  ) -> Tensor? {
    if x.dtype.isFloatingPoint || weight.dtype.isFloatingPoint { return nil }
    if x.dtype == .bool && weight.dtype == .bool {
      fail("needs numbers, got bool; convert with to(.f32)")
    }
    if let bias, bias.dtype.isFloatingPoint {
      fail("of integers needs a bias of integers, got \(bias.dtype); convert with to(.f32)")
    }
    return product(x.to(.f64), weight.to(.f64), bias?.to(.f64)).to(.i64)
  }

  /// The input as a batch, and whether it was one.
  func batched(_ x: Tensor, _ weight: Tensor) -> (Tensor, Bool) {
    if weight.rank != dims + 2 {
      fail(
        "needs a weight of \(dims + 2) dims, got \(weight.shape); "
          + "weights are [out, in / groups, *]")
    }
    if x.rank == dims + 2 { return (x, true) }
    if x.rank != dims + 1 {
      fail(
        "needs an input of \(dims + 1) or \(dims + 2) dims, got \(x.shape); "
          + "unsqueeze the channels, or flatten")
    }
    return (x.unsqueezed(dim: 0), false)
  }
}

/// Slides filters over images and sums products: cross-correlation, as in all deep learning.
///
///     y[n, o, i, j] = bias[o] + Σ w[o, c, a, b] · x[n, c, i·stride + a·dilation - padding, …]
///
/// - Parameters:
///   - x: Shape `[n, c, h, w]` or `[c, h, w]`.
///   - weight: Shape `[o, c / groups, kh, kw]`.
///   - bias: Shape `[o]`, or none.
///   - stride: How far windows are apart; one number or one a dimension.
///   - padding: Zeros around the image.
///   - dilation: How far the points of a window are apart.
///   - groups: In how many groups channels are kept apart.
/// - Returns: Shape `[n, o, oh, ow]`, oh = ⌊(h + 2 padding - dilation (kh - 1) - 1) / stride⌋ + 1.
/// - Precondition: Channels agree, and a window fits into the padded image.
public func conv2d(
  _ x: Tensor, _ weight: Tensor, bias: Tensor? = nil, stride: [Int] = [1],
  padding: ConvPadding = 0, dilation: [Int] = [1], groups: Int = 1, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  let options = ConvOptions(name: "conv2d", file: file, line: line, dims: 2)
  let integers = options.ofIntegers(x, weight, bias) {
    conv2d(
      $0, $1, bias: $2, stride: stride, padding: padding, dilation: dilation, groups: groups,
      file: file, line: line)
  }
  if let integers { return integers }
  let (x, isBatch) = options.batched(x, weight)
  let y = convolution(x, weight, bias, stride, padding, dilation, groups, options)
  return isBatch ? y : y.squeezed(dim: 0)
}

/// `relu(conv2d(…))` in one step, with the same results.
func conv2dThenRelu(
  _ x: Tensor, _ weight: Tensor, bias: Tensor?, stride: [Int], padding: ConvPadding,
  dilation: [Int], groups: Int
) -> Tensor {
  let options = ConvOptions(name: "conv2d", file: #file, line: #line, dims: 2)
  let (x, isBatch) = options.batched(x, weight)
  let y = convolution(x, weight, bias, stride, padding, dilation, groups, options, relu: true)
  return isBatch ? y : y.squeezed(dim: 0)
}

/// Slides filters over sequences: `conv2d` in one dimension.
///
/// - Parameters:
///   - x: Shape `[n, c, l]` or `[c, l]`.
///   - weight: Shape `[o, c / groups, k]`.
///   - bias: Shape `[o]`, or none.
///   - stride: How far windows are apart, 1 or more; one number.
///   - padding: Zeros at both ends, or `.same` for an output of the size of the input, which needs
///     a stride of 1.
///   - dilation: How far the points of a window are apart, 1 or more; one number.
///   - groups: In how many groups channels are kept apart.
/// - Returns: Shape `[n, o, ol]`, or `[o, ol]`, ol = ⌊(l + 2 padding - dilation (k - 1) - 1) /
///   stride⌋ + 1.
/// - Precondition: As `conv2d`.
public func conv1d(
  _ x: Tensor, _ weight: Tensor, bias: Tensor? = nil, stride: [Int] = [1],
  padding: ConvPadding = 0, dilation: [Int] = [1], groups: Int = 1, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  let options = ConvOptions(name: "conv1d", file: file, line: line, dims: 1)
  let integers = options.ofIntegers(x, weight, bias) {
    conv1d(
      $0, $1, bias: $2, stride: stride, padding: padding, dilation: dilation, groups: groups,
      file: file, line: line)
  }
  if let integers { return integers }
  let (x, isBatch) = options.batched(x, weight)
  let y = convolution(x, weight, bias, stride, padding, dilation, groups, options)
  return isBatch ? y : y.squeezed(dim: 0)
}

private func convolution(
  _ x: Tensor, _ weight: Tensor, _ bias: Tensor?, _ stride: [Int], _ padding: ConvPadding,
  _ dilation: [Int], _ groups: Int, _ options: ConvOptions, relu isGated: Bool = false
) -> Tensor {
  let dims = options.dims
  let steps = options.list(stride, "stride", least: 1)
  let gaps = options.list(dilation, "dilation", least: 1)
  if groups < 1 {
    options.fail(
      "needs groups of 1 or more, got \(groups); 1 joins all channels")
  }
  if x.dims[1] != weight.dims[1] * groups || weight.dims[0] % groups != 0 {
    options.fail(
      "needs \(weight.dims[1] * groups) channels for weight \(weight.shape) in \(groups) groups, "
        + "got \(x.shape); match the input's channels")
  }
  checkBias(bias, weight.dims[0], options)
  var s = ConvShape()
  (s.n, s.c, s.o, s.groups) = (x.dims[0], x.dims[1], weight.dims[0], groups)
  var before: [Int] = []
  var outputs: [Int] = []
  for d in 0..<dims {
    let reach = gaps[d] * (weight.dims[d + 2] - 1)
    let n = x.dims[d + 2]
    let added: (Int, Int)
    switch padding {
    case .valid: added = (0, 0)
    case .zeros(let list):
      let p = options.list(list, "padding", least: 0)[d]
      added = (p, p)
    case .same:
      if steps[d] != 1 {
        options.fail(
          "with padding .same needs stride 1, got \(stride); "
            + "pad with numbers instead")
      }
      added = (reach / 2, reach - reach / 2)
    }
    let room = n + added.0 + added.1 - reach - 1
    if room < 0 || weight.dims[d + 2] == 0 {
      options.fail(
        "needs windows no larger than the padded input, got weight \(weight.shape) for \(x.shape); "
          + "take a smaller kernel or a larger padding")
    }
    before.append(added.0)
    outputs.append(room / steps[d] + 1)
  }
  s.set(x.shape.suffix(dims), weight.shape.suffix(dims), outputs, steps, before, gaps)
  let dtype = promoted(x, weight)
  let (images, filters) = (flatTo2d(x.to(dtype), dims), flatTo2d(weight.to(dtype), dims))
  if dtype == .f32 && (bias?.dtype ?? .f32) == .f32 {
    let y = convFused(images, filters, bias, relu: isGated, s)
    return dims == 1 ? y.squeezed(dim: 2) : y
  }
  var y = convOutput(images, filters, s)
  if dims == 1 { y = y.squeezed(dim: 2) }
  if let bias { y = y + bias.reshaped([1, s.o] + Array(repeating: 1, count: dims)) }
  return isGated ? relu(y) : y
}

private func checkBias(_ bias: Tensor?, _ n: Int, _ options: ConvOptions) {
  if let bias, bias.rank != 1 || bias.count != n {
    options.fail(
      "needs a bias of shape [\(n)], got \(bias.shape); "
        + "one number an output channel")
  }
}

/// A sequence as an image of one row.
private func flatTo2d(_ x: Tensor, _ dims: Int) -> Tensor { dims == 1 ? x.unsqueezed(dim: 2) : x }

extension ConvShape {
  fileprivate mutating func set(
    _ image: ArraySlice<Int>, _ kernel: ArraySlice<Int>, _ output: [Int], _ stride: [Int],
    _ padding: [Int], _ dilation: [Int]
  ) {
    func two(_ list: [Int], _ rest: Int) -> (Int, Int) {
      list.count == 1 ? (rest, list[0]) : (list[0], list[1])
    }
    (h, w) = two(Array(image), 1)
    (kh, kw) = two(Array(kernel), 1)
    (oh, ow) = two(output, 1)
    self.stride = two(stride, 1)
    self.padding = two(padding, 0)
    self.dilation = two(dilation, 1)
  }
}

/// The transpose of `conv2d`: spreads each point of the input over a window of the output.
///
/// - Parameters:
///   - x: Shape `[n, c, h, w]` or `[c, h, w]`.
///   - weight: Shape `[c, o / groups, kh, kw]`.
///   - bias: Shape `[o]`, or none.
///   - stride: How far windows are apart in the output, 1 or more; one number or two.
///   - padding: How much is cut off at all edges of the output, 0 or more; one number or two.
///   - outputPadding: Rows and columns more at one end, where several sizes would be possible.
///   - groups: In how many groups channels are kept apart.
///   - dilation: How far the points of a window are apart, 1 or more; one number or two.
/// - Returns: Shape `[n, o, oh, ow]`, oh = (h - 1) stride - 2 padding + dilation (kh - 1) +
///   outputPadding + 1.
/// - Precondition: Channels agree; `outputPadding` is below stride or dilation.
public func convTranspose2d(
  _ x: Tensor, _ weight: Tensor, bias: Tensor? = nil, stride: [Int] = [1], padding: [Int] = [0],
  outputPadding: [Int] = [0], groups: Int = 1, dilation: [Int] = [1], file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  let options = ConvOptions(name: "convTranspose2d", file: file, line: line, dims: 2)
  let integers = options.ofIntegers(x, weight, bias) {
    convTranspose2d(
      $0, $1, bias: $2, stride: stride, padding: padding, outputPadding: outputPadding,
      groups: groups, dilation: dilation, file: file, line: line)
  }
  if let integers { return integers }
  let (x, isBatch) = options.batched(x, weight)
  let steps = options.list(stride, "stride", least: 1)
  let gaps = options.list(dilation, "dilation", least: 1)
  let pads = options.list(padding, "padding", least: 0)
  let extra = options.list(outputPadding, "outputPadding", least: 0)
  if groups < 1 || weight.dims[0] % groups != 0 {
    options.fail(
      "needs groups that divide \(weight.dims[0]) channels, got \(groups); "
        + "1 joins all channels")
  }
  if x.dims[1] != weight.dims[0] {
    options.fail(
      "needs \(weight.dims[0]) channels for weight \(weight.shape), got \(x.shape); "
        + "the weight is [in, out / groups, h, w]")
  }
  checkBias(bias, weight.dims[1] * groups, options)
  var s = ConvShape()
  (s.n, s.c, s.o, s.groups) = (x.dims[0], weight.dims[1] * groups, x.dims[1], groups)
  var sizes: [Int] = []
  for d in 0..<2 {
    if extra[d] >= Swift.max(steps[d], gaps[d]) {
      options.fail(
        "needs outputPadding below stride or dilation, got \(outputPadding); "
          + "it only chooses among sizes")
    }
    let n =
      (x.dims[d + 2] - 1) * steps[d] - 2 * pads[d] + gaps[d] * (weight.dims[d + 2] - 1) + extra[d]
      + 1
    if n < 1 { options.fail("would give size \(n) for \(x.shape); pad less") }
    sizes.append(n)
  }
  s.set(sizes[...], weight.shape.suffix(2), Array(x.shape.suffix(2)), steps, pads, gaps)
  let dtype = promoted(x, weight)
  let y = convImage(x.to(dtype), weight.to(dtype), s)
  let shaped = isBatch ? y : y.squeezed(dim: 0)
  guard let bias else { return shaped }
  return shaped + bias.reshaped([s.c, 1, 1])
}
