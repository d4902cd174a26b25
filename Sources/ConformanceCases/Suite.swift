import Glibc
import Math

extension Replay {
  /// Runs all cases in child processes, so that a crash fails one case and not the rest.
  ///
  /// - Parameter report: Called with each case and its verdict, in order.
  public static func run(_ cases: [Case], _ report: (Case, Verdict) -> Void) {
    var next = 0
    while next < cases.count {
      var ends: [Int32] = [0, 0]
      guard pipe(&ends) == 0 else { return }
      fflush(nil)
      let child = fork()
      if child == 0 {
        close(ends[0])
        // Refusals of calls that should have worked end the child; what they say is not shown.
        work(cases[next...], ends[1])
      }
      close(ends[1])
      for line in lines(from: ends[0]) {
        guard next < cases.count else { break }
        report(cases[next], verdict(line))
        next += 1
      }
      close(ends[0])
      var status: Int32 = 0
      waitpid(child, &status, 0)
      // 40: a refusal, already reported.
      if next < cases.count && status != 0 && (status >> 8) & 0xFF != 40 {
        report(cases[next], .failed("crashed by signal \(status & 0x7F)"))
        next += 1
      }
    }
  }

  private static func work(_ cases: ArraySlice<Case>, _ out: Int32) -> Never {
    defaultDType = .f64
    onRefusal = { message in
      send("frefused: \(message)\n", out)
      _exit(40)
    }
    for test in cases {
      let line: String
      switch test.mustRefuse ? runRefusal(test) : run(test) {
      case .passed: line = "p\n"
      case .failed(let why): line = "f" + why.split(separator: "\n").joined(separator: " ") + "\n"
      case .skipped(let why): line = "s" + why + "\n"
      }
      send(line, out)
    }
    _exit(0)
  }

  private static func send(_ line: String, _ out: Int32) {
    let bytes = Array(line.utf8)
    var done = 0
    while done < bytes.count {
      let n = bytes[done...].withUnsafeBytes { write(out, $0.baseAddress, $0.count) }
      if n <= 0 { _exit(1) }
      done += n
    }
  }

  private static func verdict(_ line: [UInt8]) -> Verdict {
    let text = String(decoding: line.dropFirst(), as: UTF8.self)
    switch line.first {
    case UInt8(ascii: "p"): return .passed
    case UInt8(ascii: "s"): return .skipped(text)
    default: return .failed(text)
    }
  }

  /// Complete lines as they arrive, until the other end closes.
  private static func lines(from file: Int32) -> AnyIterator<[UInt8]> {
    var held: [UInt8] = []
    var start = 0
    var buffer = [UInt8](repeating: 0, count: 65_536)
    return AnyIterator {
      while true {
        if let end = held[start...].firstIndex(of: 10) {
          defer { start = end + 1 }
          return Array(held[start..<end])
        }
        held.removeFirst(start)
        start = 0
        let n = buffer.withUnsafeMutableBytes { read(file, $0.baseAddress, $0.count) }
        if n <= 0 { return nil }
        held += buffer[..<n]
      }
    }
  }
}
