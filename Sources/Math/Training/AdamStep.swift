import CMathKernels
import Glibc

/// One step of `Adam` or `AdamW`, of all parameters of a group.
struct AdamStep {
  let group: ParameterGroup
  let beta2: Double
  let eps: Double
  let amsgrad: Bool
  let maximize: Bool
  /// What the gradient takes up of the parameter.
  var decay = 0.0
  /// What is left of the parameter before the step.
  var keep = 1.0

  func callAsFunction(_ due: [ParameterUpdate]) {
    // Mostly all have made as many steps.
    var (steps, rate, root) = (0, 0.0, 0.0)
    for one in due {
      one.state.steps += 1
      if steps != one.state.steps {
        steps = one.state.steps
        rate = group.lr / (1 - Glibc.pow(group.momentum, Double(steps)))
        root = (1 - Glibc.pow(beta2, Double(steps))).squareRoot()
      }
      if one.p.dtype == .f32 {
        let (x, g) = (one.p.f32, one.g.f32)
        let (m, v) = (
          one.state.buffer(0, one.p, Float.self), one.state.buffer(1, one.p, Float.self)
        )
        let top = amsgrad ? one.state.buffer(2, one.p, Float.self) : nil
        let (single, eight) = (
          coefficients(rate, root) { Float($0) }, coefficients(rate, root) { splat(Float($0)) }
        )
        parallel(one.p.count, grain: elementGrain) { lo, hi in
          var i = lo
          while top == nil && i &+ 8 <= hi {
            let (moved, mean, spread) = eight.step(load(x, i), load(g, i), load(m, i), load(v, i)) {
              $0
            }
            store(x, i, moved)
            store(m, i, mean)
            store(v, i, spread)
            i &+= 8
          }
          single.steps(i..<hi, x, g, m, v, top)
        }
      } else {
        let (x, g) = (one.p.f64, one.g.f64)
        let (m, v) = (
          one.state.buffer(0, one.p, Double.self), one.state.buffer(1, one.p, Double.self)
        )
        let top = amsgrad ? one.state.buffer(2, one.p, Double.self) : nil
        let single = coefficients(rate, root) { $0 }
        parallel(one.p.count, grain: elementGrain) { lo, hi in
          single.steps(lo..<hi, x, g, m, v, top)
        }
      }
    }
  }

  @inline(__always)
  private func coefficients<L: Lane>(_ rate: Double, _ root: Double, _ lane: (Double) -> L)
    -> AdamCoefficients<L>
  {
    AdamCoefficients(
      rate: lane(rate), root: lane(root), share1: lane(1 - group.momentum), beta2: lane(beta2),
      share2: lane(1 - beta2), floor: lane(eps), sign: lane(maximize ? -1 : 1),
      decay: lane(decay), keep: lane(keep), decays: decay != 0)
  }
}

/// A number or several side by side, in formulas that are the same for both.
protocol Lane {
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func / (a: Self, b: Self) -> Self
  var root: Self { get }
}

extension Float: Lane {
  @inline(__always) var root: Float { squareRoot() }
}

extension Double: Lane {
  @inline(__always) var root: Double { squareRoot() }
}

extension V8: Lane {
  @inline(__always) var root: V8 { k_sqrt(self) }
}

private struct AdamCoefficients<L: Lane> {
  let rate: L
  let root: L
  let share1: L
  let beta2: L
  let share2: L
  let floor: L
  let sign: L
  let decay: L
  let keep: L
  let decays: Bool

  /// The parameter and its two means after a step; `limit` may raise the spread divided by.
  @inline(__always)
  func step(_ x: L, _ g: L, _ m: L, _ v: L, _ limit: (L) -> L) -> (L, L, L) {
    var d = sign * g
    if decays { d = d + decay * x }
    let mean = m + share1 * (d - m)
    let spread = beta2 * v + share2 * d * d
    return (x * keep - rate * mean / (limit(spread).root / root + floor), mean, spread)
  }
}

extension AdamCoefficients where L: Comparable {
  @inline(__always)
  func steps(
    _ range: Range<Int>, _ x: UnsafeMutablePointer<L>, _ g: UnsafeMutablePointer<L>,
    _ m: UnsafeMutablePointer<L>, _ v: UnsafeMutablePointer<L>, _ top: UnsafeMutablePointer<L>?
  ) {
    for i in range {
      (x[i], m[i], v[i]) = step(x[i], g[i], m[i], v[i]) { spread in
        guard let top else { return spread }
        top[i] = Swift.max(top[i], spread)
        return top[i]
      }
    }
  }
}
