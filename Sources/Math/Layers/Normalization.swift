/// (x - mean) / √(variance + eps) · weight + bias, with statistics per channel.
///
/// - Parameters:
///   - x: Shape `[n, c, *]`.
///   - runningMean: Shape `[c]`; used when not training, and changed in place when training.
///   - runningVar: Shape `[c]`, as `runningMean`; takes up the unbiased variance.
///   - weight: Shape `[c]`, or none.
///   - bias: Shape `[c]`, or none.
///   - training: Whether the statistics are those of `x`.
///   - momentum: The share of the new statistics in the running ones.
///   - eps: Added to the variance, in the squared unit of `x`.
/// - Returns: The shape of `x`.
/// - Precondition: `x` holds floating-point numbers, and parts have the shape `[c]`. Training needs
///   more than one value a channel and an `eps` above 0; else running statistics are there.
///
/// Source: Ioffe and Szegedy, Batch Normalization, 2015, arXiv:1502.03167.
public func batchNorm(
  _ x: Tensor, runningMean: Tensor? = nil, runningVar: Tensor? = nil, weight: Tensor? = nil,
  bias: Tensor? = nil, training: Bool = false, momentum: Double = 0.1, eps: Double = 1e-5,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  x.requireFloat("batchNorm", file, line)
  if x.count == 0 {
    // Nothing to normalise, whatever the shape.
    var y = x.clone()
    if let weight, weight.count > 0 { y = y * weight.selected(dim: 0, index: 0) }
    if let bias, bias.count > 0 { y = y + bias.selected(dim: 0, index: 0) }
    return y
  }
  require(
    x.rank >= 2,
    "batchNorm needs input [n, c, *], got \(x.shape); unsqueeze a batch", file: file, line: line)
  let c = x.dims[1]
  for part in [runningMean, runningVar, weight, bias] {
    if let part {
      require(
        part.rank == 1 && part.count == c,
        "batchNorm needs parts of shape [\(c)], got \(part.shape); "
          + "one number a channel", file: file, line: line)
    }
  }
  var along = [1, c]
  while along.count < x.rank { along.append(1) }
  if training {
    require(
      eps > 0, "batchNorm training needs an eps above 0, got \(eps); 1e-5 is usual", file: file,
      line: line)
    let n = x.count / Swift.max(c, 1)
    require(
      n > 1 || x.count == 0,
      "batchNorm training needs more than 1 value a channel, got \(x.shape); enlarge the batch",
      file: file, line: line)
    let statistics = BatchStatistics(x, eps)
    noGrad {
      let unbiased = statistics.variance * (Double(n) / Double(n - 1))
      if let runningMean {
        runningMean.overwrite(runningMean * (1 - momentum) + statistics.mean * momentum)
      }
      if let runningVar {
        runningVar.overwrite(runningVar * (1 - momentum) + unbiased * momentum)
      }
    }
    return statistics.normalized(x, weight, bias)
  }
  guard let runningMean, let runningVar else {
    refuse(
      "batchNorm needs running statistics when not training; "
        + "pass training: true, or both statistics", file: file, line: line)
  }
  let mean = runningMean.reshaped(along)
  let variance = runningVar.reshaped(along)
  var y = (x - mean) * rsqrt(variance + eps)
  if let weight { y = y * weight.reshaped(along) }
  if let bias { y = y + bias.reshaped(along) }
  return y
}

/// (x - mean) / √(variance + eps) · weight + bias, with statistics over the last dimensions.
///
/// - Parameters:
///   - x: Shape `[*, normalizedShape]`.
///   - normalizedShape: The sizes of the last dimensions, one or more.
///   - weight: Of that shape, or none.
///   - bias: Of that shape, or none.
///   - eps: What is added to the variance, so that constant elements divide by more than 0.
/// - Returns: The shape of `x`.
/// - Precondition: The shape of `x` ends in `normalizedShape`, which is that of `weight` and
///   `bias`.
///
/// Source: Ba, Kiros and Hinton, Layer Normalization, 2016, arXiv:1607.06450.
public func layerNorm(
  _ x: Tensor, normalizedShape: [Int], weight: Tensor? = nil, bias: Tensor? = nil,
  eps: Double = 1e-5, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  require(
    !normalizedShape.isEmpty && Array(x.shape.suffix(normalizedShape.count)) == normalizedShape,
    "layerNorm needs input ending in \(normalizedShape), got \(x.shape); "
      + "give the last sizes of the input", file: file, line: line)
  for part in [weight, bias] {
    if let part {
      require(
        part.shape == normalizedShape,
        "layerNorm needs parts of shape \(normalizedShape), got \(part.shape); "
          + "one number an element of it", file: file,
        line: line)
    }
  }
  let width = normalizedShape.reduce(1, *)
  if x.dtype == .f32 && x.count > 0 && [weight, bias].allSatisfy({ $0?.dtype ?? .f32 == .f32 }) {
    return layerNormFused(x, width: width, weight, bias, eps: eps)
  }
  let dims = Array((x.rank - normalizedShape.count)..<x.rank)
  var y = standardized(x, dims, eps)
  if let weight { y = y * weight }
  if let bias { y = y + bias }
  return y
}

/// (x - mean) / √(biased variance + eps) over some dimensions.
private func standardized(_ x: Tensor, _ dims: [Int], _ eps: Double) -> Tensor {
  let centered = x - x.mean(dim: dims, keepDim: true)
  let variance = (centered * centered).mean(dim: dims, keepDim: true)
  return centered * rsqrt(variance + eps)
}

/// Standardises groups of channels of each sample.
///
///     (x - mean) / √(variance + eps) · weight + bias, with statistics over each group
///
/// - Parameters:
///   - x: Shape `[n, c, *]`.
///   - numGroups: In how many groups the channels are taken.
///   - weight: Shape `[c]`, or none.
///   - bias: Shape `[c]`, or none.
///   - eps: What is added to the variance, so that constant elements divide by more than 0.
/// - Returns: The shape of `x`.
/// - Precondition: `numGroups` divides the number of channels, and a single sample has more than
///   one value a group.
///
/// Source: Wu and He, Group Normalization, 2018, arXiv:1803.08494.
public func groupNorm(
  _ x: Tensor, numGroups: Int, weight: Tensor? = nil, bias: Tensor? = nil, eps: Double = 1e-5,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  require(
    x.rank >= 2,
    "groupNorm needs input [n, c, *], got \(x.shape); unsqueeze a batch", file: file, line: line)
  let c = x.dims[1]
  require(
    numGroups > 0 && c % numGroups == 0,
    "groupNorm needs groups that divide \(c) channels, got \(numGroups); "
      + "1 normalises all channels together", file: file, line: line)
  for part in [weight, bias] {
    if let part {
      require(
        part.rank == 1 && part.count == c,
        "groupNorm needs parts of shape [\(c)], got \(part.shape); "
          + "one number a channel", file: file, line: line)
    }
  }
  let n = x.dims[0]
  require(
    x.count != numGroups,
    "groupNorm needs more than 1 value a group, got \(x.shape) in \(numGroups) groups; "
      + "take fewer groups or larger images",
    file: file, line: line)
  let width = n == 0 ? 0 : x.count / n / numGroups
  let groups = x.reshaped([n, numGroups, width])
  var y =
    (x.dtype == .f32 && x.count > 0
    ? layerNormFused(groups, width: width, eps: eps) : standardized(groups, [2], eps))
    .reshaped(x.shape)
  var along = [1, c]
  while along.count < x.rank { along.append(1) }
  if let weight { y = y * weight.reshaped(along) }
  if let bias { y = y + bias.reshaped(along) }
  return y
}
