internal import Glibc

/// A linear map from numbers to places on an axis, with round numbers to mark.
struct Scale {
  var low: Double
  var high: Double
  /// The round numbers in between.
  private(set) var ticks: [Double]
  private let step: Double

  /// Makes a scale that covers some values.
  ///
  /// - Parameters:
  ///   - count: About how many ticks.
  ///   - reachesTicks: True to begin and end with a tick.
  init(covering values: some Sequence<Double>, count: Int = 5, reachesTicks: Bool = false) {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values {
      low = min(low, value)
      high = max(high, value)
    }
    if low > high { (low, high) = (0, 1) }
    if low == high {
      let margin = low == 0 ? 1 : abs(low) / 2
      (low, high) = (low - margin, high + margin)
    }
    let raw = (high - low) / Double(max(count, 1))
    let magnitude = pow(10, floor(log10(raw)))
    let ratio = raw / magnitude
    step = (ratio < 1.5 ? 1 : ratio < 3 ? 2 : ratio < 7 ? 5 : 10) * magnitude
    if reachesTicks {
      low = (low / step).rounded(.down) * step
      high = (high / step).rounded(.up) * step
    }
    (self.low, self.high) = (low, high)
    ticks = []
    var index = (low / step - 1e-9).rounded(.up)
    while index * step <= high + step * 1e-9, ticks.count < 50 {
      ticks.append(index * step)
      index += 1
    }
  }

  /// Returns where a value stands, 0 at the low end and 1 at the high one.
  func place(_ value: Double) -> Double { (value - low) / (high - low) }

  /// Returns a tick with the digits that tell it from the next.
  func label(_ tick: Double) -> String { FigureNumber.text(tick, step: step) }
}

/// Numbers as figures and their tables show them.
enum FigureNumber {
  /// Returns a number with at most four significant digits, such as `0.3142` or `1.5e-7`.
  static func text(_ value: Double) -> String {
    if value == 0 { return "0" }
    let exponent = Int(floor(log10(abs(value))))
    if exponent < -4 || exponent > 5 {
      let mantissa = value / pow(10, Double(exponent))
      return "\(fixed(mantissa, digits: 2))e\(exponent)"
    }
    return fixed(value, digits: max(3 - exponent, 0))
  }

  static func text(_ value: Double, step: Double) -> String {
    let largest = max(abs(value), step)
    if value != 0, largest >= 1e6 || step < 1e-5 { return text(value) }
    return fixed(value, digits: max(Int(ceil(-log10(step) - 1e-9)), 0))
  }

  /// Returns a number with at most some digits after the point, without zeros at the end.
  static func fixed(_ value: Double, digits: Int) -> String {
    let scale = pow(10, Double(digits))
    let scaled = (value * scale).rounded()
    guard scaled.isFinite, abs(scaled) < 1e15 else { return "\(value)" }
    let whole = Int(abs(scaled))
    var text = String(whole)
    if digits > 0 {
      text = String(repeating: "0", count: max(digits + 1 - text.utf8.count, 0)) + text
      var fraction = text.suffix(digits)
      while fraction.last == "0" { fraction.removeLast() }
      text = text.dropLast(digits) + (fraction.isEmpty ? "" : ".\(fraction)")
    }
    return scaled < 0 && text != "0" ? "-\(text)" : text
  }
}
