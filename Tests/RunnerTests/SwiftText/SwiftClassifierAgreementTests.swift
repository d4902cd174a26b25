import Glibc
import SourceKitOracle
import Testing

@testable import Runner

/// What a reader notices at once when it is wrong.
private enum Structure: String {
  case other, comment, string, number, regex
}

@Suite(.serialized) struct SwiftClassifierAgreementTests {
  /// The share of bytes, blanks aside, on which the classification must be the toolchain's.
  static let leastAgreement = 0.999

  @Test func `structure agrees with the toolchain on all Swift text of the repository`() throws {
    var total = 0
    var same = 0
    var examples: [String] = []
    let texts = try SwiftCorpus.texts()
    for (name, bytes) in texts {
      let expected = try #require(Self.reference(bytes), "no SourceKit for \(name)")
      let found = Self.structure(bytes)
      var index = 0
      while index < bytes.count {
        defer { index += 1 }
        if Ascii.isBlank(bytes[index]) || Ascii.isLineEnd(bytes[index]) { continue }
        total += 1
        if expected[index] == found[index] {
          same += 1
        } else if examples.count < 20, index == 0 || expected[index - 1] == found[index - 1] {
          let line = String(
            decoding: bytes[index...].prefix(40).prefix { !Ascii.isLineEnd($0) }, as: UTF8.self)
          examples.append("\(name): \(expected[index]) taken for \(found[index]): \(line)")
        }
      }
    }
    let agreement = Double(same) / Double(max(total, 1))
    let figures = "\(texts.count) texts, \(total) bytes, \(total - same) differ: \(agreement)"
    #expect(
      agreement >= Self.leastAgreement,
      "\(figures)\n\(examples.joined(separator: "\n"))")
  }

  @Test(arguments: [
    "let r = /ab[\\/]c(d)/ // x\n", "let q = #/ x \\/ /#; let d = a / b / c\n",
    "let m = #/\n  a b # comment\n  /#\n", "let s = \"a \\(x + \"b\\(1)\") c\" + #\"r \\#(z) \"#\n",
    "let b = \"\"\"\n  \\(x) \" \"\"\n  \"\"\"\n", "let h = #\"\"\"#\n",
    "let n = 0x1F.8p3 - 1_0.5e-3 + t.0.1\n",
    "/* a /* b */ c */ let x = 1 // d\n", "let v = x! / y / z\n", "#if swift(>=5.9) // c\n#endif\n",
    "if try /a/.wholeMatch(in: s) != nil {}\n", "let a = [1, 2].map { $0 / 2 } + [b / c]\n",
    "let y = (a + b) / c / (d)\n", "let w = \"\\u{1F600} \\\" //\"\n", "let f = foo(/a b/, /c/)\n",
  ])
  func `structure agrees with the toolchain on the hard cases`(text: String) throws {
    let bytes = Array(text.utf8)
    let expected = try #require(Self.reference(bytes))
    let found = Self.structure(bytes)
    for index in bytes.indices
    where !Ascii.isBlank(bytes[index]) && !Ascii.isLineEnd(bytes[index]) {
      #expect(expected[index] == found[index], "\(text), byte \(index)")
    }
  }

  private static func structure(_ bytes: [UInt8]) -> [Structure] {
    var result = [Structure](repeating: .other, count: bytes.count)
    for span in SwiftClassifier.spans(of: bytes) {
      let kind = Structure(rawValue: span.kind.rawValue) ?? .other
      for index in span.bytes { result[index] = kind }
    }
    return result
  }

  /// The toolchain's classification.
  ///
  /// Its map leaves regexes out, so that they are the unclassified runs that begin with a slash or with
  /// `#` and a slash.
  private static func reference(_ bytes: [UInt8]) -> [Structure]? {
    var count = 0
    guard let spans = oracle_spans(String(decoding: bytes, as: UTF8.self), &count) else {
      return nil
    }
    defer { free(spans) }
    var result = [Structure](repeating: .other, count: bytes.count)
    var isClassified = [Bool](repeating: false, count: bytes.count)
    for span in UnsafeBufferPointer(start: spans, count: count) {
      let kind = String(cString: span.kind)
      let structure: Structure =
        switch kind {
        case let kind where kind.contains("comment"): .comment
        case "string": .string
        case "number": .number
        default: .other
        }
      // Its map takes a sign for part of a number; the compiler's tokens don't.
      let isSigned = structure == .number && bytes[span.offset] == UInt8(ascii: "-")
      let start = span.offset + (isSigned ? 1 : 0)
      for index in start..<min(span.offset + span.length, bytes.count) {
        isClassified[index] = true
        result[index] = structure
      }
    }
    var index = 0
    while index < bytes.count {
      let hashes = bytes[index...].prefix { $0 == Ascii.hash }.count
      let opens = index + hashes < bytes.count && bytes[index + hashes] == Ascii.slash
      guard !isClassified[index], opens else {
        index += 1
        continue
      }
      let end = regexEnd(in: bytes, from: index + hashes + 1, hashes: hashes, isClassified)
      for inside in index..<end { result[inside] = .regex }
      index = end
    }
    return result
  }

  private static func regexEnd(
    in bytes: [UInt8], from start: Int, hashes: Int, _ isClassified: [Bool]
  ) -> Int {
    var index = start
    while index < bytes.count, !isClassified[index] {
      let isSlash = bytes[index] == Ascii.slash && bytes[index - 1] != Ascii.backslash
      let closing = bytes[(index + 1)...].prefix(hashes)
      if isSlash, closing.count == hashes, closing.allSatisfy({ $0 == Ascii.hash }) {
        return index + 1 + hashes
      }
      if hashes == 0, Ascii.isLineEnd(bytes[index]) { break }
      index += 1
    }
    return start
  }
}
