/// Finds the line of a lesson that a failed cell was at, from return addresses.
struct CrashLocator {
  /// A place in a cell's code.
  struct Place: Equatable {
    var cell: String
    var line: Int
    var column: Int
    /// What the compiler named the check that failed here, such as "arithmetic overflow".
    var runtimeFailure: String?
  }

  var toolchain: Toolchain
  var installation: Installation
  var loaded: [LoadedUnit]

  /// How a check that traps without a word is named in debug information.
  private static let failurePrefix = "Swift runtime failure: "

  /// Returns the innermost of the frames that stands in a cell.
  ///
  /// - Parameter areReturnAddresses: True where even the first frame is an address to return to, which
  ///   lies behind its call.
  func place(of frames: [UInt64], areReturnAddresses: Bool, cells: Set<String>) -> Place? {
    place(of: frames, areReturnAddresses, cells, around: [0])
      ?? place(of: frames, areReturnAddresses, cells, around: Self.neighbourhood)
  }

  /// What the compiler adds, such as the steps of a loop, stands on no line of its own: code close to it
  /// does.
  private static let neighbourhood = Array(stride(from: UInt64(4), through: 96, by: 4))

  private func place(
    of frames: [UInt64], _ areReturnAddresses: Bool, _ cells: Set<String>,
    around distances: [UInt64]
  ) -> Place? {
    for (index, frame) in frames.enumerated() {
      let address = index > 0 || areReturnAddresses ? frame &- 1 : frame
      guard
        let unit = loaded.filter({ $0.base > 0 && $0.base <= address }).max(by: {
          $0.base < $1.base
        }),
        address - unit.base < Self.largestUnit,
        let place = symbolize(
          distances.map { (address - unit.base) &- $0 }, in: unit.unit, cells: cells)
      else { continue }
      return place
    }
    return nil
  }

  /// Addresses further from a unit's base belong to other libraries.
  private static let largestUnit: UInt64 = 64 << 20

  /// Returns the first place of a cell that some offsets into a unit stand for.
  private func symbolize(_ offsets: [UInt64], in unit: Unit, cells: Set<String>) -> Place? {
    let command = Command(
      toolchain.symbolizer,
      [
        "--obj=\(unit.libraryPath)", "--inlines", "--functions=linkage", "--basenames",
      ] + offsets.map { "0x" + String($0, radix: 16) }, environment: ["LANG=C.UTF-8"])
    // It reads what the compiler made of foreign text.
    var confinement = Confinement(launcher: installation.launcher, limits: .compiler)
    confinement.executable = [toolchain.root]
    confinement.readable = FileSystem.parent(of: unit.libraryPath).map { [$0] } ?? []
    guard
      let run = try? ToolRun.run(
        command, within: .seconds(10), interruption: nil, confinement: confinement),
      run.end == .status(.exited(0))
    else { return nil }
    return Self.parse(String(decoding: run.output, as: UTF8.self), cells: cells)
  }

  /// Reads pairs of lines, a function and a `file:line:column`, innermost first.
  static func parse(_ text: String, cells: Set<String>) -> Place? {
    let lines = text.split(separator: "\n").map(String.init)
    var failure: String?
    for (function, place) in zip(lines, lines.dropFirst()).enumerated()
      .filter({ $0.offset.isMultiple(of: 2) }).map(\.element)
    {
      if function.hasPrefix(failurePrefix) {
        failure = String(function.dropFirst(failurePrefix.count))
      }
      let parts = place.split(separator: ":")
      if parts.count >= 3, let line = Int(parts[parts.count - 2]), line > 0 {
        let file = parts.dropLast(2).joined(separator: ":")
        if cells.contains(file) {
          return Place(
            cell: file, line: line, column: max(Int(parts[parts.count - 1]) ?? 1, 1),
            runtimeFailure: failure)
        }
      }
    }
    return nil
  }
}
