import ArgumentParser
import Runner

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "List the lessons of the course.")

  @OptionGroup var options: CourseOptions

  func run() throws {
    let course: Course
    do { course = try options.course() } catch { throw Failure.usage(error) }
    guard !course.paths.isEmpty else {
      throw Failure.usage(
        Course.SelectionError(
          message: "'\(course.directory)' holds no lessons",
          help: "lessons are named NN-slug.md, such as 01-cosine.md"))
    }
    Output.write(ListText(style: options.style()).text(of: course))
  }
}
