// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target is held to the same rules.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// `Math` without optimisation is 80 to 800 times slower (`Benchmarks/README.md`), so that debug and
/// test builds optimise it too. `SIMD8<Float>` becomes single AVX2 and FMA instructions only when
/// the target has them. Library evolution hides the C module of intrinsics from cells, which import
/// `Math` alone.
let optimised: [SwiftSetting] = [
  .unsafeFlags([
    "-O", "-wmo", "-num-threads", "2", "-disable-batch-mode", "-enable-library-evolution",
    "-Xcc", "-mavx2", "-Xcc", "-mfma",
  ])
]

let package = Package(
  name: "lessons",
  products: [
    .executable(name: "lessons", targets: ["lessons"]),
    .executable(name: "conformance", targets: ["conformance"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // The numeric core: imports no module of ours but its own intrinsics header.
    .target(name: "CMathKernels", cSettings: [.unsafeFlags(["-mavx2", "-mfma"])]),
    .target(
      name: "Math", dependencies: ["CMathKernels"], swiftSettings: strict + optimised),
    // PyTorch's test cases, replayed against Math's public API.
    .target(name: "ConformanceCases", dependencies: ["Math"], swiftSettings: strict),
    .executableTarget(
      name: "conformance", dependencies: ["ConformanceCases"], swiftSettings: strict),

    .testTarget(
      name: "MathTests", dependencies: ["Math", "ConformanceCases"], resources: [.copy("Cases")],
      swiftSettings: strict),

    // What cells may import besides Math.
    .target(name: "LessonKit", swiftSettings: strict),

    // The runner: the pipeline as a library, and the command.
    .systemLibrary(name: "CMark", pkgConfig: "libcmark", providers: [.apt(["libcmark-dev"])]),
    .systemLibrary(name: "CDigest", pkgConfig: "libmd", providers: [.apt(["libmd-dev"])]),
    .systemLibrary(
      name: "CDuktape", pkgConfig: "duktape", providers: [.apt(["duktape-dev"])]),
    .target(name: "CWorker"),
    // The launcher of untrusted processes. Linked statically and without Swift's start-up files, of
    // which it uses nothing: it starts in a third of the time.
    .executableTarget(
      name: "confine", cSettings: [.unsafeFlags(["-O2", "-Wall", "-Wextra"])],
      linkerSettings: [.unsafeFlags(["-nostartfiles", "-static-executable"])]),
    .target(
      name: "Runner", dependencies: ["CMark", "CDigest", "CDuktape", "CWorker", "LessonKit"],
      swiftSettings: strict + [.strictMemorySafety()]),
    .executableTarget(
      name: "lessons",
      dependencies: [
        "Runner", "Math", "LessonKit", "CWorker", "confine",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict,
      // Cells are loaded into this executable and find Math's symbols in it.
      linkerSettings: [.unsafeFlags(["-Xlinker", "--export-dynamic"])]),
    // The toolchain's own classification of Swift text, loaded at run time.
    .target(name: "SourceKitOracle", path: "Tests/SourceKitOracle"),
    .testTarget(
      name: "RunnerTests", dependencies: ["Runner", "LessonKit", "SourceKitOracle"], exclude: ["Fixtures"],
      swiftSettings: strict),
    .testTarget(
      name: "LessonsTests", dependencies: ["Runner", "lessons"], exclude: ["Fixtures"],
      swiftSettings: strict),
    .testTarget(
      name: "HostileTests", dependencies: ["lessons", "confine", "hostile"], swiftSettings: strict),
    // What a hostile cell would try, one attempt a word: `hostile read /etc/shadow`.
    .executableTarget(
      name: "hostile", path: "Tests/HostileProgram",
      linkerSettings: [.unsafeFlags(["-nostartfiles", "-static-executable"])]),
    .testTarget(
      name: "ConfineTests", dependencies: ["confine", "hostile"], swiftSettings: strict),
  ]
)
