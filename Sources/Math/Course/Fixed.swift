extension Double {
  /// The number with a fixed count of digits after the point: `0.5.fixed(4)` is `0.5000`.
  ///
  /// Negative numbers that round to zero lose their sign, so that tables don't show `-0.0000`.
  ///
  /// - Parameters:
  ///   - digits: How many digits follow the point.
  ///   - width: The least number of characters; blanks on the left fill what is missing.
  public func fixed(_ digits: Int, width: Int = 0) -> String {
    var text = formatted(self, digits)
    if text.hasPrefix("-"), !text.contains(where: { ("1"..."9").contains($0) }), isFinite {
      text.removeFirst()
    }
    return String(repeating: " ", count: Swift.max(0, width - text.utf8.count)) + text
  }

  /// The number with a power of ten, as `5.7735e+07` with four digits.
  public func scientific(_ digits: Int) -> String { formatted(self, digits, scientific: true) }
}
