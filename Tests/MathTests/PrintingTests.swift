import Foundation
import Math
import Testing

/// One tensor, how PyTorch was asked to print it, and what it printed.
private struct Printed: Decodable {
  enum Number: Decodable {
    case value(Double)
    case integer(Int)

    init(from decoder: any Decoder) throws {
      let box = try decoder.singleValueContainer()
      if let word = try? box.decode(String.self) {
        self = .value(word == "nan" ? .nan : word == "inf" ? .infinity : -.infinity)
      } else if let zero = try? box.decode(Double.self), zero == 0 {
        self = .value(zero)  // with its sign
      } else if let integer = try? box.decode(Int.self) {
        self = .integer(integer)
      } else {
        self = .value(try box.decode(Double.self))
      }
    }

    var double: Double {
      switch self {
      case .value(let x): x
      case .integer(let i): Double(i)
      }
    }
  }

  struct Options: Decodable {
    var precision: Int?
    var linewidth: Int?
    var threshold: Int?
    var edgeitems: Int?
    var sci_mode: Bool?
  }

  let values: [Number]
  let count: Int
  let step: Double?
  let modulus: Int?
  let shape: [Int]
  let dtype: String
  let options: Options
  let text: String

  /// The tensor: listed, or counted up where a list would be long.
  var tensor: Tensor {
    switch dtype {
    case "i64", "bool":
      let integers = values.map { if case .integer(let i) = $0 { i } else { 0 } }
      return Tensor(integers, shape: shape, dtype: dtype == "i64" ? .i64 : .bool)
    default:
      var numbers = values.map(\.double)
      if let step { numbers = (0..<count).map { Double($0 % (modulus ?? count)) * step } }
      return Tensor(numbers, shape: shape, dtype: dtype == "f32" ? .f32 : .f64)
    }
  }
}

// The options are a setting of the process.
@Suite(.serialized) struct PrintingTests {
  @Test func `tensors of many kinds print as in PyTorch, but for the spelling of Swift`() throws {
    let url = try #require(
      Bundle.module.url(forResource: "printing", withExtension: "jsonl", subdirectory: "Cases"))
    let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n")
    #expect(lines.count > 50)
    let before = printOptions
    defer { printOptions = before }
    for line in lines {
      let printed = try JSONDecoder().decode(Printed.self, from: Data(line.utf8))
      var options = PrintOptions()
      if let precision = printed.options.precision { options.precision = precision }
      if let width = printed.options.linewidth { options.lineWidth = width }
      if let threshold = printed.options.threshold { options.threshold = threshold }
      if let edge = printed.options.edgeitems { options.edgeItems = edge }
      options.scientific = printed.options.sci_mode
      printOptions = options
      #expect("\(printed.tensor)" == printed.text)
    }
  }
}
