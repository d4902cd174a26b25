import ArgumentParser
import Glibc
import Runner

struct Read: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show a lesson in the terminal: its text, formulas, code and promised outputs.",
    discussion: """
      Nothing runs: figures are those that the cells drew when 'run' or 'render' last ran them. On a \
      terminal the text goes through $PAGER, or 'less -R' where that is not set; anywhere else it is \
      plain.
      """)

  @Argument(help: "A slug such as 01-cosine, or a path to any Markdown file.")
  var lesson: String

  @Flag(help: "Show hints and solutions, which are folded otherwise.")
  var unfold = false

  @Flag(help: "Let the terminal open links, instead of showing their addresses.")
  var links = false

  @Flag(inversion: .prefixedNo, help: "Show a text that is longer than the screen page by page.")
  var pager = true

  @OptionGroup var width: WidthOption
  @OptionGroup var options: CourseOptions

  func run() throws {
    let paths: [String]
    do {
      paths = try Selection.paths([lesson]) { () throws(Course.SelectionError) in
        try options.course()
      }
    } catch { throw Failure.usage(error) }
    let isTerminal = isatty(STDOUT_FILENO) != 0
    var renderer = LessonText(
      style: options.style(), width: width.columns, isLinking: links && isTerminal,
      unfolds: unfold)
    renderer.foldsCode = isTerminal
    var texts: [String] = []
    for path in paths {
      do {
        let lesson = try LessonParser.parse(path: path, bytes: LessonFile.read(path: path))
        var renderer = renderer
        renderer.displays = OutcomeStore().displays(of: path)
        texts.append(renderer.text(of: lesson))
      } catch {
        Failure.say(
          DiagnosticRenderer.text(error, bytes: (try? LessonFile.read(path: path)) ?? []))
        throw ExitCode.failure
      }
    }
    let text = texts.joined(separator: "\n\n")
    if isTerminal, pager, text.utf8.count(where: { $0 == 10 }) >= Terminal.height {
      Pager.show(text)
    } else {
      Output.write(text)
    }
  }
}

/// The program that shows long texts page by page.
enum Pager {
  /// Shows a text in the pager; prints it where there is none.
  static func show(_ text: String) {
    let command = environmentVariable("PAGER").flatMap { $0.isEmpty ? nil : $0 } ?? "less -R"
    // Without a UTF-8 locale less would show bytes; whoever set this knows better.
    setenv("LESSCHARSET", "utf-8", 0)
    // A pager that is left early leaves a pipe without a reader.
    signal(SIGPIPE, SIG_IGN)
    guard let pipe = popen(command, "w") else { return Output.write(text) }
    fputs(text, pipe)
    let status = pclose(pipe)
    // 127: the shell found no such program.
    if status >> 8 & 0xFF == 127 { Output.write(text) }
  }
}
