/// What the engine needs to know of an object file in ELF's 64-bit little-endian form.
struct ObjectFile {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The libraries that the compiler wants linked: it leaves them as `-lname` texts.
  var requestedLibraries: [String] {
    var names: [String] = []
    for text in section(named: ".swift1_autolink_entries").split(separator: 0)
    where text.starts(with: "-l".utf8) {
      let name = String(decoding: text.dropFirst(2), as: UTF8.self)
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// True where the cell's top level waits for asynchronous work: its entry then never returns.
  var waitsAtTopLevel: Bool {
    section(named: ".strtab").split(separator: 0).contains {
      $0.elementsEqual("swift_task_asyncMainDrainQueue".utf8)
    }
  }

  /// The bytes of a section; none where the file hasn't such a one.
  private func section(named name: String) -> ArraySlice<UInt8> {
    // Offsets as in the ELF specification: the file header, then a header of 64 bytes a section.
    guard bytes.starts(with: [0x7f] + "ELF".utf8), let table = integer(at: 0x28, size: 8),
      var count = integer(at: 0x3c, size: 2), var namesIndex = integer(at: 0x3e, size: 2)
    else { return [] }
    // Numbers too large for the file header stand in the first section's.
    if count == 0 { count = integer(at: table + 0x20, size: 8) ?? 0 }
    if namesIndex == 0xffff { namesIndex = integer(at: table + 0x28, size: 4) ?? 0 }
    let names = contents(ofHeader: table + 64 * namesIndex)
    for index in 0..<count {
      let header = table + 64 * index
      guard let start = integer(at: header, size: 4), start < names.count else { return [] }
      let found = names.dropFirst(start).prefix { $0 != 0 }
      if found.elementsEqual(name.utf8) { return contents(ofHeader: header) }
    }
    return []
  }

  private func contents(ofHeader header: Int) -> ArraySlice<UInt8> {
    guard let offset = integer(at: header + 0x18, size: 8),
      let size = integer(at: header + 0x20, size: 8), offset <= bytes.count,
      size <= bytes.count - offset
    else { return [] }
    return bytes[offset..<offset + size]
  }

  /// An unsigned number of the file; nil where it isn't one we can count to.
  private func integer(at offset: Int, size: Int) -> Int? {
    guard offset >= 0, offset <= bytes.count - size else { return nil }
    let value = bytes[offset..<offset + size].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return value < 1 << 40 ? Int(value) : nil
  }
}
