/// Modules one after another.
public final class Sequential: Module {
  /// The modules in order.
  public let layers: [any Module]
  /// Which layers are computed together with the `ReLU` that follows them.
  private let fused: [Bool]

  /// Modules one after another: `Sequential(Linear(2, 8), ReLU(), Linear(8, 1))`.
  public convenience init(_ layers: any Module...) { self.init(layers) }

  /// Modules one after another.
  public init(_ layers: [any Module]) {
    self.layers = layers
    fused = layers.indices.map {
      $0 + 1 < layers.count && layers[$0] is any FusesReLU && layers[$0 + 1] is ReLU
    }
  }

  /// What the last makes of what the one before it makes of … the input.
  public func forward(_ x: Tensor) -> Tensor {
    var x = x
    var i = 0
    while i < layers.count {
      if fused[i], let layer = layers[i] as? any FusesReLU {
        x = layer.forwardThenRelu(x)
        i += 2
      } else {
        x = layers[i].forward(x)
        i += 1
      }
    }
    return x
  }
}

/// A layer that can apply the `ReLU` after it while its results are in the cache: same numbers, fewer
/// passes over memory.
protocol FusesReLU: Module {
  /// `relu(forward(x))`.
  func forwardThenRelu(_ x: Tensor) -> Tensor
}

/// A function as a module.
public struct Lambda: Module {
  private let function: (Tensor) -> Tensor

  /// A module of a function.
  public init(_ function: @escaping (Tensor) -> Tensor) { self.function = function }

  /// The function's value.
  public func forward(_ x: Tensor) -> Tensor { function(x) }
}

/// f(x) + x: lets the gradient pass by.
///
/// Source: He et al., Deep Residual Learning, 2016, arXiv:1512.03385.
public final class Residual: Module {
  /// What is learned beside the identity.
  public let body: any Module
  /// What takes the identity's place where shapes differ, if anything.
  public let shortcut: (any Module)?

  /// A body with the identity, or another shortcut, added to it.
  ///
  /// - Parameters:
  ///   - body: What is learned beside the shortcut.
  ///   - shortcut: What the input passes through, `nil` for nothing; its shape is to be that of the
  ///     body's value.
  public init(_ body: any Module, shortcut: (any Module)? = nil) {
    self.body = body
    self.shortcut = shortcut
  }

  /// The body's value and the shortcut's.
  public func forward(_ x: Tensor) -> Tensor { body.forward(x) + (shortcut?.forward(x) ?? x) }
}
