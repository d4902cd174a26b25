/// One tensor of a safetensors header.
struct HeaderEntry {
  var name = ""
  var dtype = ""
  var shape: [Int]?
  var begin = -1
  var end = -1
}

/// Reads the header of a safetensors file: an object of objects with strings and whole numbers.
struct HeaderReader {
  let bytes: [UInt8]
  private(set) var at = 0
  /// What was expected where reading stopped.
  private(set) var expectation = ""

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// The tensors, or `nil` if the header is malformed.
  mutating func entries() -> [HeaderEntry]? {
    var list: [HeaderEntry] = []
    var names: Set<String> = []
    guard take("{") else { return nil }
    if skip() == UInt8(ascii: "}") {
      at += 1
      return ends() ? list : nil
    }
    repeat {
      guard let name = string(), take(":") else { return nil }
      if name == "__metadata__" {
        guard metadata() else { return nil }
        continue
      }
      guard names.insert(name).inserted else { return fail("one tensor named '\(name)'") }
      guard var entry = fields() else { return nil }
      entry.name = name
      list.append(entry)
    } while next()
    return take("}") && ends() ? list : nil
  }

  private mutating func fields() -> HeaderEntry? {
    var entry = HeaderEntry()
    guard take("{") else { return nil }
    repeat {
      guard let key = string(), take(":") else { return nil }
      switch key {
      case "dtype":
        guard let value = string() else { return nil }
        entry.dtype = value
      case "shape":
        guard let list = numbers() else { return nil }
        entry.shape = list
      case "data_offsets":
        guard let list = numbers(), list.count == 2 else { return fail("two offsets") }
        (entry.begin, entry.end) = (list[0], list[1])
      default: return fail("dtype, shape or data_offsets, not '\(key)'")
      }
    } while next()
    guard take("}") else { return nil }
    let isWhole = entry.begin >= 0 && !entry.dtype.isEmpty && entry.shape != nil
    return isWhole ? entry : fail("dtype, shape and data_offsets")
  }

  private mutating func metadata() -> Bool {
    guard take("{") else { return false }
    if skip() == UInt8(ascii: "}") {
      at += 1
      return true
    }
    repeat {
      guard string() != nil, take(":"), string() != nil else { return false }
    } while next()
    return take("}")
  }

  private mutating func fail<T>(_ text: String) -> T? {
    if expectation.isEmpty { expectation = text }
    return nil
  }

  private mutating func skip() -> UInt8? {
    while at < bytes.count, [32, 9, 10, 13].contains(bytes[at]) { at += 1 }
    return at < bytes.count ? bytes[at] : nil
  }

  private mutating func take(_ character: Character) -> Bool {
    if skip() == character.asciiValue {
      at += 1
      return true
    }
    if expectation.isEmpty { expectation = "'\(character)'" }
    return false
  }

  /// Whether a comma follows, which is passed.
  private mutating func next() -> Bool {
    if skip() != UInt8(ascii: ",") { return false }
    at += 1
    return true
  }

  private mutating func ends() -> Bool {
    if skip() == nil { return true }
    if expectation.isEmpty { expectation = "the end" }
    return false
  }

  private mutating func string() -> String? {
    guard take("\"") else { return nil }
    var out: [UInt8] = []
    while at < bytes.count && bytes[at] != UInt8(ascii: "\"") {
      if bytes[at] == UInt8(ascii: "\\") {
        at += 1
        guard at < bytes.count else { break }
        switch bytes[at] {
        case UInt8(ascii: "n"): out.append(10)
        case UInt8(ascii: "t"): out.append(9)
        case UInt8(ascii: "r"): out.append(13)
        case UInt8(ascii: "b"): out.append(8)
        case UInt8(ascii: "f"): out.append(12)
        case UInt8(ascii: "u"):
          guard at + 4 < bytes.count,
            let value = UInt32(
              String(decoding: bytes[(at + 1)...(at + 4)], as: UTF8.self), radix: 16),
            let scalar = Unicode.Scalar(value)
          else { return fail("four hexadecimal digits") }
          out += Array(String(Character(scalar)).utf8)
          at += 4
        default: out.append(bytes[at])
        }
      } else {
        out.append(bytes[at])
      }
      at += 1
    }
    guard at < bytes.count else { return fail("the end of a string") }
    at += 1
    return String(decoding: out, as: UTF8.self)
  }

  private mutating func numbers() -> [Int]? {
    guard take("[") else { return nil }
    var list: [Int] = []
    if skip() == UInt8(ascii: "]") {
      at += 1
      return list
    }
    repeat {
      _ = skip()
      let start = at
      while at < bytes.count, bytes[at] >= 48, bytes[at] <= 57 { at += 1 }
      guard let n = Int(String(decoding: bytes[start..<at], as: UTF8.self)) else {
        return fail("a whole number")
      }
      list.append(n)
    } while next()
    return take("]") ? list : nil
  }
}
