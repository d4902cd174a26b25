import Math

/// The arguments of a call, with defaults where keywords are absent.
struct Call {
  let args: [Value]
  let kwargs: [String: Value]

  init(_ json: JSON) throws(CaseError) {
    var args: [Value] = []
    if case .array(let list)? = json["args"] { for item in list { args.append(try Value(item)) } }
    var kwargs: [String: Value] = [:]
    if case .object(let members)? = json["kwargs"] {
      for (name, item) in members { kwargs[name] = try Value(item) }
    }
    self.args = args
    self.kwargs = kwargs
  }

  /// Every tensor, in the order in which gradients are listed.
  var tensors: [(path: String, tensor: Tensor)] {
    args.enumerated().flatMap { $1.tensors("args.\($0)") }
      + kwargs.keys.sorted().flatMap { kwargs[$0]?.tensors("kwargs.\($0)") ?? [] }
  }

  func tensor(_ i: Int) throws(CaseError) -> Tensor {
    guard i < args.count else { throw CaseError("argument \(i) is missing") }
    switch args[i] {
    case .tensor(let x): return x
    case .int(let n): return Tensor(n)
    case .double(let x): return Tensor(x, dtype: .f64)
    case .bool(let b): return Tensor(b)
    default: throw CaseError("argument \(i) is no tensor")
    }
  }

  /// An operand that may be a number: that has the dtype of the tensor beside it, unless it is of a
  /// higher category.
  func operand(_ i: Int, beside j: Int) throws(CaseError) -> Tensor {
    guard i < args.count, j < args.count, case .tensor(let x) = args[j] else {
      return try tensor(i)
    }
    if let number = Call.operand(args[i], beside: x) { return number }
    return try tensor(i)
  }

  /// A number as an operand beside a tensor; `nil` for what is no number.
  static func operand(_ value: Value, beside x: Tensor) -> Tensor? {
    switch value {
    case .double(let number):
      Tensor(number, dtype: x.dtype.isFloatingPoint ? x.dtype : defaultDType)
    case .int(let number): Tensor(number, dtype: x.dtype == .bool ? .i64 : x.dtype)
    default: nil
    }
  }

  func tensor(_ name: String) -> Tensor? {
    if case .tensor(let x)? = kwargs[name] { x } else { nil }
  }

  func need(_ name: String) throws(CaseError) -> Tensor {
    guard let x = tensor(name) else { throw CaseError("keyword \(name) is missing") }
    return x
  }

  func tensors(_ i: Int) throws(CaseError) -> [Tensor] {
    guard i < args.count, case .list(let items) = args[i] else {
      throw CaseError("argument \(i) is no list")
    }
    return items.compactMap { if case .tensor(let x) = $0 { x } else { nil } }
  }

  func double(_ name: String, _ value: Double) -> Double { double(name) ?? value }
  func double(_ name: String) -> Double? {
    switch kwargs[name] {
    case .double(let x)?: x
    case .int(let i)?: Double(i)
    case .bool(let b)?: b ? 1 : 0
    default: nil
    }
  }

  func int(_ name: String, _ value: Int) -> Int { int(name) ?? value }
  func int(_ name: String) -> Int? {
    switch kwargs[name] {
    case .int(let i)?: i
    case .double(let x)?: Int(x)
    case .tensor(let x)? where x.count == 1: x.ints[0]
    default: nil
    }
  }

  func bool(_ name: String, _ value: Bool = false) -> Bool {
    if case .bool(let b)? = kwargs[name] { b } else { value }
  }

  func string(_ name: String, _ value: String) -> String {
    if case .string(let s)? = kwargs[name] { s } else { value }
  }

  func isPresent(_ name: String) -> Bool {
    switch kwargs[name] {
    case nil, .some(.none): false
    default: true
    }
  }

  /// An enum by its name; a name unknown is a refusal.
  func choice<E: RawRepresentable<String>>(_ name: String, _ value: E) throws(CaseError) -> E {
    guard isPresent(name) else { return value }
    guard let choice = E(rawValue: string(name, "")) else {
      throw CaseError("no \(E.self) named '\(string(name, ""))'")
    }
    return choice
  }

  /// An int or a list of ints.
  func ints(_ name: String) -> [Int]? { kwargs[name].flatMap { Call.ints($0) } }

  static func ints(_ value: Value) -> [Int]? {
    switch value {
    case .int(let i): [i]
    case .double(let x): [Int(x)]
    case .list(let items): items.flatMap { Call.ints($0) ?? [] }
    case .tensor(let x): x.ints
    default: nil
    }
  }

  func doubles(_ name: String) -> [Double]? {
    guard case .list(let items)? = kwargs[name] else { return nil }
    return items.compactMap {
      switch $0 {
      case .double(let x): x
      case .int(let i): Double(i)
      default: nil
      }
    }
  }

  var reduction: LossReduction {
    get throws(CaseError) { try choice("reduction", .mean) }
  }

  var keepDim: Bool { bool("keepdim") }
}

/// What an operation of a case does, by Math's public interface.
typealias Handler = @Sendable (Call) throws -> [Tensor]
