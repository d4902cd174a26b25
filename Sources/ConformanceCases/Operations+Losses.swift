import Math

/// A loss of an input and a target.
private func loss(_ f: @escaping @Sendable (Tensor, Tensor, LossReduction, Call) throws -> Tensor)
  -> Handler
{
  { call in [try f(try call.tensor(0), try call.tensor(1), try call.reduction, call)] }
}

private func lengths(_ call: Call, _ i: Int) throws(CaseError) -> [Int] {
  guard i < call.args.count, let list = Call.ints(call.args[i]) else {
    throw CaseError("lengths are missing")
  }
  return list
}

private func ctc(_ call: Call, _ logProbs: Tensor) throws -> [Tensor] {
  [
    ctcLoss(
      logProbs, targets: try call.tensor(1), inputLengths: try lengths(call, 2),
      targetLengths: try lengths(call, 3), blank: call.int("blank", 0),
      reduction: try call.reduction, zeroInfinity: call.bool("zero_infinity"))
  ]
}

private func tripletWithDistance(_ call: Call) throws -> [Tensor] {
  let distance: (Tensor, Tensor) -> Tensor
  switch call.string("distance_function", "pairwise_distance") {
  case "pairwise_distance": distance = { pairwiseDistance($0, $1) }
  case "l1": distance = { abs($0 - $1).sum(dim: -1) }
  case "linf": distance = { abs($0 - $1).amax(dim: [-1]) }
  case "squared_euclidean": distance = { square($0 - $1).sum(dim: -1) }
  case "cosine": distance = { 1 - cosineSimilarity($0, $1, dim: -1) }
  case let name: throw CaseError("no distance named '\(name)'")
  }
  return [
    tripletMarginLoss(
      try call.tensor(0), positive: try call.tensor(1), negative: try call.tensor(2),
      margin: call.double("margin", 1), swap: call.bool("swap"), reduction: try call.reduction,
      distance: distance)
  ]
}

extension Replay {
  static func ctcOfLogits(_ call: Call) throws -> [Tensor] {
    try ctc(call, logSoftmax(try call.tensor(0), dim: -1))
  }

  /// PyTorch's losses.
  static let losses: [String: Handler] = [
    "nn.functional.mse_loss": loss { x, y, r, _ in mseLoss(x, target: y, reduction: r) },
    "nn.functional.l1_loss": loss { x, y, r, _ in l1Loss(x, target: y, reduction: r) },
    "nn.functional.smooth_l1_loss": loss { x, y, r, c in
      smoothL1Loss(x, target: y, reduction: r, beta: c.double("beta", 1))
    },
    "nn.functional.huber_loss": loss { x, y, r, c in
      huberLoss(x, target: y, reduction: r, delta: c.double("delta", 1))
    },
    "nn.functional.cross_entropy": loss { x, y, r, c in
      crossEntropy(
        x, target: y, weight: c.tensor("weight"), ignoreIndex: c.int("ignore_index", -100),
        reduction: r, labelSmoothing: c.double("label_smoothing", 0))
    },
    "nn.functional.nll_loss": loss { x, y, r, c in
      nllLoss(
        x, target: y, weight: c.tensor("weight"), ignoreIndex: c.int("ignore_index", -100),
        reduction: r)
    },
    "nn.functional.binary_cross_entropy": loss { x, y, r, c in
      binaryCrossEntropy(x, target: y, weight: c.tensor("weight"), reduction: r)
    },
    "nn.functional.binary_cross_entropy_with_logits": loss { x, y, r, c in
      binaryCrossEntropyWithLogits(
        x, target: y, weight: c.tensor("weight"), positiveWeight: c.tensor("pos_weight"),
        reduction: r)
    },
    "nn.functional.kl_div": { c in
      [
        klDivergence(
          try c.tensor(0), target: try c.tensor(1),
          reduction: try c.choice("reduction", KLReduction.mean), logTarget: c.bool("log_target"))
      ]
    },
    "nn.functional.cosine_embedding_loss": loss { x, y, r, c in
      cosineEmbeddingLoss(
        x, y, target: try c.tensor(2), margin: c.double("margin", 0), reduction: r)
    },
    "nn.functional.triplet_margin_loss": loss { x, y, r, c in
      tripletMarginLoss(
        x, positive: y, negative: try c.tensor(2), margin: c.double("margin", 1),
        p: c.double("p", 2), eps: c.double("eps", 1e-6), swap: c.bool("swap"), reduction: r)
    },
    "nn.functional.triplet_margin_with_distance_loss": tripletWithDistance,
    "nn.functional.margin_ranking_loss": loss { x, y, r, c in
      marginRankingLoss(
        x, y, target: try c.tensor(2), margin: c.double("margin", 0), reduction: r)
    },
    "nn.functional.hinge_embedding_loss": loss { x, y, r, c in
      hingeEmbeddingLoss(x, target: y, margin: c.double("margin", 1), reduction: r)
    },
    "nn.functional.soft_margin_loss": loss { x, y, r, _ in
      softMarginLoss(x, target: y, reduction: r)
    },
    "nn.functional.multi_margin_loss": loss { x, y, r, c in
      multiMarginLoss(
        x, target: y, p: c.int("p", 1), margin: c.double("margin", 1), weight: c.tensor("weight"),
        reduction: r)
    },
    "nn.functional.multilabel_margin_loss": loss { x, y, r, _ in
      multilabelMarginLoss(x, target: y, reduction: r)
    },
    "nn.functional.multilabel_soft_margin_loss": loss { x, y, r, c in
      multilabelSoftMarginLoss(x, target: y, weight: c.tensor("weight"), reduction: r)
    },
    "nn.functional.poisson_nll_loss": loss { x, y, r, c in
      poissonNLLLoss(
        x, target: y, logInput: c.bool("log_input", true), full: c.bool("full"),
        eps: c.double("eps", 1e-8), reduction: r)
    },
    "nn.functional.gaussian_nll_loss": loss { x, y, r, c in
      gaussianNLLLoss(
        x, target: y, variance: try c.operand(2, beside: 0), full: c.bool("full"),
        eps: c.double("eps", 1e-6), reduction: r)
    },
    "nn.functional.ctc_loss": { try ctc($0, try $0.tensor(0)) },
  ]
}
