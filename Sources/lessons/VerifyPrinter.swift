import Runner

/// Tells of a verification as it goes: finished lessons in their order, and a progress line on a
/// terminal.
struct VerifyPrinter {
  private let paths: [String]
  private let text: RunText
  private let isTextual: Bool
  private let showsProgress: Bool
  private var ended: [String: LessonReport] = [:]
  private var shown = 0
  private var running: [String: String] = [:]

  init(paths: [String], text: RunText, isTextual: Bool, showsProgress: Bool) {
    self.paths = paths
    self.text = text
    self.isTextual = isTextual
    self.showsProgress = showsProgress
  }

  mutating func take(_ event: Verification.Event) {
    switch event {
    case .lessonStarted(let path): running[path] = ""
    case .lesson(let path, .cellStarted(let index)):
      running[path] = " cell \(index + 1)"
      progress()
    case .lesson: break
    case .lessonEnded(let report):
      running[report.path] = nil
      ended[report.path] = report
      clear()
      show()
      progress()
    }
  }

  mutating func finish() {
    clear()
    // A run that stopped early left gaps.
    for path in paths[shown...] {
      if let report = ended[path], isTextual { Output.write(text.lessonEnd(report)) }
    }
    shown = paths.count
  }

  private mutating func show() {
    while shown < paths.count, let report = ended[paths[shown]] {
      if isTextual { Output.write(text.lessonEnd(report)) }
      shown += 1
    }
  }

  private func progress() {
    guard showsProgress else { return }
    let names = running.sorted { $0.key < $1.key }
      .map { FileSystem.name(of: TerminalText.escaped($0.key)) + $0.value }
    let line = "\(ended.count)/\(paths.count)  " + names.joined(separator: ", ")
    Failure.say("\r\u{1B}[K" + line.prefix(max(text.width - 1, 10)))
  }

  private func clear() {
    if showsProgress { Failure.say("\r\u{1B}[K") }
  }
}
