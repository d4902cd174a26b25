import Math

/// One thing to time: `prepare` makes its data and returns what is timed.
///
/// The names and the work are those of `peers.py`; read both side by side. This module is compiled
/// without optimisation, as the cells of a lesson are, so that what is timed is what a lesson gets.
public struct Workload {
  /// What the driver asks for it by.
  public let name: String
  /// Makes the data; the result is what is timed.
  public let prepare: () -> () -> Void

  init(_ name: String, _ prepare: @escaping () -> () -> Void) {
    self.name = name
    self.prepare = prepare
  }
}

/// Every workload, in the order in which it is listed.
public func allWorkloads() -> [Workload] {
  smallWorkloads() + matrixWorkloads() + elementWorkloads() + reductionWorkloads()
    + imageWorkloads() + networkWorkloads() + lossWorkloads()
}

/// Standard normal numbers of a shape; one seed for all, so that runs compare.
func normal(_ shape: Int...) -> Tensor {
  Tensor.normal(shape: shape, using: &generator)
}

/// The same, with a gradient.
func leaf(_ shape: Int...) -> Tensor {
  let x = Tensor.normal(shape: shape, using: &generator)
  x.requiresGrad = true
  return x
}

func classes(_ count: Int, below n: Int) -> Tensor {
  Tensor.randint(in: 0..<n, shape: [count], using: &generator)
}

nonisolated(unsafe) private var generator = SplitMix64(seed: 1)
