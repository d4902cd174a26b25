import Math

/// Losses and similarities, forward and backward, and the overlap of boxes.
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
    Workload("cosrows_fb") {
      let (a, b, g) = (leaf(4096, 512), leaf(4096, 512), normal(4096))
      return {
        a.zeroGrad()
        b.zeroGrad()
        cosineSimilarity(a, b).backward(gradient: g)
      }
    },
    Workload("cosembed_fb") {
      let (a, b, y) = (leaf(4096, 512), leaf(4096, 512), classes(4096, below: 2) * 2 - 1)
      return {
        a.zeroGrad()
        b.zeroGrad()
        cosineEmbeddingLoss(a, b, target: y, margin: 0.2).backward()
      }
    },
    Workload("contrastive_fb") {
      let (a, b, y) = (leaf(4096, 128), leaf(4096, 128), classes(4096, below: 2))
      return {
        a.zeroGrad()
        b.zeroGrad()
        contrastiveLoss(a, b, labels: y, margin: 20).backward()
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
