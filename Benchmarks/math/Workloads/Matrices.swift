import Math

/// Products of matrices, and what is built on them.
func matrixWorkloads() -> [Workload] {
  var list: [Workload] = []
  for n in [32, 64, 128, 256, 1024, 2048] {
    list.append(
      Workload("matmul\(n)") {
        let (a, b) = (normal(n, n), normal(n, n))
        return { _ = matmul(a, b) }
      })
  }
  list += [
    // All cosines of 5000 rows.
    Workload("cosmat5000") {
      let x = normal(5000, 512)
      return {
        let unit = normalize(x)
        _ = matmul(unit, unit.T)
      }
    },
    // The ten nearest of 60,000 vectors for 100 queries, and for one.
    Workload("top10_q100") {
      let (points, queries) = (normalize(normal(60_000, 128)), normalize(normal(100, 128)))
      return { _ = matmul(queries, points.T).topK(10, dim: 1) }
    },
    Workload("top10_q1") {
      let (points, query) = (normalize(normal(60_000, 128)), normalize(normal(128), dim: 0))
      return { _ = matmul(points, query).topK(10) }
    },
    Workload("transpose4096") {
      let x = normal(4096, 4096)
      return { _ = x.T.contiguous() }
    },
  ]
  return list
}
