/// Focal loss for independent classes: the binary cross-entropy, less for what is already right.
///
///     p = sigmoid(x),  p_t = p y + (1 - p)(1 - y),  α_t = α y + (1 - α)(1 - y)
///     α_t (1 - p_t)^γ BCE(x, y)
///
/// - Parameters:
///   - x: Scores (not probabilities: sigmoid is applied here), of any shape.
///   - target: Probabilities y, usually 0 or 1, of the shape of `x`.
///   - alpha: The weight of positives; negative leaves out α_t.
///   - gamma: How strongly easy examples fade; 0 is the cross-entropy.
///   - reduction: What is made of the losses of single elements.
/// - Precondition: The shapes are equal.
///
/// Source: Lin et al., Focal Loss for Dense Object Detection, 2017, eq. 5, arXiv:1708.02002.
public func sigmoidFocalLoss(
  _ x: Tensor, target: Tensor, alpha: Double = 0.25, gamma: Double = 2,
  reduction: LossReduction = .mean, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  requireSameShape(x, target, "sigmoidFocalLoss", file, line)
  let p = sigmoid(x)
  let entropy = binaryCrossEntropyWithLogits(x, target: target, reduction: .none)
  // 1 - p_t from probabilities of the other side, accurate where p_t is near 1.
  let wrong = sigmoid(-x) * target + p * (1 - target)
  var losses = pow(wrong, gamma) * entropy
  if alpha >= 0 { losses = losses * (target * alpha + (1 - target) * (1 - alpha)) }
  return losses.reduced(reduction)
}

/// Focal loss for exclusive classes: -α[y] (1 - p_y)^γ ln p_y with p = softmax(x).
///
/// - Parameters:
///   - x: Scores (not probabilities: softmax is applied here), shape `[n, c]`.
///   - target: Classes, `i64`, shape `[n]`.
///   - alpha: A weight a class, shape `[c]`, or none; the mean divides by n all the same.
///   - gamma: How strongly easy examples fade; 0 is the cross-entropy.
///   - reduction: What is made of the losses of single rows, shape `[n]`.
/// - Precondition: The shapes fit, and classes are in `0..<c`.
///
/// Source: Lin et al., Focal Loss for Dense Object Detection, 2017, eq. 5, arXiv:1708.02002.
public func softmaxFocalLoss(
  _ x: Tensor, target: Tensor, alpha: Tensor? = nil, gamma: Double = 2,
  reduction: LossReduction = .mean, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  require(
    x.rank == 2 && target.rank == 1 && target.count == x.dims[0],
    "softmaxFocalLoss needs scores [n, c] and classes [n], got \(x.shape) and \(target.shape); "
      + "one class a row",
    file: file, line: line)
  let index = target.unsqueezed(dim: 1)
  let logP = logSoftmax(x, dim: 1).gathered(dim: 1, index: index, file: file, line: line)
    .squeezed(dim: 1)
  var losses = -(pow(1 - exp(logP), gamma) * logP)
  if let alpha { losses = losses * alpha.indexSelected(dim: 0, index: target) }
  return losses.reduced(reduction)
}
