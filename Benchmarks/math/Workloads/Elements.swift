import Math

/// Functions of ten million elements.
///
/// Names that end in `_out` reuse their result's memory: Math keeps
/// blocks for that, so that each is what a lesson writes.
func elementWorkloads() -> [Workload] {
  let n = 10_000_000
  var list = [
    Workload("fma1e7") {
      let (x, y, z) = (normal(n), normal(n), normal(n))
      return { _ = x * y + z }
    },
    Workload("exp1e7") {
      let x = normal(n)
      return { _ = exp(x) }
    },
    Workload("add1e5") {
      let (x, y) = (normal(100_000), normal(100_000))
      return { _ = x + y }
    },
    Workload("bcast4096") {
      let (x, y) = (normal(4096, 4096), normal(4096))
      return { _ = x + y }
    },
    Workload("bcast4096_out") {
      let (x, y) = (normal(4096, 4096), normal(4096))
      return { _ = x + y }
    },
    Workload("bcastcol4096_out") {
      let (x, y) = (normal(4096, 4096), normal(4096, 1))
      return { _ = x + y }
    },
  ]
  let functions: [(String, (Tensor) -> Tensor)] = [
    ("exp", { exp($0) }), ("log", { log($0) }), ("tanh", { tanh($0) }), ("erf", { erf($0) }),
    ("sigmoid", { sigmoid($0) }),
  ]
  for (name, function) in functions {
    list.append(
      Workload("\(name)1e7_out") {
        let x = abs(normal(n)) + 0.1
        return { _ = function(x) }
      })
  }
  return list
}
