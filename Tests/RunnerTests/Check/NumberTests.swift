import Testing

@testable import Runner

@Suite struct NumberTests {
  @Test(arguments: [
    ("0.5", ["0.5"]), ("-0.5, +3", ["-0.5", "+3"]), ("[1, 2.0]", ["1", "2.0"]),
    ("1e-05", ["1e-05"]),
    ("1.5E+3", ["1.5E+3"]), ("is 3.14.", ["3.14"]), ("50%", ["50"]), ("x=-1.5", ["-1.5"]),
    ("nan -inf inf", ["nan", "-inf", "inf"]), ("0...5", ["0"]), ("≈3.14 约0.5", ["3.14", "0.5"]),
    ("conv2d x1 v6.3 3x 0x1F 1e", []), ("6.3.1", []), ("2024-01-02 12:30", []), ("3/4", []),
    ("info nano _1 5-3", []), ("f(x)-1.5", ["1.5"]), ("a.5 -", []), ("1e999", []), ("", []),
    ("(-1.0)(2.0)", ["-1.0", "2.0"]), ("10:0.5", ["0.5"]),
  ])
  func `numbers stand by themselves`(line: String, numbers: [String]) {
    let bytes = Array(line.utf8)
    let found = NumberToken.all(in: bytes).map { String(decoding: bytes[$0.range], as: UTF8.self) }
    #expect(found == numbers)
  }

  @Test(arguments: [
    ("0.5233", "0.52334999"), ("0.5233", "0.52325"), ("0.5", "0.45"), ("0.5", "0.55"),
    ("1e-05", "1.4e-05"),
    ("1.50e3", "1504.9"), ("0.0", "-0.0"), ("0.50", "5e-1"), ("nan", "-nan"), ("inf", "inf"),
    ("3", "3"),
    ("-1.0", "-0.96"), ("0.1", "0.15"),
    ("123456789012345678901234567890", "123456789012345678901234567890"),
    ("0.30000000000000004", "0.30000000000000004"), ("1e300", "1e300"),
  ])
  func `written digits are kept by what rounds to them`(expected: String, actual: String) {
    #expect(CheckSupport.difference(expected, actual) == nil)
  }

  @Test(arguments: [
    ("0.5233", "0.52336"), ("0.5233", "0.5232"), ("0.5", "0.56"), ("1.0", "-1.0"), ("2.0", "2"),
    ("2", "2.0"),
    ("3", "4"), ("007", "7"), ("0.5", "nan"), ("nan", "0.5"), ("inf", "-inf"), ("inf", "1e308"),
    ("inf", "nan"),
    ("0.30000000000000004", "0.3"), ("9007199254740993", "9007199254740992"),
  ])
  func `other numbers are a difference of numbers`(expected: String, actual: String) {
    #expect(CheckSupport.difference("x \(expected) y", "x \(actual) y")?.kind == .number)
  }

  @Test(arguments: [
    ("conv2d", "conv3d"), ("x 0.5 y", "x 0.5 z"), ("6.3.1", "6.3.2"), ("2024-01-02", "2024-01-03"),
    ("0.5", "0.5, 0.6"), ("1.0s", "1.01s"),
  ])
  func `the text around numbers is exact`(expected: String, actual: String) {
    let tolerance = NumberTolerance(relative: 1, absolute: 1)
    #expect(CheckSupport.difference(expected, actual, tolerance: tolerance)?.kind == .text)
  }

  @Test(
    arguments: [
      ("100", "101", 0.01, nil), ("2.0", "2", 0, nil), ("0.5233", "0.53", nil, 0.01),
      ("0.0", "1e-9", nil, 1e-8),
      ("-100.0", "-101", 0.01, nil), ("10", "12", 0.1, 1),
    ] as [(String, String, Double?, Double?)])
  func `tolerances widen what matches`(
    expected: String, actual: String, relative: Double?, absolute: Double?
  ) {
    let tolerance = NumberTolerance(relative: relative, absolute: absolute)
    #expect(CheckSupport.difference(expected, actual, tolerance: tolerance) == nil)
  }

  @Test(
    arguments: [
      ("100", "102", 0.01, nil), ("0.5", "0.52", 1e-3, nil), ("nan", "1", 1, 1), ("inf", "1", 1, 1),
      ("0.0", "1e-9", 1, nil),
    ] as [(String, String, Double?, Double?)])
  func `tolerances replace the written digits`(
    expected: String, actual: String, relative: Double?, absolute: Double?
  ) {
    let tolerance = NumberTolerance(relative: relative, absolute: absolute)
    #expect(CheckSupport.difference(expected, actual, tolerance: tolerance)?.kind == .number)
  }
}
