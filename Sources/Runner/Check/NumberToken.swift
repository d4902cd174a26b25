internal import Glibc

/// A number that stands by itself in a line of text.
struct NumberToken {
  /// Where its sign, digits and exponent stand.
  var range: Range<Int>
  var value: Double
  /// Digits alone, with or without a sign.
  var isInteger: Bool
  /// What a 1 in the last written digit is worth.
  var unit: Double

  /// Returns the numbers of a line, in order.
  ///
  /// Digits inside of words (`conv2d`), of versions (`6.3.1`), dates, times and fractions are text. So is
  /// what a letter follows (`3x`, `0x1F`), for it may be no decimal number.
  static func all(in line: some RandomAccessCollection<UInt8>) -> [NumberToken] {
    let bytes = Array(line)
    var tokens: [NumberToken] = []
    var offset = 0
    while offset < bytes.count {
      if let token = token(at: offset, in: bytes) {
        tokens.append(token)
        offset = token.range.upperBound
      } else if Ascii.isWord(bytes[offset]) {
        // The rest of a word is part of it.
        repeat { offset += 1 } while offset < bytes.count && Ascii.isWord(bytes[offset])
      } else {
        offset += 1
      }
    }
    return tokens
  }

  private static func token(at start: Int, in bytes: [UInt8]) -> NumberToken? {
    func byte(_ index: Int) -> UInt8? { bytes.indices.contains(index) ? bytes[index] : nil }
    func isDigit(_ index: Int) -> Bool { byte(index).map(Ascii.isDigit) ?? false }
    func isWord(_ index: Int) -> Bool { byte(index).map(Ascii.isWord) ?? false }

    guard !isWord(start - 1), byte(start - 1) != dot else { return nil }
    let isSigned = byte(start) == minus || byte(start) == UInt8(ascii: "+")
    // After a bracket's end a sign is an operator: `f(x)-1`.
    if isSigned, byte(start - 1) == Ascii.closeParenthesis { return nil }
    let digits = start + (isSigned ? 1 : 0)
    for word in ["nan", "inf"] where bytes[digits...].starts(with: word.utf8) {
      guard !isWord(digits + 3) else { return nil }
      let value: Double = word == "nan" ? .nan : byte(start) == minus ? -.infinity : .infinity
      return NumberToken(range: start..<(digits + 3), value: value, isInteger: false, unit: 0)
    }
    var end = digits
    while isDigit(end) { end += 1 }
    guard end > digits else { return nil }
    var decimals = 0
    if byte(end) == dot, isDigit(end + 1) {
      end += 1
      while isDigit(end) {
        end += 1
        decimals += 1
      }
    }
    var exponent = 0
    if byte(end) == UInt8(ascii: "e") || byte(end) == UInt8(ascii: "E") {
      let sign = byte(end + 1) == minus || byte(end + 1) == UInt8(ascii: "+") ? 1 : 0
      if isDigit(end + 1 + sign) {
        let first = end + 1
        end += 1 + sign
        while isDigit(end) { end += 1 }
        guard let read = Int(String(decoding: bytes[first..<end], as: UTF8.self)), abs(read) < 400
        else { return nil }
        exponent = read
        decimals -= exponent
      }
    }
    let text = String(decoding: bytes[start..<end], as: UTF8.self)
    let isInteger = text.utf8.dropFirst(isSigned ? 1 : 0).allSatisfy(Ascii.isDigit)
    guard !isWord(end), !(byte(end) == dot && isDigit(end + 1)) else { return nil }
    if isInteger {
      let joins: (Int, Int) -> Bool = { mark, digit in
        [minus, UInt8(ascii: ":"), Ascii.slash].contains(byte(mark)) && isDigit(digit)
      }
      if joins(end, end + 1) || joins(start - 1, start - 2) { return nil }
    }
    guard let value = Double(text), value.isFinite, decimals < 400 else { return nil }
    return NumberToken(
      range: start..<end, value: value, isInteger: isInteger, unit: pow(10, Double(-decimals)))
  }

  private static let dot = UInt8(ascii: ".")
  private static let minus = UInt8(ascii: "-")
}

/// How far a printed number may be from a promised one.
package struct NumberTolerance: Sendable, Equatable {
  package var relative: Double?
  package var absolute: Double?

  package init(relative: Double? = nil, absolute: Double? = nil) {
    self.relative = relative
    self.absolute = absolute
  }

  /// Returns whether a printed number keeps what a written one promises.
  ///
  /// Written digits promise themselves: `0.5233` is kept by whatever rounds to it. `rtol` and `atol`
  /// replace that by |printed − promised| ≤ atol + rtol · |promised|. A whole number keeps no promise of
  /// a fraction (`2` for `2.0`), for the type is part of what a lesson shows.
  func accepts(_ actual: NumberToken, for expected: NumberToken, sameText: Bool) -> Bool {
    if sameText { return true }
    if expected.value.isNaN || actual.value.isNaN {
      return expected.value.isNaN && actual.value.isNaN
    }
    if expected.value.isInfinite || actual.value.isInfinite {
      return expected.value == actual.value
    }
    let distance = abs(actual.value - expected.value)
    if relative != nil || absolute != nil {
      return distance <= (absolute ?? 0) + (relative ?? 0) * abs(expected.value)
    }
    guard !expected.isInteger, !actual.isInteger else { return false }
    // The hair: neither 0.5 nor 0.45 is a binary fraction, and their distance should be a tie.
    let hair = min(4 * abs(expected.value).ulp, expected.unit / 1000)
    return distance <= expected.unit / 2 * (1 + 1e-9) + hair
  }
}
