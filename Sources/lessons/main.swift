import CWorker
import Glibc
import LessonKit
import Math
import Runner

// The worker branch comes first: nothing may create a thread before it.
if CommandLine.arguments.dropFirst().first == Session.workerArgument { worker_main(3) }
let interruption = try Interruption()
let engine = try Engine(executable: "/proc/self/exe", interruption: interruption)
let path = CommandLine.arguments[1]
let lesson = try LessonParser.parse(path: path, bytes: LessonFile.read(path: path))
let outcomes = await LessonRun.run(lesson, with: engine, report: { event in
  switch event {
  case .cellStarted(let i): print("-- cell", i + 1)
  case .output(_, let stream, let bytes): print(stream, String(decoding: bytes, as: UTF8.self))
  case .cellEnded(_, let outcome): print(outcome.ending, outcome.position as Any, outcome.duration, outcome.compileDuration, outcome.isCached, outcome.diagnostics.map(\.message))
  }
})
