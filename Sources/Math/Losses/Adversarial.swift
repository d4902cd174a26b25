/// What a critic minimises: mean(fake) - mean(real).
///
/// - Parameters:
///   - real: The critic's scores of real samples, of any shape.
///   - fake: Its scores of generated ones, of any shape.
/// - Returns: A scalar; below 0 where real samples score higher.
/// - Precondition: The scores are floating-point numbers.
///
/// Source: Arjovsky, Chintala and Bottou, Wasserstein GAN, 2017, arXiv:1701.07875.
public func wganCriticLoss(
  real: Tensor, fake: Tensor, file: StaticString = #file, line: UInt = #line
) -> Tensor { fake.mean(file: file, line: line) - real.mean(file: file, line: line) }

/// What a generator minimises against a critic: -mean(fake).
///
/// - Parameter fake: The critic's scores of generated samples, of any shape.
/// - Returns: A scalar.
/// - Precondition: The scores are floating-point numbers.
///
/// Source: Arjovsky, Chintala and Bottou, Wasserstein GAN, 2017, arXiv:1701.07875.
public func wganGeneratorLoss(
  fake: Tensor, file: StaticString = #file, line: UInt = #line
) -> Tensor { -fake.mean(file: file, line: line) }

/// λ mean (‖g‖ - target)², of gradients g of a critic, a row a sample.
///
/// - Parameters:
///   - g: Gradients of the critic's scores at its inputs, shape `[n, *]`; `[n]` is taken for
///     `[n, 1]`.
///   - lambda: λ, what the mean is multiplied by; 10 is the paper's.
///   - target: The norm wanted of each row; 1 is the slope of a Wasserstein critic.
///   - oneSided: Whether only norms above the target count.
/// - Returns: A scalar.
/// - Precondition: At least one dimension.
///
/// Source: Gulrajani et al., Improved Training of Wasserstein GANs, 2017, arXiv:1704.00028.
public func gradientPenalty(
  gradients g: Tensor, weight lambda: Double = 10, target: Double = 1, oneSided: Bool = false,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  require(
    g.rank >= 1,
    "gradientPenalty needs gradients [n, *], got \(g.shape); "
      + "unsqueeze a single sample", file: file, line: line)
  let rows = g.rank == 1 ? g.unsqueezed(dim: 1) : g.flattened(startDim: 1)
  let excess = rows.norm(dim: 1) - target
  return square(oneSided ? excess.clamped(min: 0) : excess).mean() * lambda
}

/// The gradient penalty at random points between real and generated samples.
///
/// - Parameters:
///   - real: Shape `[n, *]`.
///   - fake: As `real`.
///   - mix: Where between them, in `0...1`: shape `[n, 1, …]`.
///   - lambda: What the mean penalty is multiplied by; 10 is the paper's.
///   - oneSided: Whether only norms above 1 count.
///   - critic: Gives a number a sample; it is called once, with points of the broadcast shape.
/// - Returns: The penalty, which may be differentiated, and the gradients it is of.
/// - Precondition: The shapes broadcast, and the critic's result depends on its input.
///
/// Source: Gulrajani et al., 2017, algorithm 1, arXiv:1704.00028.
public func gradientPenalty(
  real: Tensor, fake: Tensor, mix: Tensor, weight lambda: Double = 10, oneSided: Bool = false,
  file: StaticString = #file, line: UInt = #line, critic: (Tensor) -> Tensor
) -> (penalty: Tensor, gradients: Tensor) {
  let site = CallSite(file, line)
  defer { site.leave() }
  var point = mix * real + (1 - mix) * fake
  if !point.requiresGrad {
    point = point.detach()
    point.requiresGrad = true
  }
  let score = critic(point).sum()
  let found = Math.gradients(of: score, at: [point], createGraph: true, file: file, line: line)[0]
  let g = found ?? Tensor.zeros(like: point)
  return (
    gradientPenalty(gradients: g, weight: lambda, oneSided: oneSided, file: file, line: line), g
  )
}

/// Which game of generator and discriminator is played.
public enum GANLoss: String, Sendable {
  /// The discriminator's cross-entropy, which the generator maximises.
  case minimax
  /// For the generator: -ln of being taken for real.
  case nonsaturating
  /// Squared differences from target scores.
  case lsgan
  /// Hinges at -1 and 1.
  case hinge
}

/// What a discriminator minimises, from scores (logits) of real and generated samples.
///
///     minimax, nonsaturating:  mean softplus(-real) + mean softplus(fake)
///     lsgan:  mean (real - b)² / 2 + mean (fake - a)² / 2
///     hinge:  mean max(0, 1 - real) + mean max(0, 1 + fake)
///
/// - Parameters:
///   - real: Scores of real samples, of any shape.
///   - fake: Scores of generated ones, of any shape.
///   - kind: The game.
///   - a: The score wanted of generated samples, for `.lsgan`.
///   - b: The score wanted of real samples, for `.lsgan`.
/// - Returns: A scalar.
/// - Precondition: The scores are floating-point numbers.
///
/// Source: Goodfellow et al., 2014, arXiv:1406.2661; Mao et al., 2017, arXiv:1611.04076; Lim and
/// Ye,
/// 2017, arXiv:1705.02894; Miyato et al., 2018.
public func ganDiscriminatorLoss(
  real: Tensor, fake: Tensor, kind: GANLoss = .minimax, a: Double = 0, b: Double = 1,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  return switch kind {
  case .minimax, .nonsaturating: stableSoftplus(-real).mean() + stableSoftplus(fake).mean()
  case .lsgan: square(real - b).mean() / 2 + square(fake - a).mean() / 2
  case .hinge: relu(1 - real).mean() + relu(fake + 1).mean()
  }
}

/// What a generator minimises, from the scores (logits) of its samples.
///
///     minimax:  -mean softplus(fake)        nonsaturating:  mean softplus(-fake)
///     lsgan:  mean (fake - c)² / 2          hinge:  -mean fake
///
/// - Parameters:
///   - fake: Scores of generated samples, of any shape.
///   - kind: The game.
///   - c: The score wanted, for `.lsgan`.
/// - Returns: A scalar.
/// - Precondition: The scores are floating-point numbers.
///
/// Source: As `ganDiscriminatorLoss`.
public func ganGeneratorLoss(
  fake: Tensor, kind: GANLoss = .nonsaturating, c: Double = 1, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  return switch kind {
  case .minimax: -stableSoftplus(fake).mean()
  case .nonsaturating: stableSoftplus(-fake).mean()
  case .lsgan: square(fake - c).mean() / 2
  case .hinge: -fake.mean()
  }
}

/// ln(1 + e^x) without a threshold.
private func stableSoftplus(_ x: Tensor) -> Tensor { -logSigmoid(-x) }
