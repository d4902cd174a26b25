import Math

/// A tensor of a case file, not yet one of Math's.
public struct CaseTensor: Sendable {
  let dtype: String
  let shape: [Int]
  let numbers: [Double]
  let integers: [Int]
  let requiresGrad: Bool

  init(_ json: JSON) throws(CaseError) {
    guard case .string(let dtype)? = json["dtype"], case .array(let shape)? = json["shape"],
      case .array(let data)? = json["data"]
    else { throw CaseError("a tensor lacks dtype, shape or data") }
    self.dtype = dtype
    self.shape = shape.compactMap { if case .int(let n) = $0 { n } else { nil } }
    var numbers: [Double] = []
    var integers: [Int] = []
    for element in data {
      switch element {
      case .int(let i): dtype.hasPrefix("f") ? numbers.append(Double(i)) : integers.append(i)
      case .number(let x): numbers.append(x)
      case .bool(let b): integers.append(b ? 1 : 0)
      case .string("nan"): numbers.append(.nan)
      case .string("inf"): numbers.append(.infinity)
      case .string("-inf"): numbers.append(-.infinity)
      default: throw CaseError("an element is no number")
      }
    }
    self.numbers = numbers
    self.integers = integers
    if case .bool(true)? = json["requires_grad"] {
      requiresGrad = true
    } else {
      requiresGrad = false
    }
  }

  /// The tensor.
  func tensor() throws(CaseError) -> Tensor {
    switch dtype {
    case "f32", "f64":
      let x = Tensor(numbers, shape: shape, dtype: dtype == "f32" ? .f32 : .f64)
      if requiresGrad { x.requiresGrad = true }
      return x
    case "i64": return Tensor(integers, shape: shape, dtype: .i64)
    case "bool": return Tensor(integers, shape: shape, dtype: .bool)
    default: throw CaseError(lacking: dtype)
    }
  }
}

/// What is wrong with a case, or with a call that a case makes.
public struct CaseError: Error, CustomStringConvertible, Sendable {
  /// One sentence.
  public let description: String
  /// Whether Math lacks a dtype, so that the case is skipped.
  let isLack: Bool
  init(_ description: String) { (self.description, isLack) = (description, false) }
  init(lacking dtype: String) {
    (description, isLack) = ("Math has no dtype '\(dtype)'", true)
  }
}

/// An argument of a case.
indirect enum Value {
  case tensor(Tensor)
  case int(Int)
  case double(Double)
  case bool(Bool)
  case string(String)
  case none
  case list([Value])

  init(_ json: JSON) throws(CaseError) {
    guard case .string(let kind)? = json["kind"] else { throw CaseError("a value lacks its kind") }
    switch (kind, json["value"]) {
    case ("none", _): self = .none
    case ("int", .int(let i)?): self = .int(i)
    case ("float", .int(let i)?): self = .double(Double(i))
    case ("float", .number(let x)?): self = .double(x)
    case ("float", .string(let name)?):
      self = .double(name == "nan" ? .nan : name == "inf" ? .infinity : -.infinity)
    case ("bool", .bool(let b)?): self = .bool(b)
    case ("str", .string(let s)?): self = .string(s)
    case ("tensor", _):
      self = .tensor(try CaseTensor(json).tensor())
    case ("list", _):
      guard case .array(let items)? = json["items"] else { throw CaseError("a list lacks items") }
      var list: [Value] = []
      for item in items { list.append(try Value(item)) }
      self = .list(list)
    default: throw CaseError("a value of kind \(kind) is malformed")
    }
  }

  /// Tensors and where they are, lists depth first.
  func tensors(_ path: String) -> [(path: String, tensor: Tensor)] {
    switch self {
    case .tensor(let x): [(path, x)]
    case .list(let items): items.enumerated().flatMap { $1.tensors("\(path).\($0)") }
    default: []
    }
  }
}

/// One call of an operation and what is to come of it.
public struct Case: Sendable {
  /// The name of the case.
  public let id: String
  /// The operation.
  public let op: String
  /// Whether the call has to be refused.
  public let mustRefuse: Bool
  let json: JSON

  /// Reads one line of a case file.
  public init(line: ArraySlice<UInt8>) throws {
    json = try JSONParser.parse(line)
    guard case .string(let id)? = json["id"], case .string(let op)? = json["op"] else {
      throw CaseError("a case lacks id or op")
    }
    self.id = id
    self.op = op
    if case .bool(true)? = json["expect"]?["error"] {
      mustRefuse = true
    } else {
      mustRefuse = false
    }
  }

  /// Reads a case file, compressed or not.
  public static func read(_ bytes: [UInt8]) throws -> [Case] {
    let text = bytes.starts(with: [0x1F, 0x8B]) ? try gunzip(bytes) : bytes
    var cases: [Case] = []
    var number = 0
    for line in text.split(separator: 10, omittingEmptySubsequences: false) {
      number += 1
      if line.isEmpty { continue }
      do {
        cases.append(try Case(line: line))
      } catch {
        throw CaseError("line \(number): \(error)")
      }
    }
    if cases.isEmpty { throw CaseError("expected a case a line, found none") }
    return cases
  }
}
