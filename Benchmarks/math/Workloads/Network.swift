import Math

/// Training steps of a small VGG network on batches of 64 images of 28 × 28.
func networkWorkloads() -> [Workload] {
  [
    Workload("vgg_ce") { trainingStep { model, e, y in crossEntropy(model.head(e), target: y) } },
    Workload("vgg_contrastive") { trainingStep { _, e, y in contrastive(e, y) } },
    Workload("vgg_epoch") {
      let step = trainingStep { model, e, y in crossEntropy(model.head(e), target: y) }
      return { for _ in 0..<94 { step() } }
    },
    Workload("vgg_infer") {
      let (model, x) = (VGG(), normal(256, 1, 28, 28))
      return { noGrad { _ = model(x) } }
    },
  ]
}

private final class VGG: Module {
  let features = Sequential(
    Conv2d(1, 32, kernelSize: [3], padding: 1), ReLU(),
    Conv2d(32, 32, kernelSize: [3], padding: 1), ReLU(), MaxPool2d(2),
    Conv2d(32, 64, kernelSize: [3], padding: 1), ReLU(),
    Conv2d(64, 64, kernelSize: [3], padding: 1), ReLU(), MaxPool2d(2), Flatten(),
    Linear(64 * 49, 128))
  let head = Linear(128, 10)

  func forward(_ x: Tensor) -> Tensor { features(x) }
}

private func trainingStep(_ loss: @escaping (VGG, Tensor, Tensor) -> Tensor) -> () -> Void {
  let model = VGG()
  let optimizer = Adam(model.parameters, lr: 1e-3)
  let (images, labels) = (normal(6016, 1, 28, 28), classes(6016, below: 10))
  var step = 0
  return {
    let first = step % 94 * 64
    step += 1
    optimizer.zeroGrad()
    let e = model(images[first..<(first + 64)])
    loss(model, e, labels[first..<(first + 64)]).backward()
    optimizer.step()
  }
}

/// The mean of D² over pairs of one class and of max(0, 1 - D)² over others, from primitives.
private func contrastive(_ e: Tensor, _ y: Tensor) -> Tensor {
  let squares = square(e).sum(dim: 1)
  let d2 = (squares.unsqueezed(dim: 1) + squares - 2 * matmul(e, e.T)).clamped(min: 1e-12)
  let same = (y.unsqueezed(dim: 1) .== y).to(.f32)
  return (same * d2 + (1 - same) * square(relu(1 - sqrt(d2)))).mean()
}
