import Math

private func loss(_ f: @escaping @Sendable (Tensor, Tensor, LossReduction, Call) throws -> Tensor)
  -> Handler
{
  { call in [try f(try call.tensor(0), try call.tensor(1), try call.reduction, call)] }
}

private func pair(_ f: @escaping @Sendable (Tensor, Tensor, Call) throws -> Tensor) -> Handler {
  { call in [try f(try call.tensor(0), try call.tensor(1), call)] }
}

private func ghm(_ result: GHMResult) -> [Tensor] {
  [result.loss, result.weights] + (result.counts.map { [$0] } ?? [])
}

private func eps(_ call: Call) -> Double { call.double("eps", 1e-7) }

private func wganPenalty(_ call: Call) throws -> [Tensor] {
  let (w1, b1, w2) = (try call.tensor(3), try call.tensor(4), try call.tensor(5))
  let result = gradientPenalty(
    real: try call.tensor(0), fake: try call.tensor(1), mix: try call.tensor(2),
    weight: call.double("lam", 10), oneSided: call.bool("one_sided")
  ) { matmul(tanh(linear($0, w1, bias: b1)), w2) }
  return [result.penalty, result.gradients]
}

extension Replay {
  /// Losses that PyTorch lacks.
  static let papers: [String: Handler] = [
    "paper.focal_loss_sigmoid": loss { x, y, r, c in
      sigmoidFocalLoss(
        x, target: y, alpha: c.double("alpha", 0.25), gamma: c.double("gamma", 2), reduction: r)
    },
    "paper.focal_loss_softmax": loss { x, y, r, c in
      softmaxFocalLoss(
        x, target: y, alpha: c.tensor("alpha"), gamma: c.double("gamma", 2), reduction: r)
    },
    "paper.ghm_c": { c in
      ghm(
        ghmClassificationLoss(
          try c.tensor(0), target: try c.tensor(1), bins: c.int("bins", 10),
          momentum: c.double("momentum", 0), counts: c.tensor("acc_sum"),
          divisor: try c.choice("divisor", .allBins)))
    },
    "paper.ghm_r": { c in
      ghm(
        ghmRegressionLoss(
          try c.tensor(0), target: try c.tensor(1), mu: c.double("mu", 0.02),
          bins: c.int("bins", 10), momentum: c.double("momentum", 0),
          counts: c.tensor("acc_sum"), divisor: try c.choice("divisor", .allBins)))
    },
    "paper.iou_loss": loss { x, y, r, c in
      iouLoss(x, target: y, kind: try c.choice("kind", .linear), eps: eps(c), reduction: r)
    },
    "paper.giou_loss": loss { x, y, r, c in giouLoss(x, target: y, eps: eps(c), reduction: r) },
    "paper.diou_loss": loss { x, y, r, c in diouLoss(x, target: y, eps: eps(c), reduction: r) },
    "paper.ciou_loss": loss { x, y, r, c in ciouLoss(x, target: y, eps: eps(c), reduction: r) },
    "paper.eiou_loss": loss { x, y, r, c in eiouLoss(x, target: y, eps: eps(c), reduction: r) },
    "paper.siou_loss": loss { x, y, r, c in
      siouLoss(x, target: y, theta: c.double("theta", 4), eps: eps(c), reduction: r)
    },
    "paper.alpha_iou_loss": loss { x, y, r, c in
      alphaIoULoss(
        x, target: y, kind: try c.choice("kind", .iou), alpha: c.double("alpha", 3), eps: eps(c),
        reduction: r)
    },
    "paper.soft_iou_loss": loss { x, y, r, c in
      jaccardLoss(
        x, target: y, smooth: c.double("smooth", 1), over: try c.choice("over", .sample),
        reduction: r)
    },
    "paper.dice_loss": loss { x, y, r, c in
      diceLoss(
        x, target: y, smooth: c.double("smooth", 1), squared: c.bool("squared"),
        over: try c.choice("over", .sample), reduction: r)
    },
    "paper.tversky_loss": loss { x, y, r, c in
      tverskyLoss(
        x, target: y, alpha: c.double("alpha", 0.3), beta: c.double("beta", 0.7),
        smooth: c.double("smooth", 1), over: try c.choice("over", .sample), reduction: r)
    },
    "paper.lovasz_hinge": pair { x, y, c in
      lovaszHingeLoss(x, labels: y, perImage: c.bool("per_image"))
    },
    "paper.lovasz_softmax": pair { x, y, c in
      lovaszSoftmaxLoss(x, labels: y, classes: try c.choice("classes", .present))
    },
    "paper.wasserstein_1d_samples": pair { x, y, c in
      wassersteinDistance(x, y, p: c.double("p", 1))
    },
    "paper.wasserstein_1d_cdf": pair { x, y, c in
      wassersteinDistance(histograms: x, y, binWidth: c.double("bin_width", 1))
    },
    "paper.wasserstein_1d_weighted": pair { x, y, c in
      wassersteinDistance(x, y, uWeights: try c.tensor(2), vWeights: try c.tensor(3))
    },
    "paper.sinkhorn": { c in
      let result = sinkhorn(
        cost: try c.tensor(0), try c.tensor(1), try c.tensor(2), epsilon: c.double("epsilon", 0.1),
        iterations: c.int("iterations", 50))
      return [result.cost, result.plan]
    },
    "paper.sinkhorn_divergence": pair { x, y, c in
      sinkhornDivergence(
        x, y, epsilon: c.double("epsilon", 0.1), iterations: c.int("iterations", 50))
    },
    "paper.wgan_critic_loss": pair { x, y, _ in wganCriticLoss(real: x, fake: y) },
    "paper.wgan_generator_loss": { [wganGeneratorLoss(fake: try $0.tensor(0))] },
    "paper.gradient_penalty_from_gradients": {
      [
        gradientPenalty(
          gradients: try $0.tensor(0), weight: $0.double("lam", 10),
          target: $0.double("target", 1), oneSided: $0.bool("one_sided"))
      ]
    },
    "paper.wgan_gradient_penalty": wganPenalty,
    "paper.gan_discriminator_loss": pair { x, y, c in
      ganDiscriminatorLoss(
        real: x, fake: y, kind: try c.choice("kind", .minimax), a: c.double("a", 0),
        b: c.double("b", 1))
    },
    "paper.gan_generator_loss": {
      [
        ganGeneratorLoss(
          fake: try $0.tensor(0), kind: try $0.choice("kind", .nonsaturating),
          c: $0.double("c", 1))
      ]
    },
    "paper.contrastive_loss": loss { x, y, r, c in
      contrastiveLoss(
        x, y, labels: try c.tensor(2), margin: c.double("margin", 1),
        convention: try c.choice("convention", .zeroIsSimilar), reduction: r)
    },
    "paper.info_nce": pair { x, y, c in
      infoNCELoss(
        x, y, temperature: c.double("temperature", 0.1), negatives: c.tensor("negatives"))
    },
    "paper.nt_xent": pair { x, y, c in ntXentLoss(x, y, temperature: c.double("temperature", 0.5))
    },
    "paper.triplet_batch_hard": pair { x, y, c in
      batchHardTripletLoss(
        x, labels: y, margin: c.double("margin", 0.3), soft: c.bool("soft"),
        squared: c.bool("squared"))
    },
    "paper.triplet_semi_hard": pair { x, y, c in
      semiHardTripletLoss(x, labels: y, margin: c.double("margin", 1))
    },
    "paper.vicreg": { c in
      let result = vicRegLoss(
        try c.tensor(0), try c.tensor(1), simCoeff: c.double("sim_coeff", 25),
        stdCoeff: c.double("std_coeff", 25), covCoeff: c.double("cov_coeff", 1),
        gamma: c.double("gamma", 1), eps: c.double("eps", 1e-4),
        convention: try c.choice("convention", .paper))
      return [result.total, result.invariance, result.variance, result.covariance]
    },
    "paper.barlow_twins": pair { x, y, c in
      barlowTwinsLoss(
        x, y, lambda: c.double("lam", 0.0051), unbiased: c.bool("unbiased"),
        eps: c.double("eps", 1e-5))
    },
    "paper.alignment": pair { x, y, c in alignment(x, y, alpha: c.double("alpha", 2)) },
    "paper.uniformity": { [uniformity(try $0.tensor(0), t: $0.double("t", 2))] },
    "paper.js_divergence": pair { x, y, c in
      jsDivergence(x, y, reduction: try c.choice("reduction", .batchMean))
    },
    "paper.js_divergence_logits": pair { x, y, c in
      jsDivergence(logits: x, y, reduction: try c.choice("reduction", .batchMean))
    },
  ]
}
