internal import FoundationEssentials
package import LessonKit

/// Reads what a cell displayed.
package enum DisplayReader {
  /// Returns the figures and tables among lines of JSON, in order.
  ///
  /// A line that is none, or that holds what can't be drawn, is left out: `display(…)` writes none such.
  package static func displays(in lines: [UInt8]) -> [Display] {
    lines.split(separator: UInt8(ascii: "\n")).compactMap { line in
      switch display(in: line) {
      case .figure(let figure) where figure.problem == nil: .figure(figure)
      case .table(let table) where table.problem == nil: .table(table)
      default: nil
      }
    }
  }

  /// Returns the latest progress among lines of JSON; the last one may be cut.
  package static func progress(in lines: ArraySlice<UInt8>) -> ProgressReport? {
    for line in lines.split(separator: UInt8(ascii: "\n")).reversed() {
      if case .progress(let report) = display(in: line) { return report }
    }
    return nil
  }

  private static func display(in line: ArraySlice<UInt8>) -> Display? {
    try? JSONDecoder().decode(Display.self, from: Data(line))
  }
}
