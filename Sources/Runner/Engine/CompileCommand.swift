/// The two command lines that make a unit: the frontend, then the linker.
///
/// The driver between them and the user would cost three times as much as both.
struct CompileCommand {
  var toolchain: Toolchain
  var installation: Installation
  var moduleCache: String

  static let sourceName = "cell.swift"
  static let objectName = "unit.o"
  /// The library that every Swift process has, and so the worker: its symbols stay open, too.
  ///
  /// To read them all would be a third of the linker's work.
  static let residentLibrary = "swiftCore"

  /// The flags that decide what a unit looks like; part of its cache key.
  func flags(module: String, isOptimized: Bool) -> [String] {
    [
      "-module-name", module, "-package-name", "lesson",
      // Earlier cells are used as if they stood in the same file, `private` names included.
      "-enable-testing", "-enable-private-imports", "-disable-access-control",
      "-entry-point-function-name", Unit.entry(module),
      // Mode 6 isolates top-level variables to the main actor and trips over subclassing across cells.
      // `/…/` is a regex, as it is by default in new packages.
      "-swift-version", "5", "-enable-upcoming-feature", "BareSlashRegexLiterals",
      isOptimized ? "-O" : "-Onone", "-g",
      "-target", toolchain.target, "-diagnostic-style", "llvm",
      // Machine-independent limits on one expression; see docs/security.md.
      "-solver-scope-threshold=200000", "-solver-memory-threshold=40000000",
      "-file-compilation-dir", "/lesson", "-empty-abi-descriptor",
    ]
  }

  func frontend(in work: String, module: String, chain: Chain, isOptimized: Bool) -> Command {
    var arguments = ["-frontend", "-c", "-primary-file", Self.sourceName]
    arguments += flags(module: module, isOptimized: isOptimized)
    arguments += [
      "-emit-module", "-emit-module-path", UnitCache.moduleName, "-o", Self.objectName,
      "-module-cache-path", moduleCache,
      "-plugin-path", "\(toolchain.root)/lib/swift/host/plugins",
      "-in-process-plugin-server-path",
      "\(toolchain.root)/lib/swift/host/libSwiftInProcPluginServer.so",
    ]
    for (name, path) in installation.modules.sorted(by: { $0.key < $1.key }) {
      arguments.append("-swift-module-file=\(name)=\(path)")
    }
    for unit in chain.units {
      arguments.append("-swift-module-file=\(unit.module)=\(unit.modulePath)")
    }
    return Command(
      toolchain.frontend, arguments, environment: Self.environment(in: work) + [Self.largePages],
      directory: work)
  }

  /// Links a unit.
  ///
  /// Symbols of earlier cells and of Math stay open: the worker has them.
  func linker(in work: String, libraries: [String]) -> Command {
    let arguments =
      [
        // So little is linked that a second thread costs more than it does.
        "-shared", "--threads=1", "--as-needed", "--no-rosegment", "-o", UnitCache.libraryName,
        toolchain.registrar,
        Self.objectName, "-L", toolchain.libraries, "-rpath", toolchain.libraries,
      ] + libraries.map { "-l\($0)" } + [toolchain.staticCLibrary].compactMap(\.self)
    return Command(
      toolchain.linker, arguments, environment: Self.environment(in: work), directory: work)
  }

  static func environment(in work: String) -> [String] {
    ["LANG=C.UTF-8", "HOME=\(work)", "TMPDIR=\(work)"]
  }

  /// Memory in large pages and few requests: the first touch of small ones costs the frontend a
  /// twelfth of its time.
  private static let largePages =
    "GLIBC_TUNABLES=glibc.malloc.hugetlb=1:glibc.malloc.top_pad=67108864"
  /// Where the C library looks whether there are large pages.
  static let largePagesFolder = "/sys/kernel/mm/transparent_hugepage"
}
