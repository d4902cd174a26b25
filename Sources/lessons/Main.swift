import ArgumentParser
import CWorker
import Runner

// Cells are loaded into this executable and use these modules' code.
import LessonKit
import Math

@main
enum Main {
  static func main() async {
    // The worker comes first: it forks, so nothing may have created a thread.
    if CommandLine.arguments.dropFirst().first == Session.workerArgument {
      worker_main(Session.workerControl)
    }
    await Lessons.main()
  }
}
