import Glibc
import Math

/// What came of one case.
public enum Verdict: Sendable, Equatable {
  /// As expected.
  case passed
  /// Not as expected, with the first difference.
  case failed(String)
  /// Not tried, with the reason.
  case skipped(String)
}

/// Runs cases and compares what they give.
public enum Replay {
  /// All operations by name.
  static let handlers: [String: Handler] = {
    var all: [String: Handler] = [:]
    for group in [
      elementwise, reductions, shapes, algebra, layers, losses, modules, training, composites,
      papers,
    ] {
      all.merge(group) { _, new in new }
    }
    return all
  }()

  /// Runs one case in this process; a refusal ends it.
  public static func run(_ test: Case) -> Verdict {
    guard let handler = handlers[test.op] else { return .failed("no operation '\(test.op)'") }
    do {
      let call = try Call(test.json)
      let outputs = try handler(call)
      try compareOutputs(test, outputs)
      try compareMutated(test, call)
      try compareGradients(test, call, outputs)
      return .passed
    } catch let error as CaseError where error.isLack {
      return .skipped(error.description)
    } catch {
      return .failed("\(error)")
    }
  }

  /// Runs one case that has to be refused, in a child process that the refusal may end.
  public static func runRefusal(_ test: Case) -> Verdict {
    guard let handler = handlers[test.op] else { return .failed("no operation '\(test.op)'") }
    let child = fork()
    if child == 0 {
      // Also tensors that the case only mentions may be refused.
      onRefusal = { _ in _exit(Refusal.refused) }
      guard let call = try? Call(test.json) else { _exit(Refusal.unread) }
      do {
        _ = try handler(call)
        _exit(Refusal.accepted)
      } catch {
        _exit(Refusal.refused)
      }
    }
    var status: Int32 = 0
    waitpid(child, &status, 0)
    if status & 0x7F != 0 {
      return .failed("crashed by signal \(status & 0x7F) instead of refusing")
    }
    switch (status >> 8) & 0xFF {
    case Refusal.refused: return .passed
    case Refusal.unread: return unread(test)
    default: return .failed("not refused")
    }
  }

  /// How a child process ends that tries a call which has to be refused.
  private enum Refusal {
    static let refused: Int32 = 40
    static let accepted: Int32 = 41
    static let unread: Int32 = 42
  }

  /// Why the arguments of a case could not be read.
  private static func unread(_ test: Case) -> Verdict {
    do {
      _ = try Call(test.json)
      return .failed("its arguments can't be read")
    } catch {
      return error.isLack ? .skipped(error.description) : .failed(error.description)
    }
  }

  private static func tolerance(_ test: Case, _ name: String) -> Double {
    switch test.json["tol"]?[name] {
    case .number(let x)?: x
    case .int(let i)?: Double(i)
    default: 0
    }
  }

  private static func compareOutputs(_ test: Case, _ outputs: [Tensor]) throws(CaseError) {
    guard case .array(let wanted)? = test.json["expect"]?["outputs"] else {
      throw CaseError("the case expects no outputs")
    }
    if wanted.count != outputs.count {
      throw CaseError("\(outputs.count) outputs, expected \(wanted.count)")
    }
    for (k, want) in wanted.enumerated() {
      try compare(
        "output \(k)", outputs[k], try CaseTensor(want), tolerance(test, "rtol"),
        tolerance(test, "atol"))
    }
  }

  private static func compareMutated(_ test: Case, _ call: Call) throws(CaseError) {
    guard case .array(let list)? = test.json["expect"]?["mutated"] else { return }
    let tensors = Dictionary(uniqueKeysWithValues: call.tensors.map { ($0.path, $0.tensor) })
    for item in list {
      guard case .string(let path)? = item["path"], let value = item["value"],
        let tensor = tensors[path]
      else { throw CaseError("a mutated tensor is missing") }
      try compare(
        path, tensor.detach(), try CaseTensor(value), tolerance(test, "rtol"),
        tolerance(test, "atol"))
    }
  }

  private static func compareGradients(_ test: Case, _ call: Call, _ outputs: [Tensor])
    throws(CaseError)
  {
    guard case .array(let grads)? = test.json["grads"], !grads.isEmpty,
      case .array(let cotangents)? = test.json["cotangents"]
    else { return }
    var roots: [(output: Tensor, gradient: Tensor)] = []
    for (y, cotangent) in zip(outputs, cotangents) {
      if case .null = cotangent { continue }
      let c = try CaseTensor(cotangent).tensor()
      if y.requiresGrad { roots.append((y, c)) }
    }
    backward(of: roots.map(\.output), gradients: roots.map(\.gradient), retainGraph: true)
    let tensors = Dictionary(uniqueKeysWithValues: call.tensors.map { ($0.path, $0.tensor) })
    for item in grads {
      guard case .string(let path)? = item["path"], let x = tensors[path] else {
        throw CaseError("a gradient has no tensor")
      }
      let got = x.grad ?? Tensor.zeros(like: x.detach())
      guard let want = item["grad"], case .object = want else {
        if got.doubles.contains(where: { $0 != 0 }) {
          throw CaseError("gradient of \(path): expected none, got \(got)")
        }
        continue
      }
      try compare(
        "gradient of \(path)", got, try CaseTensor(want), tolerance(test, "rtol"),
        tolerance(test, "grad_atol"))
    }
  }

  private static func compare(
    _ name: String, _ got: Tensor, _ want: CaseTensor, _ rtol: Double, _ atol: Double
  ) throws(CaseError) {
    if got.shape != want.shape {
      throw CaseError("\(name): shape \(got.shape), expected \(want.shape)")
    }
    if "\(got.dtype)" != want.dtype {
      throw CaseError("\(name): dtype \(got.dtype), expected \(want.dtype)")
    }
    if !got.dtype.isFloatingPoint {
      let values = got.ints
      for (i, w) in want.integers.enumerated() where values[i] != w {
        throw CaseError("\(name): element \(i) is \(values[i]), expected \(w)")
      }
      return
    }
    let values = got.detach().doubles
    for (i, w) in want.numbers.enumerated() {
      let g = values[i]
      if g == w || (g.isNaN && w.isNaN) { continue }
      if g.isFinite && w.isFinite && abs(g - w) <= atol + rtol * abs(w) { continue }
      throw CaseError("\(name): element \(i) is \(g), expected \(w)")
    }
  }
}
