/// Parameters that share a learning rate and momentum.
public final class ParameterGroup {
  /// The parameters.
  public let parameters: [Tensor]
  /// The learning rate, which schedulers change.
  public var lr: Double
  /// The momentum (or first beta), which one-cycle schedules change.
  public var momentum: Double

  init(_ parameters: [Tensor], lr: Double, momentum: Double) {
    self.parameters = parameters
    self.lr = lr
    self.momentum = momentum
  }
}

/// What all optimisers share: groups of parameters, and a state for each parameter.
public class Optimizer {
  /// The groups; one unless made of several.
  public let groups: [ParameterGroup]
  let weightDecay: Double
  let maximize: Bool
  /// What is remembered of each parameter, group by group.
  private let states: [[OptimizerState]]
  /// The parameters of a group that have a gradient, kept to use its memory again.
  private var due: [ParameterUpdate] = []

  init(
    _ groups: [(parameters: [Tensor], lr: Double)], momentum: Double, weightDecay: Double,
    maximize: Bool, _ name: StaticString, _ file: StaticString, _ line: UInt
  ) {
    requireOption(
      weightDecay >= 0, name, "weightDecay", "of 0 or more", weightDecay, file, line)
    for group in groups {
      require(
        group.lr >= 0,
        "\(name) needs a learning rate of 0 or more, got \(group.lr); "
          + "ascend with maximize: true", file: file,
        line: line)
      for p in group.parameters {
        require(
          p.isLeaf && p.dtype.isFloatingPoint && p.isContiguous,
          "\(name) needs leaves as parameters, got a recorded or strided tensor of shape \(p.shape); "
            + "pass m.parameters, or clone() them",
          file: file, line: line)
      }
    }
    self.groups = groups.map { ParameterGroup($0.parameters, lr: $0.lr, momentum: momentum) }
    // A parameter named twice has one state.
    var known: [ObjectIdentifier: OptimizerState] = [:]
    states = groups.map { group in
      group.parameters.map { p in
        let state = known[ObjectIdentifier(p)] ?? OptimizerState()
        known[ObjectIdentifier(p)] = state
        return state
      }
    }
    self.weightDecay = weightDecay
    self.maximize = maximize
  }

  /// The learning rate of the first group; setting it sets that of all.
  public var lr: Double {
    get { groups.first?.lr ?? 0 }
    set { for group in groups { group.lr = newValue } }
  }

  /// Forgets the gradients of all parameters.
  public func zeroGrad() {
    for group in groups { for p in group.parameters { p.zeroGrad() } }
  }

  /// Changes every parameter that has a gradient.
  public func step() {
    for (group, states) in zip(groups, states) {
      due.removeAll(keepingCapacity: true)
      for (p, state) in zip(group.parameters, states) {
        guard let grad = p.storedGrad else { continue }
        due.append(ParameterUpdate(p: p, g: grad.cast(to: p.dtype).packed(), state: state))
      }
      update(due, group)
      for one in due { one.p.noteChange() }
    }
    due.removeAll(keepingCapacity: true)
  }

  /// One step of some parameters of a group, in place; counts the steps of each.
  ///
  /// Optimisers of networks with many small parameters override this, to work out once what all share.
  func update(_ due: [ParameterUpdate], _ group: ParameterGroup) {
    for one in due {
      one.state.steps += 1
      update(one.p, one.g, group, one.state)
    }
  }

  /// One step of one parameter, in place.
  func update(_ p: Tensor, _ g: Tensor, _ group: ParameterGroup, _ state: OptimizerState) {
    refuse("an optimiser has to say how it updates; override update")
  }
}

/// A parameter, its gradient of the same dtype and packed, and what is remembered of it.
struct ParameterUpdate {
  let p: Tensor
  let g: Tensor
  let state: OptimizerState
}

/// What an optimiser remembers of one parameter.
final class OptimizerState {
  var steps = 0
  /// A running product, for NAdam.
  var product = 1.0
  private var buffers: [Tensor] = []

  /// A buffer of the parameter's size, filled with `value` at first.
  @inline(__always)
  func buffer<T>(_ k: Int, _ p: Tensor, _ type: T.Type, value: Double = 0) -> UnsafeMutablePointer<
    T
  > {
    while buffers.count <= k { buffers.append(Tensor.full(p.dims, value, p.dtype)) }
    return buffers[k].pointer(type)
  }
}

/// Refuses an option of an optimiser outside its range.
func requireOption(
  _ condition: Bool, _ name: StaticString, _ option: StaticString, _ range: StaticString,
  _ value: Double, _ file: StaticString, _ line: UInt
) {
  require(
    condition,
    "\(name) needs \(option) \(range), got \(value); leave it out for the default", file: file,
    line: line)
}
