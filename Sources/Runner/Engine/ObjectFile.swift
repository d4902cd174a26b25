/// What the engine needs to know of an object file, found in its bytes.
struct ObjectFile {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The libraries that the compiler wants linked: it leaves them as `-lname` texts.
  ///
  /// A text in the lesson's own data may look the same, so the caller keeps to names that exist in the
  /// toolchain.
  var requestedLibraries: [String] {
    var names: [String] = []
    bytes.withUnsafeBufferPointer { bytes in
      var start = 0
      for (end, byte) in unsafe bytes.enumerated() where byte == 0 {
        defer { start = end + 1 }
        guard end - start > 2, end - start < 80, unsafe bytes[start] == UInt8(ascii: "-"),
          unsafe bytes[start + 1] == UInt8(ascii: "l")
        else { continue }
        let name = String(decoding: unsafe bytes[(start + 2)..<end], as: UTF8.self)
        if !names.contains(name) { names.append(name) }
      }
    }
    return names
  }

  /// True where the cell's top level waits for asynchronous work: its entry then never returns.
  var waitsAtTopLevel: Bool {
    contains(Array("swift_task_asyncMainDrainQueue".utf8))
  }

  private func contains(_ needle: [UInt8]) -> Bool {
    bytes.firstRange(of: needle) != nil
  }
}
