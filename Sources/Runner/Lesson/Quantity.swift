/// Times and sizes, as lessons and command lines write them.
package enum Quantity {
  /// Reads a whole number above 0 with the unit `ms`, `s` or `m`.
  package static func duration(_ text: String) -> Duration? {
    let (number, unit) = parts(text)
    let duration: Duration? =
      switch (number, unit) {
      case (let number?, "ms"): .milliseconds(number)
      case (let number?, "s"): .seconds(number)
      case (let number?, "m"): .seconds(number * 60)
      default: nil
      }
    return duration.flatMap { $0 > .zero ? $0 : nil }
  }

  /// Reads a whole number of bytes above 0 with the unit `kB`, `MB` or `GB`, of 1024 each.
  package static func bytes(_ text: String) -> Int? {
    let (number, unit) = parts(text)
    guard let number, number > 0, let shift = ["kB": 10, "MB": 20, "GB": 30][unit] else {
      return nil
    }
    return number << shift
  }

  private static func parts(_ text: String) -> (number: Int?, unit: String) {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    return (digits.count <= 9 ? Int(digits) : nil, String(text.dropFirst(digits.count)))
  }
}
