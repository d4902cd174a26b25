import Glibc

/// A JSON value.
///
/// Numbers keep whether they were written as integers.
public enum JSON: Sendable {
  case null
  case bool(Bool)
  case int(Int)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  /// A member of an object.
  subscript(key: String) -> JSON? {
    if case .object(let members) = self { members[key] } else { nil }
  }
}

/// Text that is not JSON.
public struct JSONError: Error, CustomStringConvertible {
  let offset: Int
  let expectation: String
  /// Where, and what was expected.
  public var description: String { "JSON: expected \(expectation) at byte \(offset)" }
}

/// Reads one JSON value: doubles by `strtod`, so that every bit is right.
struct JSONParser {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var at = 0

  static func parse(_ line: ArraySlice<UInt8>) throws -> JSON {
    // A zero at the end stops strtod.
    let text = Array(line) + [0]
    return try text.withUnsafeBufferPointer { buffer in
      var parser = JSONParser(bytes: buffer)
      return try parser.value()
    }
  }

  private func fail(_ expectation: String) -> JSONError {
    JSONError(offset: at, expectation: expectation)
  }

  private mutating func skip() {
    while bytes[at] == 32 || bytes[at] == 9 || bytes[at] == 13 || bytes[at] == 10 { at += 1 }
  }

  private mutating func word(_ text: StaticString, _ value: JSON) throws -> JSON {
    for i in 0..<text.utf8CodeUnitCount {
      if bytes[at] != text.utf8Start[i] { throw fail("\(text)") }
      at += 1
    }
    return value
  }

  private mutating func value() throws -> JSON {
    skip()
    switch bytes[at] {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func number() throws -> JSON {
    let start = at
    var isInteger = true
    while true {
      let c = bytes[at]
      if c == UInt8(ascii: ".") || c == UInt8(ascii: "e") || c == UInt8(ascii: "E") {
        isInteger = false
      } else if !(c >= 48 && c <= 57 || c == UInt8(ascii: "-") || c == UInt8(ascii: "+")) {
        break
      }
      at += 1
    }
    if at == start { throw fail("a value") }
    if isInteger, let i = Int(String(decoding: bytes[start..<at], as: UTF8.self)) {
      // -0 is a double.
      if !(i == 0 && bytes[start] == UInt8(ascii: "-")) { return .int(i) }
    }
    guard let base = bytes.baseAddress else { throw fail("text") }
    return (base + start).withMemoryRebound(to: CChar.self, capacity: at - start) {
      .number(strtod($0, nil))
    }
  }

  private mutating func string() throws -> String {
    at += 1
    var out: [UInt8] = []
    while bytes[at] != UInt8(ascii: "\"") {
      if bytes[at] == 0 { throw fail("the end of a string") }
      if bytes[at] == UInt8(ascii: "\\") {
        at += 1
        switch bytes[at] {
        case UInt8(ascii: "n"): out.append(10)
        case UInt8(ascii: "t"): out.append(9)
        case UInt8(ascii: "u"):
          let digits = String(decoding: bytes[(at + 1)...(at + 4)], as: UTF8.self)
          let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) ?? "?"
          out += Array(String(Character(scalar)).utf8)
          at += 4
        default: out.append(bytes[at])
        }
      } else {
        out.append(bytes[at])
      }
      at += 1
    }
    at += 1
    return String(decoding: out, as: UTF8.self)
  }

  private mutating func array() throws -> JSON {
    at += 1
    var items: [JSON] = []
    skip()
    if bytes[at] == UInt8(ascii: "]") {
      at += 1
      return .array([])
    }
    while true {
      items.append(try value())
      skip()
      if bytes[at] == UInt8(ascii: "]") { break }
      if bytes[at] != UInt8(ascii: ",") { throw fail("',' or ']'") }
      at += 1
    }
    at += 1
    return .array(items)
  }

  private mutating func object() throws -> JSON {
    at += 1
    var members: [String: JSON] = [:]
    skip()
    if bytes[at] == UInt8(ascii: "}") {
      at += 1
      return .object([:])
    }
    while true {
      skip()
      if bytes[at] != UInt8(ascii: "\"") { throw fail("a key") }
      let key = try string()
      skip()
      if bytes[at] != UInt8(ascii: ":") { throw fail("':'") }
      at += 1
      members[key] = try value()
      skip()
      if bytes[at] == UInt8(ascii: "}") { break }
      if bytes[at] != UInt8(ascii: ",") { throw fail("',' or '}'") }
      at += 1
    }
    at += 1
    return .object(members)
  }
}
