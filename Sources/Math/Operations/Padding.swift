/// What padding puts beyond the edge.
public enum PaddingMode: String, Sendable {
  /// One value.
  case constant
  /// The mirror image, without the edge itself.
  case reflect
  /// The edge again and again.
  case replicate
  /// The other end.
  case circular
}

extension Tensor {
  /// Pads dimensions, from the last: `[left, right, top, bottom, …]`; negative numbers crop.
  ///
  /// - Parameters:
  ///   - pad: How much before and after, in pairs, from the last dimension on; negative crops.
  ///   - mode: What is put there.
  ///   - value: What `.constant` puts there; of no effect on other modes.
  /// - Precondition: Pairs, for at most every dimension, that crop no more than there is. Other
  ///   modes than `.constant` need one to three pairs and one or two dimensions more; `.reflect`
  ///   adds less than the size, `.circular` at most the size.
  public func padded(
    _ pad: [Int], mode: PaddingMode = .constant, value: Double = 0, file: StaticString = #file,
    line: UInt = #line
  ) -> Tensor {
    require(
      pad.count % 2 == 0 && pad.count / 2 <= rank,
      "padded needs pairs for at most \(rank) dims, got \(pad); "
        + "write before and after for each, from the last dim", file: file, line: line)
    if mode != .constant {
      // A channel dimension in front, and perhaps a batch.
      let k = pad.count / 2
      require(
        k >= 1 && k <= 3 && (rank == k + 1 || rank == k + 2),
        "padded with mode \(mode.rawValue) needs \(k + 1) or \(k + 2) dims for \(k) pairs, "
          + "got \(shape); unsqueeze channels or a batch",
        file: file, line: line)
      require(
        mode == .circular || shape.suffix(k + 1).allSatisfy { $0 > 0 },
        "padded with mode \(mode.rawValue) needs sizes above 0 but for the batch, got \(shape); "
          + "pad with a constant",
        file: file, line: line)
    }
    var x = self
    for (k, i) in stride(from: 0, to: pad.count, by: 2).enumerated() {
      let (before, after) = (pad[i], pad[i + 1])
      if before == 0 && after == 0 { continue }
      let d = rank - 1 - k
      let n = x.dims[d]
      require(
        n + Swift.min(0, before) + Swift.min(0, after) >= 0,
        "padded cannot crop \(-Swift.min(0, before) - Swift.min(0, after)) of size \(n); "
          + "crop less",
        file: file, line: line)
      x =
        mode == .constant
        ? x.paddedConstant(d, before, after, value)
        : x.paddedFrom(d, before, after, mode, file, line)
    }
    return x === self ? clone() : x
  }

  private func paddedConstant(_ d: Int, _ before: Int, _ after: Int, _ value: Double) -> Tensor {
    let n = dims[d]
    let first = Swift.min(Swift.max(0, -before), n)
    let last = Swift.max(first, n - Swift.max(0, -after))
    let kept = sliced(d, start: first, count: last - first, step: 1)
    var target = dims
    target[d] = n + before + after
    let start = Swift.max(0, before)
    let inner = kept.embedded(in: target, d, start: start, step: 1)
    if value == 0 { return inner }
    let frame = noGrad {
      Tensor.full(kept.dims, 1, .f32).embedded(in: target, d, start: start, step: 1) .== 0
    }
    return inner.maskedFilled(frame, value)
  }

  private func paddedFrom(
    _ d: Int, _ before: Int, _ after: Int, _ mode: PaddingMode, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    if mode == .circular && Swift.min(before, after) < 0 {
      // What is cropped away does not come in again at the other end.
      let kept = paddedConstant(d, Swift.min(before, 0), Swift.min(after, 0), 0)
      if before <= 0 && after <= 0 { return kept }
      return kept.paddedFrom(d, Swift.max(before, 0), Swift.max(after, 0), mode, file, line)
    }
    let n = dims[d]
    let reach = Swift.max(before, after)
    require(
      n > 0 && (mode != .reflect || reach < n) && (mode != .circular || reach <= n),
      "padded with mode \(mode.rawValue) cannot add \(reach) to size \(n); "
        + "pad less, or with mode replicate", file: file, line: line)
    let places = (-before..<(n + after)).map { i in
      switch mode {
      case .reflect: i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i
      case .circular: ((i % n) + n) % n
      default: Swift.min(Swift.max(i, 0), n - 1)
      }
    }
    return indexSelected(dim: d, index: Tensor(places))
  }
}
