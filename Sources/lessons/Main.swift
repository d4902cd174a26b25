import ArgumentParser
import CWorker
import Runner

// Cells are loaded into this executable and use these modules' code.
import LessonKit
import Math

@main
enum Main {
  static func main() async {
    // Threads inherit which signals are blocked: this comes before there are any.
    Interruption.blockSignals()
    // The worker forks, so nothing may have created a thread before it either.
    if CommandLine.arguments.dropFirst().first == Session.workerArgument {
      worker_main(Session.workerControl)
    }
    await Lessons.main()
  }
}
