import Math
import Testing

// Threads are a setting of the process.
@Suite(.serialized) struct ReproducibilityTests {
  /// Trains a small network of many kinds of layers for a while and gives the losses and what the
  /// network makes of three images.
  private func training() -> (losses: Tensor, outputs: Tensor) {
    var g = SplitMix64(seed: 2026)
    let x = Tensor.normal(32, 1, 12, 12, using: &g)
    let y = Tensor((0..<32).map { $0 % 3 })
    let model = Sequential(
      Conv2d(1, 8, kernelSize: [3], padding: 1, using: &g), BatchNorm2d(8), ReLU(),
      MaxPool2d(2), Conv2d(8, 16, kernelSize: [3], using: &g), GELU(), Flatten(),
      LayerNorm([256]), Dropout(0.2, seed: 5), Linear(256, 3, using: &g))
    let optimizer = AdamW(model.parameters, lr: 3e-3)
    var losses: [Double] = []
    for _ in 0..<15 {
      optimizer.zeroGrad()
      let loss = crossEntropy(model(x), target: y, labelSmoothing: 0.1)
      loss.backward()
      clipGradNorm(model.parameters, maxNorm: 1)
      optimizer.step()
      losses.append(loss.item())
    }
    model.eval()
    return (Tensor(losses, dtype: .f64), noGrad { softmax(model(x), dim: 1)[0..<3] })
  }

  @Test func `a seed gives the same bits with one thread and with two`() {
    let before = Math.threads
    defer { Math.threads = before }
    Math.threads = 1
    let one = training()
    Math.threads = 2
    let two = training()
    #expect(one.losses.isEqual(to: two.losses))
    #expect(one.outputs.isEqual(to: two.outputs))
  }

  // Printed by a release build. A kernel written anew may round otherwise, hence few digits.
  @Test func `a seed prints the same numbers in any build`() {
    let (losses, outputs) = training()
    #expect(
      "\(round(losses, decimals: 2))\n\(round(outputs, decimals: 1))" == """
        tensor([1.2400, 1.1900, 1.1400, 0.9700, 0.9700, 0.9200, 0.9100, 0.7900, 0.7000,
                0.6800, 0.6300, 0.5200, 0.5200, 0.4500, 0.4300], dtype: .f64)
        tensor([[0.9000, 0.0000, 0.1000],
                [0.2000, 0.7000, 0.1000],
                [0.1000, 0.1000, 0.8000]])
        """)
  }
}
