/// A function with parameters: a layer, or layers put together.
///
/// A class that stores its layers and tensors in properties needs only `forward`; parameters are
/// found by looking at the properties, by their names.
///
///     final class MLP: Module {
///       let hidden = Linear(784, 128)
///       let output = Linear(128, 10)
///       func forward(_ x: Tensor) -> Tensor { output(relu(hidden(x))) }
///     }
public protocol Module {
  /// What the module makes of an input.
  func forward(_ x: Tensor) -> Tensor
}

/// A module that behaves otherwise in training than in use.
public protocol TrainingModule: AnyObject, Module {
  /// Whether the module is being trained.
  var isTraining: Bool { get set }
}

extension Module {
  /// What the module makes of an input: `layer(x)`.
  ///
  /// What is refused anywhere inside names the line of this call.
  public func callAsFunction(
    _ x: Tensor, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    let site = CallSite(file, line)
    defer { site.leave() }
    return forward(x)
  }

  /// Every tensor of the module and its parts, with the path of its property: `hidden.weight`.
  public var state: [(name: String, tensor: Tensor)] {
    var list: [(String, Tensor)] = []
    collect(self, "", &list)
    return list
  }

  /// The parameters by name: what training changes.
  public var namedParameters: [(name: String, tensor: Tensor)] {
    state.filter { $0.tensor.requiresGrad }
  }

  /// The parameters.
  public var parameters: [Tensor] { namedParameters.map(\.tensor) }

  /// How many numbers training changes.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }

  /// The modules that this one stores, by name.
  public var children: [(name: String, module: any Module)] {
    var list: [(String, any Module)] = []
    forEachProperty(self) { name, value in gather(name, value, &list) }
    return list
  }

  /// Puts the module and its parts into training or into use.
  public func train(_ on: Bool = true) {
    (self as? any TrainingModule)?.isTraining = on
    for child in children { child.module.train(on) }
  }

  /// Puts the module and its parts into use: dropout off, batch norm by running statistics.
  public func eval() { train(false) }

  /// Forgets the gradients of all parameters.
  public func zeroGrad() { for p in parameters { p.zeroGrad() } }

  /// A table of the parts, their parameters' shapes and counts.
  public var summary: String {
    var rows = [("part", "shape", "parameters")]
    for (name, p) in namedParameters { rows.append((name, "\(p.shape)", "\(p.count)")) }
    rows.append(("total", "", "\(parameterCount)"))
    let widths = (
      rows.map(\.0.count).max() ?? 0, rows.map(\.1.count).max() ?? 0, rows.map(\.2.count).max() ?? 0
    )
    return rows.map { row in
      row.0 + spaces(widths.0 - row.0.count) + "  " + row.1 + spaces(widths.1 - row.1.count) + "  "
        + spaces(widths.2 - row.2.count) + row.2
    }
    .joined(separator: "\n")
  }
}

private func spaces(_ n: Int) -> String { String(repeating: " ", count: n) }

private func forEachProperty(_ value: Any, _ body: (String, Any) -> Void) {
  var mirror: Mirror? = Mirror(reflecting: value)
  var chain: [Mirror] = []
  while let m = mirror {
    chain.append(m)
    mirror = m.superclassMirror
  }
  for m in chain.reversed() {
    for (i, child) in m.children.enumerated() { body(child.label ?? "\(i)", child.value) }
  }
}

/// Modules in a property: one, or an optional, array or tuple of them.
private func gather(_ name: String, _ value: Any, _ list: inout [(String, any Module)]) {
  if let module = value as? any Module {
    list.append((name, module))
    return
  }
  let mirror = Mirror(reflecting: value)
  switch mirror.displayStyle {
  case .optional: for child in mirror.children { gather(name, child.value, &list) }
  case .collection, .tuple:
    for (i, child) in mirror.children.enumerated() { gather("\(name).\(i)", child.value, &list) }
  default: break
  }
}

private func collect(_ module: Any, _ prefix: String, _ list: inout [(String, Tensor)]) {
  forEachProperty(module) { name, value in collectValue(value, prefix + name, &list) }
}

private func collectValue(_ value: Any, _ name: String, _ list: inout [(String, Tensor)]) {
  if let tensor = value as? Tensor {
    list.append((name, tensor))
  } else if let sequence = value as? Sequential {
    // As in PyTorch: numbers, without the property that holds them.
    for (i, layer) in sequence.layers.enumerated() { collect(layer, "\(name).\(i).", &list) }
  } else if value is any Module {
    collect(value, name + ".", &list)
  } else {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional: for child in mirror.children { collectValue(child.value, name, &list) }
    case .collection, .tuple:
      for (i, child) in mirror.children.enumerated() {
        collectValue(child.value, "\(name).\(i)", &list)
      }
    default: break
    }
  }
}

/// A parameter of a shape, drawn from a distribution.
func parameter(_ shape: [Int], _ distribution: Distribution, _ g: inout SplitMix64) -> Tensor {
  let p = Tensor.zeros(shape)
  p.initialize(distribution, using: &g)
  p.requiresGrad = true
  return p
}
