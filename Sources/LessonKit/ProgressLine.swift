/// A line that says how far a long computation has come, apart from what the cell prints.
///
///     var progress = ProgressLine("training", of: epochs)
///     for _ in 1...epochs {
///       …
///       progress.advance("loss \(loss)")
///     }
///
/// Whoever runs the cell shows the line while it runs; nothing of it is part of the output.
public struct ProgressLine {
  private var report: ProgressReport
  private let start = ContinuousClock.now
  private var shown: ContinuousClock.Instant?

  /// Begins a line.
  ///
  /// - Parameters:
  ///   - title: What is going on, such as `training`.
  ///   - total: How many steps there will be.
  public init(_ title: String, of total: Int) {
    report = ProgressReport(title: title, done: 0, total: max(total, 1), note: "")
  }

  /// Says that one more step is done.
  ///
  /// - Parameter note: What to show beside the count, such as the loss.
  public mutating func advance(_ note: @autoclosure () -> String = "") {
    report.done += 1
    let now = ContinuousClock.now
    // Ten lines a second are as many as anyone reads.
    if let shown, now - shown < .milliseconds(100), report.done < report.total { return }
    shown = now
    report.note = note()
    let spent = (now - start) / .seconds(1)
    report.secondsLeft = spent * Double(report.total - report.done) / Double(report.done)
    DisplayChannel.send(.progress(report))
  }
}
