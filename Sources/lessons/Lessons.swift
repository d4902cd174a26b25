import ArgumentParser
import Runner

/// The command: one subcommand a verb, each arguments in, one call, an exit status.
struct Lessons: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lessons",
    abstract: "Read, run and check Markdown lessons whose Swift cells really run.",
    discussion: """
      A lesson is named by its slug (01-cosine), by a path to any Markdown file, or by a folder.

      Exit status: 0 everything is as promised; 1 something differs or fails; 2 this machine can't run \
      lessons; 64 wrong usage; 130 interrupted.
      """,
    version: RunnerVersion.text,
    subcommands: [List.self, Read.self, Run.self, Verify.self, Render.self, Doctor.self])
}
