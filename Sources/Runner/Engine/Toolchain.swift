internal import Glibc

/// Where the Swift toolchain keeps the three programs and the files that the engine needs.
package struct Toolchain: Sendable {
  /// The toolchain's `usr` directory.
  package var root: String

  package var frontend: String { "\(root)/bin/swift-frontend" }
  package var linker: String { "\(root)/bin/ld.lld" }
  package var symbolizer: String { "\(root)/bin/llvm-symbolizer" }
  /// The libraries cells link against and load.
  package var libraries: String { "\(root)/lib/swift/linux" }
  /// The object that registers a unit's types with the runtime.
  package var registrar: String { "\(libraries)/\(Self.architecture)/swiftrt.o" }
  /// The part of the C library that every program gets a copy of, such as `atexit`; where there is one.
  package var staticCLibrary: String? {
    ["/usr/lib/\(Self.architecture)-linux-gnu", "/usr/lib64", "/usr/lib"]
      .map { "\($0)/libc_nonshared.a" }.first(where: FileSystem.isFile)
  }
  package var target: String { "\(Self.architecture)-unknown-linux-gnu" }

  #if arch(x86_64)
    static let architecture = "x86_64"
  #elseif arch(arm64)
    static let architecture = "aarch64"
  #endif

  package init(root: String) {
    self.root = root
  }

  /// Finds the toolchain behind the `swiftc` on PATH.
  ///
  /// The compiler proper is called directly: the driver costs a quarter of a second a call.
  package static func find(path: String? = environmentVariable("PATH")) throws(EnvironmentFailure)
    -> Toolchain
  {
    let directories = (path ?? "").split(separator: ":").map(String.init)
    for directory in directories where FileSystem.isExecutable("\(directory)/swiftc") {
      // The link itself may stand in the toolchain, or lead there from elsewhere.
      let places = [
        directory, FileSystem.canonical("\(directory)/swiftc").flatMap(FileSystem.parent),
      ]
      for case let bin? in places where bin.hasSuffix("/bin") {
        let toolchain = Toolchain(root: String(bin.dropLast(4)))
        if toolchain.isComplete { return toolchain }
      }
    }
    throw EnvironmentFailure(
      "no Swift toolchain: PATH leads to no swiftc with swift-frontend and ld.lld beside it",
      help: "install Swift 6.2 or later from swift.org and put its usr/bin on PATH")
  }

  private var isComplete: Bool {
    FileSystem.isExecutable(frontend) && FileSystem.isExecutable(linker)
      && FileSystem.isFile(registrar)
  }

  /// A text that differs between toolchains, found without starting one.
  package var identity: String {
    "\(root) \(FileSystem.stamp(frontend) ?? "missing")"
  }

  /// The first line of `swift-frontend -version`, such as "Swift version 6.3.1 (…)".
  package func version() throws(EnvironmentFailure) -> String {
    let run: ToolRun
    do {
      run = try ToolRun.run(
        Command(frontend, ["-frontend", "-version"]), within: .seconds(20), interruption: nil)
    } catch {
      throw EnvironmentFailure("\(error)", help: "reinstall the Swift toolchain")
    }
    let text = String(decoding: run.output, as: UTF8.self)
    guard run.end == .status(.exited(0)), let line = text.split(separator: "\n").first else {
      throw EnvironmentFailure("\(frontend) -version failed", help: "reinstall the Swift toolchain")
    }
    return String(line)
  }
}

/// Why this machine can't run cells, and how to mend it.
///
/// Never the lesson's fault.
package struct EnvironmentFailure: Error, Sendable, Equatable {
  package var message: String
  package var help: String

  package init(_ message: String, help: String) {
    self.message = message
    self.help = help
  }
}
