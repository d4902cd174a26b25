import Math

/// Losses, forward and backward, and the overlap of boxes.
func lossWorkloads() -> [Workload] {
  [
    Workload("ce4096") {
      let (x, y) = (leaf(4096, 1000), classes(4096, below: 1000))
      return {
        x.zeroGrad()
        crossEntropy(x, target: y).backward()
      }
    },
    Workload("triplet512") {
      let (x, y) = (leaf(512, 128), classes(512, below: 16))
      return {
        x.zeroGrad()
        batchHardTripletLoss(x, labels: y, margin: 0.2).backward()
      }
    },
    Workload("iou4096") {
      let (a, b) = (boxes(4096), boxes(4096))
      return { _ = boxIoU(a, b) }
    },
  ]
}

private func boxes(_ n: Int) -> Tensor {
  let (corner, size) = (Tensor.rand(n, 2), Tensor.rand(n, 2) * 0.3)
  return cat([corner, corner + size], dim: 1)
}
