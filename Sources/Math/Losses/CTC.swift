import Glibc

/// The loss of connectionist temporal classification: -ln of the probability of all alignments.
///
/// The gradient for `logProbs` is e^logProbs less the posterior, as in PyTorch: right together with
/// `logSoftmax` before it, not the partial derivative by itself.
///
/// - Parameters:
///   - logProbs: Shape `[t, n, c]` or `[t, c]`.
///   - targets: Classes, `i64`, shape `[n, s]`, or all targets joined in one dimension.
///   - inputLengths: Steps that count, for each sample, in `0...t`.
///   - targetLengths: Targets that count, for each sample.
///   - blank: The class that separates.
///   - reduction: The mean divides each loss by its target length first.
///   - zeroInfinity: Whether impossible alignments give 0 instead of infinity.
/// - Precondition: One length of each kind a sample, that fit; targets and `blank` are in `0..<c`.
///
/// Source: Graves et al., Connectionist Temporal Classification, 2006.
public func ctcLoss(
  _ logProbs: Tensor, targets: Tensor, inputLengths: [Int], targetLengths: [Int], blank: Int = 0,
  reduction: LossReduction = .mean, zeroInfinity: Bool = false, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  require(
    logProbs.rank == 2 || logProbs.rank == 3,
    "ctcLoss needs log-probabilities [t, n, c] or [t, c], got \(logProbs.shape); "
      + "permute to time, batch, classes", file: file,
    line: line)
  let isBatch = logProbs.rank == 3
  let x = isBatch ? logProbs : logProbs.unsqueezed(dim: 1)
  let (steps, n, classes) = (x.dims[0], x.dims[1], x.dims[2])
  require(
    blank >= 0 && blank < classes,
    "ctcLoss needs a blank in 0..<\(classes), got \(blank); 0 is usual",
    file: file, line: line)
  require(
    inputLengths.count == n && targetLengths.count == n,
    "ctcLoss needs \(n) input and target lengths, got \(inputLengths) and \(targetLengths); "
      + "one of each a sample",
    file: file, line: line)
  require(
    inputLengths.allSatisfy { $0 >= 0 && $0 <= steps } && targetLengths.allSatisfy { $0 >= 0 },
    "ctcLoss needs input lengths in 0...\(steps), got \(inputLengths); "
      + "count time steps, padding not", file: file, line: line)
  let list = targets.ints
  let width = targets.rank == 2 ? targets.dims[1] : 0
  require(
    targets.rank == 2
      ? targets.dims[0] == n && targetLengths.allSatisfy { $0 <= width }
      : targetLengths.reduce(0, +) <= list.count,
    "ctcLoss needs targets as long as \(targetLengths), got shape \(targets.shape); "
      + "pad them to [n, s] or join them", file: file,
    line: line)
  var labels: [[Int]] = []
  var start = 0
  for i in 0..<n {
    let first = targets.rank == 2 ? i * width : start
    labels.append(Array(list[first..<(first + targetLengths[i])]))
    start += targetLengths[i]
    require(
      labels[i].allSatisfy { $0 >= 0 && $0 < classes },
      "ctcLoss needs targets in 0..<\(classes), got \(labels[i]); they are classes", file: file,
      line: line)
  }
  let values = x.packed().doubles
  var losses = [Double](repeating: 0, count: n)
  var slopes = [Double](repeating: 0, count: x.count)
  for i in 0..<n {
    let lattice = CTCLattice(labels[i], blank, inputLengths[i]) { t, c in
      values[(t * n + i) * classes + c]
    }
    losses[i] = lattice.loss
    if zeroInfinity && lattice.loss == .infinity {
      losses[i] = 0
      continue
    }
    for t in 0..<inputLengths[i] {
      for c in 0..<classes {
        slopes[(t * n + i) * classes + c] = lattice.slope(t, c)
      }
    }
  }
  let slope = Tensor(slopes, shape: [steps, n, classes], dtype: x.dtype)
  let each = Tensor(losses, dtype: x.dtype).recorded(x, saves: false) { y, g in
    y.a.receive(slope * g.reshaped([1, n, 1]))
  }
  switch reduction {
  case .none: return isBatch ? each : each.reshaped(to: Dims())
  case .sum: return each.sum()
  case .mean:
    return (each / Tensor(targetLengths.map { Double(max($0, 1)) }, dtype: x.dtype)).mean()
  }
}

/// Forward and backward sums over the alignments of one sample, in logarithms.
private struct CTCLattice {
  let loss: Double
  private let states: [Int]
  private let alpha: [[Double]]
  private let beta: [[Double]]
  private let probability: (Int, Int) -> Double

  init(_ labels: [Int], _ blank: Int, _ steps: Int, _ probability: @escaping (Int, Int) -> Double) {
    // Blanks between, before and after the labels.
    var states = [blank]
    for label in labels { states += [label, blank] }
    self.states = states
    self.probability = probability
    let count = states.count
    let none = -Double.infinity
    var alpha = Array(repeating: Array(repeating: none, count: count), count: max(steps, 1))
    var beta = alpha
    if steps == 0 {
      loss = labels.isEmpty ? 0 : .infinity
      (self.alpha, self.beta) = (alpha, beta)
      return
    }
    func skips(_ s: Int) -> Bool { s >= 2 && states[s] != blank && states[s] != states[s - 2] }
    alpha[0][0] = probability(0, states[0])
    if count > 1 { alpha[0][1] = probability(0, states[1]) }
    for t in 1..<max(steps, 1) {
      for s in 0..<count {
        let sum = logSum(
          alpha[t - 1][s], s >= 1 ? alpha[t - 1][s - 1] : none,
          skips(s) ? alpha[t - 1][s - 2] : none)
        alpha[t][s] = sum + probability(t, states[s])
      }
    }
    loss = -logSum(
      alpha[steps - 1][count - 1], count > 1 ? alpha[steps - 1][count - 2] : none, none)
    beta[steps - 1][count - 1] = probability(steps - 1, states[count - 1])
    if count > 1 { beta[steps - 1][count - 2] = probability(steps - 1, states[count - 2]) }
    for t in (0..<(steps - 1)).reversed() {
      for s in 0..<count {
        let sum = logSum(
          beta[t + 1][s], s + 1 < count ? beta[t + 1][s + 1] : none,
          s + 2 < count && skips(s + 2) ? beta[t + 1][s + 2] : none)
        beta[t][s] = sum + probability(t, states[s])
      }
    }
    (self.alpha, self.beta) = (alpha, beta)
  }

  /// e^p less the posterior of a class at a step.
  func slope(_ t: Int, _ c: Int) -> Double {
    var total = -Double.infinity
    for (s, state) in states.enumerated() where state == c {
      total = logSum(total, alpha[t][s] + beta[t][s], -.infinity)
    }
    let p = probability(t, c)
    return Glibc.exp(p) - Glibc.exp(total + loss - p)
  }
}

private func logSum(_ a: Double, _ b: Double, _ c: Double) -> Double {
  let top = max(a, b, c)
  if top == -.infinity { return top }
  return top + Glibc.log(Glibc.exp(a - top) + Glibc.exp(b - top) + Glibc.exp(c - top))
}
