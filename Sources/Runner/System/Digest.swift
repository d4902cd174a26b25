internal import CDigest

/// A SHA-256 digest over a sequence of fields, each framed by its length so that no two sequences run
/// together.
package struct Digest {
  private var state = SHA256_CTX()

  package init() {
    unsafe SHA256_Init(&state)
  }

  package mutating func add(_ bytes: [UInt8]) {
    var length = UInt64(bytes.count).littleEndian
    unsafe withUnsafeBytes(of: &length) { unsafe update($0) }
    unsafe bytes.withUnsafeBytes { unsafe update($0) }
  }

  package mutating func add(_ text: String) {
    add(Array(text.utf8))
  }

  /// The digest in lower-case hexadecimal.
  package consuming func hexadecimal() -> String {
    var result = [UInt8](repeating: 0, count: 32)
    unsafe SHA256_Final(&result, &state)
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: result.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  private mutating func update(_ bytes: UnsafeRawBufferPointer) {
    unsafe SHA256_Update(&state, bytes.baseAddress, bytes.count)
  }
}
