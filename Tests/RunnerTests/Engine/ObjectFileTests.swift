import Testing

@testable import Runner

/// What is read out of object files, on ones made here.
@Suite struct ObjectFileTests {
  /// An object file of named sections, the last of which holds their names.
  private func object(_ sections: [(name: String, bytes: [UInt8])], count: UInt16? = nil) -> [UInt8]
  {
    func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
      (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    }
    var names: [UInt8] = [0]
    var starts: [Int] = []
    for name in sections.map(\.name) + [".shstrtab"] {
      starts.append(names.count)
      names += Array(name.utf8) + [0]
    }
    var file = [UInt8](repeating: 0, count: 64)
    var headers = [UInt8](repeating: 0, count: 64)
    for (start, content) in zip(starts, sections.map(\.bytes) + [names]) {
      headers +=
        bytes(UInt32(start)) + [UInt8](repeating: 0, count: 20) + bytes(UInt64(file.count))
        + bytes(UInt64(content.count)) + [UInt8](repeating: 0, count: 24)
      file += content
    }
    let total = sections.count + 2
    if count == 0 { headers.replaceSubrange(0x20..<0x28, with: bytes(UInt64(total))) }
    file.replaceSubrange(0..<4, with: [0x7f] + Array("ELF".utf8))
    file.replaceSubrange(0x28..<0x30, with: bytes(UInt64(file.count)))
    file.replaceSubrange(0x3c..<0x3e, with: bytes(count ?? UInt16(total)))
    file.replaceSubrange(0x3e..<0x40, with: bytes(UInt16(total - 1)))
    return file + headers
  }

  private let links = (
    name: ".swift1_autolink_entries", bytes: Array("-lswiftCore\0-lFoundation\0-lswiftCore\0".utf8)
  )

  @Test func `libraries are those that the compiler asks for, each once`() {
    // A text of the lesson's own looks the same and is none.
    let data = (name: ".rodata", bytes: Array("\0-lother\0".utf8))
    #expect(
      ObjectFile(object([data, links])).requestedLibraries == ["swiftCore", "Foundation"])
    #expect(ObjectFile(object([data])).requestedLibraries.isEmpty)
  }

  @Test func `more sections than the file header can count are found`() {
    #expect(
      ObjectFile(object([links], count: 0)).requestedLibraries == ["swiftCore", "Foundation"])
  }

  @Test func `a cut file asks for nothing`() {
    let whole = object([links])
    // Nothing is read of the last 24 bytes of a header.
    for count in 0...whole.count - 25 {
      #expect(ObjectFile(Array(whole.prefix(count))).requestedLibraries.isEmpty)
    }
  }

  @Test func `an entry that waits is known by the runtime's function`() {
    let waiting = (name: ".strtab", bytes: Array("\0swift_task_asyncMainDrainQueue\0".utf8))
    #expect(ObjectFile(object([waiting])).waitsAtTopLevel)
    #expect(!ObjectFile(object([links])).waitsAtTopLevel)
    #expect(!ObjectFile([]).waitsAtTopLevel)
  }
}
