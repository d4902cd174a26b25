/// The names that failed cells would have declared, to tell a cell that needs one of them from a cell
/// with a mistake of its own.
struct MissingNames {
  /// The first cell that should have declared a name.
  private var origins: [String: Cell] = [:]

  mutating func add(_ cell: Cell) {
    for name in SwiftOutline(of: cell.source).declaredNames where origins[name] == nil {
      origins[name] = cell
    }
  }

  /// Why a refused cell can't run, where its errors are about a missing name.
  func reason(for messages: [CompilerMessage], in cell: Cell) -> String? {
    for message in messages where message.severity == .error {
      for name in Self.quoted(in: message.text) {
        if let origin = origins[name], origin.index < cell.index {
          return
            "it needs '\(name)' from \(origin.id) (line \(origin.span.start.line)), which failed"
        }
      }
    }
    return nil
  }

  /// The names that a message puts between single quotes, where it says that something is not there.
  private static func quoted(in text: String) -> [String] {
    guard text.hasPrefix("cannot find ") || text.contains(" has no member ") else { return [] }
    let parts = text.split(separator: "'", omittingEmptySubsequences: false)
    return stride(from: 1, to: parts.count, by: 2).map { String(parts[$0]) }
  }
}
