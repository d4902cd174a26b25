/// What a failure reads like in a `diagnostics` fence.
///
/// A compiler's errors stand one a line, as `error: message`, or as `line:column: error: message` counted
/// from the cell's first line, if one of the fence's lines begins so. Warnings and notes appear only where
/// the fence speaks of some. The message of a trap or of a thrown error stands as it is.
enum PromisedFailure {
  /// Returns the text to hold against the cell's `diagnostics` fence, or nil where the cell didn't fail as
  /// promised.
  static func text(of outcome: CellOutcome, for cell: Cell) -> String? {
    switch (cell.options.ending, outcome.ending) {
    case (.throws, .uncaughtError(let message)), (.traps, .trapped(let message)): message
    case (.compileFail, .compileError): compilerText(outcome.diagnostics, for: cell)
    default: nil
    }
  }

  private static func compilerText(_ diagnostics: [Diagnostic], for cell: Cell) -> String {
    let fence = cell.expectedDiagnostics?.text ?? ""
    let lines = fence.split(separator: "\n")
    let hasPositions = lines.contains(where: beginsWithPosition)
    let shown = diagnostics.filter { diagnostic in
      diagnostic.severity == .error
        || lines.contains { $0.contains("\(diagnostic.severity.rawValue): ") }
    }
    return shown.map { diagnostic in
      let message = diagnostic.message.split(separator: "\n").joined(separator: " ")
      let text = "\(diagnostic.severity.rawValue): \(message)"
      guard hasPositions else { return text + "\n" }
      let position = cell.codePosition(of: diagnostic.position)
      return "\(position.line):\(position.column): \(text)\n"
    }.joined()
  }

  private static func beginsWithPosition(_ line: Substring) -> Bool {
    let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    return parts.count == 3
      && parts.prefix(2).allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(Ascii.isDigit) }
  }
}

extension Cell {
  /// Returns where in the cell's code a position of the Markdown file stands.
  package func codePosition(of position: SourcePosition) -> SourcePosition {
    guard let index = lineStarts.lastIndex(where: { $0.line <= position.line }) else {
      return SourcePosition(line: 1)
    }
    let column = position.column - lineStarts[index].column + 1
    return SourcePosition(line: index + 1, column: max(column, 1))
  }
}
