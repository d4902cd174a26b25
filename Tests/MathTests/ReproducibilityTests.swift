import Math
import Testing

// Threads are a setting of the process.
@Suite(.serialized) struct ReproducibilityTests {
  /// Trains a small network of every kind of layer for a while and prints what came of it.
  private func training() -> String {
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
    return "\(Tensor(losses, dtype: .f64))\n\(softmax(model(x), dim: 1)[0..<3])"
  }

  // The text was printed by a release build with one thread; these tests run in a debug build.
  @Test(arguments: [1, 2])
  func `a seed prints the same numbers with any threads and in any build`(threads: Int) {
    let before = Math.threads
    defer { Math.threads = before }
    Math.threads = threads
    #expect(
      training() == """
        GOLDEN
        """)
  }
}
