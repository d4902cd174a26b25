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
    for text in bytes.split(separator: 0) where text.count > 2 && text.count < 80 {
      guard text.starts(with: "-l".utf8) else { continue }
      let name = String(decoding: text.dropFirst(2), as: UTF8.self)
      if !names.contains(name) { names.append(name) }
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
