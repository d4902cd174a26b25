internal import FoundationEssentials

/// What a cell shows besides what it prints.
public enum Display: Sendable, Codable, Equatable {
  /// A drawing.
  case figure(Figure)
  /// A table.
  case table(Table)
  /// How far the cell has come.
  case progress(ProgressReport)
}

/// Rows of text under column names.
public struct Table: Sendable, Codable, Equatable {
  /// What stands over it; may be empty.
  public var caption: String
  /// The names of the columns.
  public var columns: [String]
  /// Each as long as `columns`.
  public var rows: [[String]]

  /// Makes a table; every row has a text for each column.
  public init(
    _ caption: String, columns: [String], rows: [[String]], file: StaticString = #file,
    line: UInt = #line
  ) {
    (self.caption, self.columns, self.rows) = (caption, columns, rows)
    if let problem {
      refuse("the table '\(caption)' \(problem)", file, line)
    }
  }

  /// What keeps the table from being shown, as the rest of a sentence; nil where nothing does.
  public var problem: String? {
    if columns.isEmpty { return "has no columns" }
    guard let row = rows.first(where: { $0.count != columns.count }) else { return nil }
    return "has \(columns.count) columns but a row of \(row.count) texts"
  }
}

/// How far a long computation has come.
public struct ProgressReport: Sendable, Codable, Equatable {
  /// What is going on.
  public var title: String
  /// How many steps are done.
  public var done: Int
  /// How many there will be.
  public var total: Int
  /// Such as `loss 0.31`.
  public var note: String
  /// Seconds until the end, as far as one can tell.
  public var secondsLeft: Double?
}

/// Shows a figure under the cell.
public func display(_ figure: Figure) {
  DisplayChannel.send(.figure(figure))
}

/// Shows a table under the cell.
public func display(_ table: Table) {
  DisplayChannel.send(.table(table))
}

/// The line that a cell's displays travel on to whoever runs it, apart from what the cell prints.
enum DisplayChannel {
  /// Sends one display; where nobody listens, it is lost.
  static func send(_ display: Display) {
    guard let descriptor, let text = try? JSONEncoder().encode(display) else { return }
    descriptor.write(Array(text) + [UInt8(ascii: "\n")])
  }

  /// Nil where the program isn't run by the runner.
  private static var descriptor: DisplayDescriptor? { DisplayDescriptor() }
}
