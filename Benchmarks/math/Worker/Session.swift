import Glibc
import Math
import MathWorkloads

/// Answers the questions of the driver, in the protocol of `Benchmarks/README.md`.
struct Session {
  private let workloads = allWorkloads()
  private var ready: [String: Prepared] = [:]

  /// The answer to one line.
  mutating func answer(_ words: [String]) -> String {
    switch words[0] {
    case "LIST": return workloads.map(\.name).joined(separator: " ")
    case "DROP":
      if words.count > 1 { ready[words[1]] = nil }
      trimMemory()
      return "OK"
    case "FAULTS":
      guard words.count == 3, let runs = Int(words[2]), runs > 0, let work = prepared(words[1])
      else { return "FAULTS NONE" }
      return "FAULTS \(work.faults(runs))"
    default:
      guard var work = prepared(words[0]) else { return "\(words[0]) NONE" }
      let result = work.sample(words.count > 1 ? Double(words[1]) ?? 0.2 : 0.2)
      ready[words[0]] = work
      return "\(words[0]) \(result.mean) \(result.best) \(result.runs)"
    }
  }

  private mutating func prepared(_ name: String) -> Prepared? {
    if let known = ready[name] { return known }
    let made = workloads.first { $0.name == name }.map { Prepared($0) }
    ready[name] = made
    return made
  }
}

/// What is ready to be timed, and about how long one run takes.
private struct Prepared {
  let run: () -> Void
  var duration: Double

  init(_ workload: Workload) {
    run = workload.prepare()
    run()
    run()
    let start = seconds(CLOCK_MONOTONIC)
    run()
    duration = Swift.max(seconds(CLOCK_MONOTONIC) - start, 1e-9)
  }

  /// Runs for so long, in blocks of about 10 ms.
  ///
  /// With one thread a block takes the smaller of wall
  /// time and processor time, which leaves out what other processes took.
  mutating func sample(_ length: Double) -> (mean: Double, best: Double, runs: Int) {
    let perBlock = Swift.max(1, Int(0.01 / duration))
    let blocks = Swift.max(1, Int(length / duration) / perBlock)
    var (total, best) = (0.0, Double.infinity)
    for _ in 0..<blocks {
      let (cpu, wall) = (seconds(CLOCK_PROCESS_CPUTIME_ID), seconds(CLOCK_MONOTONIC))
      for _ in 0..<perBlock { run() }
      var time = seconds(CLOCK_MONOTONIC) - wall
      if Math.threads == 1 { time = Swift.min(time, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) }
      time /= Double(perBlock)
      total += time
      best = Swift.min(best, time)
    }
    duration = Swift.max(best, 1e-9)
    return (total / Double(blocks), best, blocks * perBlock)
  }

  /// Page faults a run, over so many runs after two.
  func faults(_ runs: Int) -> Double {
    for _ in 0..<2 { run() }
    let before = pageFaults()
    for _ in 0..<runs { run() }
    return Double(pageFaults() - before) / Double(runs)
  }
}

private func seconds(_ clock: clockid_t) -> Double {
  var time = timespec()
  clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

private func pageFaults() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_minflt
}
