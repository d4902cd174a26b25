import ArgumentParser
import Runner

/// Which promises `--accept` rewrites.
enum AcceptTarget: ExpressibleByArgument, CustomStringConvertible {
  case everything
  case cell(lesson: String, id: String)

  init?(argument: String) {
    let parts = argument.split(separator: "#", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    self = .cell(lesson: parts[0], id: parts[1])
  }

  var description: String {
    switch self {
    case .everything: "every cell"
    case .cell(let lesson, let id): "\(lesson)#\(id)"
    }
  }

  func includes(_ report: LessonReport, _ cell: CellReport) -> Bool {
    switch self {
    case .everything: true
    case .cell(let lesson, let id):
      cell.cell.id == id && (report.slug == lesson || report.path == lesson)
    }
  }
}

/// Rewrites lesson files after a verification: the only place that does.
struct Acceptance {
  var target: AcceptTarget
  var style: Style

  /// Rewrites the promises that were not met, tells which, and returns how the command ends.
  func apply(to reports: [LessonReport]) -> ExitCode {
    var isPassing = true
    var isFound = false
    for report in reports {
      let chosen = report.cells.filter { target.includes(report, $0) }
      if !chosen.isEmpty { isFound = true }
      let rewritten = rewrite(report, chosen)
      let rest = report.cells.filter {
        $0.verdict.status != .pass && !rewritten.contains($0.cell.id)
      }
      if !rest.isEmpty || !report.errors.isEmpty { isPassing = false }
    }
    if !isFound, case .cell = target {
      return Failure.usage(
        Course.SelectionError(
          message: "'\(target)' is none of the cells that ran",
          help: "write the lesson's slug, '#' and the cell's id, and select that lesson"))
    }
    return isPassing ? .success : .failure
  }

  private func rewrite(_ report: LessonReport, _ chosen: [CellReport]) -> [String] {
    guard let lesson = try? LessonParser.parse(path: report.path, bytes: report.bytes) else {
      return []
    }
    let outcomes = Dictionary(
      uniqueKeysWithValues: chosen.filter { $0.verdict.status != .pass }
        .map { ($0.cell.index, $0.outcome) })
    let result = Accept.rewriting(lesson, outcomes: outcomes)
    let source = SourceText(report.bytes)
    for refusal in result.refusals {
      Failure.say(DiagnosticRenderer.text(refusal, path: report.path, source: source))
    }
    guard !result.rewritten.isEmpty else { return [] }
    guard report.path.hasSuffix(".md") else {
      Failure.say("\(report.path): error: only Markdown lessons can be rewritten\n")
      return []
    }
    do {
      guard try LessonFile.read(path: report.path) == report.bytes else {
        Failure.say(
          "\(report.path): error: the file changed while its cells ran; nothing is written\n")
        return []
      }
      try FileSystem.replace(report.path, with: result.bytes)
    } catch {
      Failure.say("\(report.path): error: the file can't be written: \(error)\n")
      return []
    }
    let names = result.rewritten.joined(separator: ", ")
    Output.write("accepted \(TerminalText.escaped(report.path)): \(names)\n")
    return result.rewritten
  }
}
