// swift-tools-version: 6.2
import Foundation
import PackageDescription

/// Every Swift target is held to the same rules.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// Whether Math's kernels are built for AVX2 and FMA.
///
/// They are where this machine's processors have both and `LESSONS_PORTABLE` is not set, and else built
/// for any processor; `lessons doctor` tells.
let hasVectors: Bool = {
  #if arch(x86_64) && os(Linux)
    guard Context.environment["LESSONS_PORTABLE"] == nil,
      let info = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
    else { return false }
    return info.contains(" avx2 ") && info.contains(" fma ")
  #else
    return false
  #endif
}()
/// Without AVX the compiler warns that vectors of eight floats are passed in another way than with it;
/// all functions of them are inlined, so that none is passed.
let vectorFlags = hasVectors ? ["-mavx2", "-mfma"] : ["-Wno-psabi"]

/// The settings of `Math`, which is 80 to 800 times slower without optimisation.
///
/// So debug and test builds optimise it too. `SIMD8<Float>` becomes single AVX2 and FMA instructions only when the target has them. Library
/// evolution hides the C module of intrinsics from cells, which import `Math` alone. Exclusive access is
/// checked while compiling and no more: the checks at run time took a fifth of a small operation.
let optimised: [SwiftSetting] = [
  .unsafeFlags(
    [
      "-O", "-wmo", "-num-threads", "2", "-disable-batch-mode", "-enable-library-evolution",
      "-enforce-exclusivity=unchecked",
    ] + vectorFlags.flatMap { ["-Xcc", $0] })
]

let package = Package(
  name: "lessons",
  products: [
    .executable(name: "lessons", targets: ["lessons"]),
    .executable(name: "conformance", targets: ["conformance"]),
    .executable(name: "math-bench", targets: ["math-bench"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ],
  targets: [
    // The numeric core: imports no module of ours but its own intrinsics header.
    .target(name: "CMathKernels", cSettings: [.unsafeFlags(vectorFlags)]),
    .target(
      name: "Math", dependencies: ["CMathKernels"], swiftSettings: strict + optimised),
    // PyTorch's test cases, replayed against Math's public API.
    .target(name: "ConformanceCases", dependencies: ["Math"], swiftSettings: strict),
    .executableTarget(
      name: "conformance", dependencies: ["ConformanceCases"], swiftSettings: strict),

    // What the maths benchmark times, compiled as the cells of a lesson are: without optimisation.
    .target(
      name: "MathWorkloads", dependencies: ["Math"], path: "Benchmarks/math/Workloads",
      swiftSettings: strict + [.unsafeFlags(["-Onone"])]),
    .executableTarget(
      name: "math-bench", dependencies: ["Math", "MathWorkloads"], path: "Benchmarks/math/Worker",
      swiftSettings: strict),

    // What the kernels are made of, as built for this processor and for any, side by side.
    .target(name: "VectorPaths", path: "Tests/VectorPaths", cSettings: [.unsafeFlags(vectorFlags)]),
    .testTarget(
      name: "MathTests", dependencies: ["Math", "ConformanceCases", "VectorPaths"],
      resources: [.copy("Cases")], swiftSettings: strict),

    // What cells may import besides Math.
    .target(name: "LessonKit", swiftSettings: strict),

    // The runner: the pipeline as a library, and the command.
    .systemLibrary(name: "CMark", pkgConfig: "libcmark", providers: [.apt(["libcmark-dev"])]),
    .systemLibrary(name: "CDigest", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
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
      name: "RunnerTests", dependencies: ["Runner", "LessonKit", "SourceKitOracle", "CMark"],
      exclude: ["Fixtures"],
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
