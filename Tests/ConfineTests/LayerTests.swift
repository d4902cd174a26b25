import Glibc
import Testing

/// With every layer, and with what Docker's default profile leaves.
let modes: [[String]] = [[], ["--without", "namespaces"]]

@Suite struct LayerTests {
  @Test func `the probe names every layer, present or missing`() throws {
    let probe = try Confined(program: ["/nonexistent"], options: ["--probe"]).output
    for layer in ["pidns", "mntns", "netns", "ipcns", "utsns", "landlock", "seccomp", "rlimits"] {
      #expect(probe.contains(layer))
    }
    #expect(probe.hasPrefix("layers=") && probe.contains(" missing="))
  }

  @Test(arguments: modes)
  func `a program runs and its status is recorded`(mode: [String]) throws {
    let run = try Confined("exit", "7", options: mode)
    #expect(run.kind == "exit" && run.code == 7 && run.leftover == 0)
    #expect(run.layers.contains("seccomp") && run.layers.contains("rlimits"))
  }

  @Test(arguments: modes)
  func `a signal is told from an exit with 128 and more`(mode: [String]) throws {
    let signal = try Confined("signal", "6", options: mode)
    #expect(signal.kind == "signal" && signal.code == 6)
    let exit = try Confined("exit", "134", options: mode)
    #expect(exit.kind == "exit" && exit.code == 134)
  }

  @Test(arguments: modes)
  func `files outside can be neither read nor written nor changed`(mode: [String]) throws {
    let outside = try Scratch()
    let inside = try Scratch()
    let secret = outside.file("secret")
    chmod(secret, 0o666)
    let options = mode + ["--write", inside.path, "--cwd", inside.path]
    for attempt in [
      "read", "write", "truncate", "chmod", "chown", "touch", "setxattr", "unlink", "link",
      "rename",
    ] {
      let run = try Confined(attempt, secret, options: options)
      #expect(run.kind == "exit" && [EACCES, EPERM, EROFS, EXDEV].contains(run.code), "\(attempt)")
    }
    for attempt in ["mkdir", "mkfifo", "write"] {
      let run = try Confined(attempt, outside.path + "/new", options: options)
      #expect(run.kind == "exit" && [EACCES, EPERM, EROFS].contains(run.code), "\(attempt)")
    }
    #expect(access(outside.path + "/new", F_OK) != 0)
  }

  @Test(arguments: modes)
  func `what may be read can't be changed`(mode: [String]) throws {
    let lesson = try Scratch()
    let file = lesson.file("unit.so")
    chmod(file, 0o600)
    let options = mode + ["--read", lesson.path]
    #expect(try Confined("read", file, options: options).code == 0)
    for attempt in ["write", "truncate", "chmod", "fchmod", "touch", "unlink", "execute"] {
      let run = try Confined(attempt, file, options: options)
      #expect(run.kind == "exit" && [EACCES, EPERM, EROFS].contains(run.code), "\(attempt)")
    }
  }

  @Test(arguments: modes)
  func `a private folder of its user may be granted`(mode: [String]) throws {
    let scratch = try Scratch()  // mode 0700
    let options = mode + ["--write", scratch.path, "--cwd", scratch.path]
    #expect(try Confined("write", "new", options: options).code == 0)
    #expect(try Confined("touch-own", "new", options: options).code == 0)
    #expect(try Confined("mkdir", "folder", options: options).code == 0)
    #expect(access(scratch.path + "/folder", F_OK) == 0)
    #expect(try Confined("mkfifo", "pipe", options: options).code == EACCES)
  }

  @Test(arguments: modes, 0..<7)
  func `no socket of any family can be made`(mode: [String], family: Int) throws {
    #expect(try Confined("socket", "\(family)", options: mode).code == EPERM)
  }

  @Test(
    arguments: modes,
    ["unshare", "clone", "shmget", "tiocsti", "setuid", "raise-limits"])
  func `privileges can't be won`(mode: [String], attempt: String) throws {
    let run = try Confined(attempt, options: mode + ["--memory", "1000000000"])
    // An id that the user namespace doesn't have is invalid there.
    #expect(run.code == EPERM || attempt == "setuid" && run.code == EINVAL)
  }

  @Test(arguments: modes)
  func `other processes can't be signalled, traced or limited`(mode: [String]) throws {
    for attempt in ["kill", "trace", "prlimit"] {
      let run = try Confined(attempt, "\(getpid())", options: mode)
      #expect(run.kind == "exit" && [EPERM, ESRCH, EACCES].contains(run.code), "\(attempt)")
    }
    // The supervisor, where there is a namespace; else the machine's first process.
    let run = try Confined("kill", "1", options: mode)
    #expect(run.kind == "exit")
  }

  @Test(arguments: modes)
  func `only the given environment and descriptors arrive`(mode: [String]) throws {
    let options = mode + ["--env", "LANG=C.UTF-8", "--env", "EMPTY="]
    #expect(try Confined("environment", options: options).output == "LANG=C.UTF-8\nEMPTY=\n")
    #expect(try Confined("descriptors", options: options).output == "3\n")
  }

  @Test(arguments: modes)
  func `the status record can't be forged`(mode: [String]) throws {
    let run = try Confined("fake-status", options: mode)
    #expect(run.kind == "exit" && run.code == EBADF)
    #expect(run.status["layers"] != nil)
  }

  @Test func `a program that isn't there is told from one that failed`() throws {
    let run = try Confined(program: ["/nonexistent/program"], options: [])
    #expect(run.kind == "failed" && run.code == ENOENT)
  }
}
