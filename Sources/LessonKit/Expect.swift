/// Stops the cell where something isn't as the lesson says.
///
/// - Parameters:
///   - condition: What should be true.
///   - message: What is wrong if it isn't.
public func expect(
  _ condition: Bool, _ message: @autoclosure () -> String = "this was expected to be true",
  file: StaticString = #file, line: UInt = #line
) {
  if !condition { refuse(message(), file, line) }
}

/// Stops the cell where a number is further from another than `atol + rtol · |expected|`.
public func expect(
  _ actual: Double, near expected: Double, rtol: Double = 1e-6, atol: Double = 1e-12,
  file: StaticString = #file, line: UInt = #line
) {
  let isNear = actual == expected || abs(actual - expected) <= atol + rtol * abs(expected)
  if !isNear { refuse("expected \(expected), got \(actual)", file, line) }
}

/// Stops the cell where the numbers of two lists differ in the same sense, or their counts do.
public func expect(
  _ actual: [Double], near expected: [Double], rtol: Double = 1e-6, atol: Double = 1e-12,
  file: StaticString = #file, line: UInt = #line
) {
  if actual.count != expected.count {
    refuse(
      "expected \(expected.count) numbers, got \(actual.count)", file, line)
  }
  for (actual, expected) in zip(actual, expected) {
    expect(actual, near: expected, rtol: rtol, atol: atol, file: file, line: line)
  }
}
