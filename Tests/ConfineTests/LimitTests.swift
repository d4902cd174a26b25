import Glibc
import Testing

@Suite(.serialized) struct LimitTests {
  @Test(arguments: modes)
  func `a wall clock ends what sleeps`(mode: [String]) throws {
    let run = try Confined("sleep", "30", options: mode + ["--wall-ms", "200"])
    #expect(run.kind == "timeout")
    #expect((200..<10_000).contains(run.milliseconds))
  }

  @Test(arguments: modes)
  func `a processor limit ends what computes`(mode: [String]) throws {
    let run = try Confined("spin", options: mode + ["--cpu-s", "1", "--wall-ms", "20000"])
    #expect(run.kind == "signal" && run.code == SIGXCPU)
  }

  @Test(arguments: modes)
  func `memory beyond the limit is refused`(mode: [String]) throws {
    let options = mode + ["--memory", "\(256 << 20)"]
    #expect(try Confined("memory", "100", options: options).code == 0)
    #expect(try Confined("memory", "300", options: options).code == ENOMEM)
  }

  @Test(arguments: modes)
  func `a file ends at the limit`(mode: [String]) throws {
    let scratch = try Scratch()
    let options = mode + ["--write", scratch.path, "--file-size", "\(32 << 20)"]
    let run = try Confined("megabytes", scratch.path + "/file", options: options)
    #expect(run.kind == "signal" && run.code == SIGXFSZ)
  }

  @Test(arguments: modes)
  func `open files are counted`(mode: [String]) throws {
    let options = mode + ["--open-files", "64"]
    #expect(try Confined("open", "40", options: options).code == 0)
    #expect(try Confined("open", "100", options: options).code == EMFILE)
  }

  @Test func `processes are counted, for root too`() throws {
    let options = ["--processes", "16"]
    let few = try Confined("fork", "10", options: options)
    #expect(few.code == 0 && few.leftover == 10)
    let many = try Confined("fork", "100", options: options)
    #expect(many.code == EAGAIN && (10...17).contains(many.leftover))
    #expect(try Confined("threads", "100", options: options).code == EAGAIN)
  }

  @Test(arguments: modes)
  func `a fork bomb ends, and nothing of it stays`(mode: [String]) throws {
    let options = mode + ["--processes", "64", "--wall-ms", "500"]
    let mark = Mark()
    let run = try Confined("fork-bomb", mark.text, options: options)
    #expect(run.kind == "timeout")
    #expect(run.milliseconds < 20_000)
    #expect(mark.vanishes())
  }

  @Test(arguments: modes)
  func `a daemon is counted and killed`(mode: [String]) throws {
    let mark = Mark()
    let run = try Confined("daemon", "60", mark.text, options: mode)
    #expect(run.kind == "exit" && run.leftover == 1)
    #expect(run.milliseconds < 20_000)
    #expect(mark.vanishes())
  }

  @Test(arguments: modes)
  func `termination kills, reports and ends`(mode: [String]) throws {
    let mark = Mark()
    let run = try Confined.start(mode + ["--", Confined.hostile, "sleep", "60", mark.text])
    #expect(mark.appears())
    kill(run.process, SIGTERM)
    #expect(Confined.text(of: run.status).hasPrefix("kind=cancelled "))
    close(run.output)
    waitpid(run.process, nil, 0)
    #expect(mark.vanishes())
  }

  @Test(arguments: modes)
  func `it ends when nobody reads its status any more`(mode: [String]) throws {
    let mark = Mark()
    let run = try Confined.start(mode + ["--", Confined.hostile, "sleep", "60", mark.text])
    #expect(mark.appears())
    close(run.status)
    close(run.output)
    waitpid(run.process, nil, 0)
    #expect(mark.vanishes())
  }

  @Test(arguments: modes)
  func `killing the launcher strands nothing`(mode: [String]) throws {
    let mark = Mark()
    let run = try Confined.start(mode + ["--", Confined.hostile, "sleep", "60", mark.text])
    #expect(mark.appears())
    kill(run.process, SIGKILL)
    waitpid(run.process, nil, 0)
    // The output's end comes when its last writer is gone.
    _ = Confined.text(of: run.output)
    close(run.status)
    #expect(mark.vanishes())
  }

  @Test(arguments: modes)
  func `a stack overflow is a plain fault`(mode: [String]) throws {
    let run = try Confined("overflow", "x", options: mode)
    #expect(run.kind == "signal" && run.code == SIGSEGV)
  }
}
