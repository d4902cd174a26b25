import Glibc

/// How tensors are printed, as in PyTorch's `set_printoptions`.
public struct PrintOptions: Sendable {
  /// Digits after the point.
  public var precision = 4
  /// Tensors of more elements are printed with `...` in place of most.
  public var threshold = 1000
  /// How many elements each end of a summarised dimension shows.
  public var edgeItems = 3
  /// Characters a line.
  public var lineWidth = 80
  /// Always (or never) the form 1.0000e+00; `nil` decides by the numbers.
  public var scientific: Bool?
  /// PyTorch's defaults.
  public init() {}
}

/// How tensors are printed.
public var printOptions: PrintOptions {
  get { storedPrintOptions }
  set { storedPrintOptions = newValue }
}

// Set at the start of a lesson, read when printing.
nonisolated(unsafe) private var storedPrintOptions = PrintOptions()

/// C's `%.*f` and `%.*e` without Foundation.
func formatted(_ x: Double, _ precision: Int, scientific: Bool = false) -> String {
  if x.isNaN { return "nan" }
  if x.isInfinite { return x < 0 ? "-inf" : "inf" }
  return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
    guard let p = buffer.baseAddress else { return "" }
    _ = withVaList([Int32(precision), x]) {
      vsnprintf(p, 400, scientific ? "%.*e" : "%.*f", $0)
    }
    return String(cString: p)
  }
}

/// Gives every element of a tensor the same width.
private struct ElementFormat {
  let dtype: DType
  let options: PrintOptions
  var integers = true
  var scientific = false
  var width = 1

  init(_ x: Tensor, _ options: PrintOptions) {
    dtype = x.dtype
    self.options = options
    guard dtype.isFloatingPoint else {
      for value in x.ints { width = max(width, text(value).utf8.count) }
      return
    }
    let shown = x.doubles.filter { $0.isFinite && $0 != 0 }
    if !shown.isEmpty {
      let sizes = shown.map { Swift.abs($0) }
      let smallest = sizes.min() ?? 1
      let largest = sizes.max() ?? 1
      integers = shown.allSatisfy { $0 == $0.rounded(.up) }
      scientific =
        largest / smallest > 1000 || largest > 1e8 || (!integers && smallest < 1e-4)
    }
    if let forced = options.scientific { scientific = forced }
    for value in shown { width = max(width, text(value).utf8.count) }
  }

  func text(_ value: Int) -> String {
    dtype == .bool ? (value != 0 ? "true" : "false") : "\(value)"
  }

  func text(_ value: Double) -> String {
    if scientific { return formatted(value, options.precision, scientific: true) }
    if integers { return formatted(value, 0) + (value.isFinite ? "." : "") }
    return formatted(value, options.precision)
  }

  /// The text of a tensor of one element, as wide as the others.
  func padded(_ x: Tensor) -> String {
    let t = dtype.isFloatingPoint ? text(x.doubles[0]) : text(x.ints[0])
    return String(repeating: " ", count: max(0, width - t.utf8.count)) + t
  }
}

extension Tensor: CustomStringConvertible {
  /// The elements as PyTorch prints them: aligned, and summarised if there are many.
  public var description: String {
    let options = printOptions
    var suffixes: [String] = []
    let summarised = count > options.threshold
    var text: String
    if count == 0 {
      text = "[]"
      if rank != 1 { suffixes.append("shape: \(shape)") }
    } else {
      let x = noGrad { summarised ? detach().edges(options.edgeItems) : detach() }
      let format = ElementFormat(x, options)
      text = noGrad { detach().lines(indent: 7, format, summarised, options) }
    }
    let natural: Bool = dtype == defaultDType || (count > 0 && (dtype == .i64 || dtype == .bool))
    if !natural { suffixes.append("dtype: .\(dtype)") }
    if needsGradient { suffixes.append("requiresGrad: true") }
    for suffix in suffixes {
      let last = text.split(separator: "\n", omittingEmptySubsequences: false).last?.count ?? 0
      let used = last + (text.contains("\n") ? 0 : 7)
      text +=
        used + suffix.count + 3 > options.lineWidth
        ? ",\n       \(suffix)" : ", \(suffix)"
    }
    return "tensor(\(text))"
  }

  /// The first and last slices of every dimension, which are all that a summary shows.
  private func edges(_ n: Int) -> Tensor {
    var x = self
    for d in 0..<rank where x.dims[d] > 2 * n {
      x = cat(
        [
          x.sliced(d, start: 0, count: n, step: 1),
          x.sliced(d, start: x.dims[d] - n, count: n, step: 1),
        ], dim: d)
    }
    return x
  }

  private func lines(
    indent: Int, _ format: ElementFormat, _ summarised: Bool, _ options: PrintOptions
  ) -> String {
    if rank == 0 { return format.padded(self) }
    let n = dims[0]
    let edge = options.edgeItems
    let cut = summarised && n > 2 * edge
    let shown = cut ? Array(0..<edge) + Array((n - edge)..<n) : Array(0..<n)
    if rank == 1 {
      var items = shown.map { format.padded(selected(dim: 0, index: $0)) }
      if cut { items.insert(" ...", at: edge) }
      let perLine = Swift.max(1, (options.lineWidth - indent) / (format.width + 2))
      let rows = stride(from: 0, to: items.count, by: perLine).map {
        items[$0..<Swift.min($0 + perLine, items.count)].joined(separator: ", ")
      }
      return "[" + rows.joined(separator: ",\n" + String(repeating: " ", count: indent + 1)) + "]"
    }
    var slices = shown.map {
      selected(dim: 0, index: $0).lines(indent: indent + 1, format, summarised, options)
    }
    if cut { slices.insert("...", at: edge) }
    let gap =
      "," + String(repeating: "\n", count: rank - 1) + String(repeating: " ", count: indent + 1)
    return "[" + slices.joined(separator: gap) + "]"
  }
}
