/// Makes a stream of output safe to show while it arrives: pieces may end inside a character.
package struct OutputEscaper: Sendable {
  private var rest: [UInt8] = []

  package init() {}

  /// Returns what can be shown after some more bytes.
  package mutating func take(_ bytes: some Collection<UInt8>) -> String {
    rest += bytes
    let complete = rest.count - unfinishedTail
    let text = TerminalText.escaped(rest[..<complete])
    rest.removeFirst(complete)
    return text
  }

  /// Returns what is left at the end.
  package mutating func finish() -> String {
    defer { rest = [] }
    return TerminalText.escaped(rest)
  }

  /// How many bytes at the end begin a character that the next piece may complete.
  private var unfinishedTail: Int {
    for length in 1...3 where rest.count >= length {
      let byte = rest[rest.count - length]
      if byte & 0b1100_0000 == 0b1000_0000 { continue }
      let needed = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1
      return needed > length ? length : 0
    }
    return 0
  }
}
