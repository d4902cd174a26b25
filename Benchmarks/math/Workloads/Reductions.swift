import Math

/// Sums and softmax of 4096 × 4096 numbers.
func reductionWorkloads() -> [Workload] {
  [
    Workload("sum4096") {
      let x = normal(4096, 4096)
      return { _ = x.sum() }
    },
    Workload("sum4096_d0") {
      let x = normal(4096, 4096)
      return { _ = x.sum(dim: 0) }
    },
    Workload("sum4096_d1") {
      let x = normal(4096, 4096)
      return { _ = x.sum(dim: 1) }
    },
    Workload("softmax4096") {
      let x = normal(4096, 4096)
      return { _ = softmax(x, dim: 1) }
    },
    Workload("softmax4096_out") {
      let x = normal(4096, 4096)
      return { _ = softmax(x, dim: 1) }
    },
  ]
}
