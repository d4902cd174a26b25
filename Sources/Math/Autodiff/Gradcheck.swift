/// What a comparison of gradients with finite differences found.
public struct GradcheckReport: CustomStringConvertible, Sendable {
  /// Whether every element agreed.
  public let passed: Bool
  /// The largest |analytic - numeric| / max(1, |numeric|).
  public let worstError: Double
  /// Which input and element that was, and its two gradients.
  public let input: Int
  /// The index of the element.
  public let index: [Int]
  /// The gradient from `backward()` there.
  public let analytic: Double
  /// The gradient from finite differences there.
  public let numeric: Double

  /// One line: agreement, or the element that disagrees.
  public var description: String {
    let element = "input \(input), element \(index)"
    return passed
      ? "gradcheck passed: largest error \(worstError) at \(element)"
      : "gradcheck failed at \(element): analytic \(analytic), numeric \(numeric)"
  }
}

/// The gradient of Σ f(x) by central differences (f(x + h) - f(x - h)) / 2h, element by element.
///
/// - Parameters:
///   - x: Where; of dtype `f64`, or rounding drowns the differences. It is left as it is.
///   - h: The step, in the unit of `x`.
///   - f: The function; its result is summed if it has several elements. It is called twice an
///     element.
/// - Returns: The shape and dtype of `x`.
public func numericalGradient(
  at x: Tensor, step h: Double = 1e-6, of f: (Tensor) -> Tensor, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  let point = x.copied()
  let out = Tensor.full(x.dims, 0, x.dtype)
  for i in 0..<x.count {
    let value = point.element(i)
    point.setElement(i, value + h)
    let above = f(point).sum().item()
    point.setElement(i, value - h)
    let below = f(point).sum().item()
    point.setElement(i, value)
    out.setElement(i, (above - below) / (2 * h))
  }
  return out
}

extension Tensor {
  /// An element of a packed tensor by its place in row-major order.
  func element(_ i: Int) -> Double {
    switch dtype {
    case .f32: Double(f32[i])
    case .f64: f64[i]
    case .i64: Double(i64[i])
    case .bool: bool[i] ? 1 : 0
    }
  }

  func setElement(_ i: Int, _ value: Double) {
    switch dtype {
    case .f32: f32[i] = Float(value)
    case .f64: f64[i] = value
    case .i64: i64[i] = Int(double: value)
    case .bool: bool[i] = value != 0
    }
  }
}

/// Compares the gradients of a function with finite differences, in `f64`.
///
/// - Parameters:
///   - inputs: Where to check; converted to `f64`.
///   - step: The step of the differences, in the unit of the inputs.
///   - rtol: The relative error allowed, as a part of the difference.
///   - atol: The absolute error allowed.
///   - f: The function; its result is summed if it has several elements.
/// - Returns: A report that names the element with the largest error.
public func gradcheck(
  _ inputs: [Tensor], step: Double = 1e-6, rtol: Double = 1e-5, atol: Double = 1e-7,
  _ f: ([Tensor]) -> Tensor, file: StaticString = #file, line: UInt = #line
) -> GradcheckReport {
  let site = CallSite(file, line)
  defer { site.leave() }
  let leaves = inputs.map { x in
    let leaf = x.detach().cast(to: .f64).copied()
    leaf.requiresGrad = true
    return leaf
  }
  let y = recording(true) { f(leaves).sum() }
  let analytic: [Tensor?] =
    y.needsGradient
    ? gradients(of: y, at: leaves) : leaves.map { _ in nil }
  var passed = true
  var worst = (error: -1.0, input: 0, at: 0, analytic: 0.0, numeric: 0.0)
  for (k, leaf) in leaves.enumerated() {
    let numeric = numericalGradient(at: leaf.detach(), step: step) { x in
      var point = leaves
      point[k] = x
      return f(point)
    }
    let exact = (analytic[k] ?? Tensor.zeros(like: leaf)).packed()
    for i in 0..<leaf.count {
      let (a, n) = (exact.element(i), numeric.element(i))
      let difference = Swift.abs(a - n)
      let agrees = difference <= atol + rtol * Swift.abs(n) || (a.isNaN && n.isNaN)
      let error = difference.isNaN ? .infinity : difference / Swift.max(1, Swift.abs(n))
      if (!agrees && passed) || (agrees == passed && error > worst.error) {
        worst = (error, k, i, a, n)
      }
      passed = passed && agrees
    }
  }
  var index: [Int] = []
  var rest = worst.at
  for size in leaves.isEmpty ? [] : leaves[worst.input].shape.reversed() {
    index.insert(rest % Swift.max(size, 1), at: 0)
    rest /= Swift.max(size, 1)
  }
  return GradcheckReport(
    passed: passed, worstError: Swift.max(0, worst.error), input: worst.input, index: index,
    analytic: worst.analytic, numeric: worst.numeric)
}

/// Compares the gradient of a function of one tensor with finite differences, in `f64`.
///
/// - Parameters:
///   - input: Where to check; converted to `f64`.
///   - step: The step of the differences, in the unit of the input.
///   - rtol: The relative error allowed, as a part of the difference.
///   - atol: The absolute error allowed.
///   - f: The function; its result is summed if it has several elements.
/// - Returns: A report that names the element with the largest error.
public func gradcheck(
  _ input: Tensor, step: Double = 1e-6, rtol: Double = 1e-5, atol: Double = 1e-7,
  _ f: (Tensor) -> Tensor, file: StaticString = #file, line: UInt = #line
) -> GradcheckReport {
  gradcheck([input], step: step, rtol: rtol, atol: atol, { f($0[0]) }, file: file, line: line)
}
