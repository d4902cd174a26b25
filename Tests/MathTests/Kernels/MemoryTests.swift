import Glibc
import Math
import Testing

/// Memory is kept and used again, and given back when asked.
///
/// The counts are those of this thread.
@Suite(.serialized) struct MemoryTests {
  private func faults() -> Int {
    var usage = rusage()
    // 1 is RUSAGE_THREAD, which Glibc keeps from Swift.
    getrusage(1, &usage)
    return usage.ru_minflt
  }

  @Test func `a hundred training steps of a network of images touch no new memory`() {
    var g = SplitMix64(seed: 1)
    let model = Sequential(
      Conv2d(1, 32, kernelSize: [3], padding: 1, using: &g), ReLU(),
      Conv2d(32, 32, kernelSize: [3], padding: 1, using: &g), BatchNorm2d(32), ReLU(),
      MaxPool2d(2), Flatten(), Linear(32 * 16, 4, using: &g))
    let x = Tensor.normal(4, 1, 8, 8, using: &g)
    let y = Tensor([0, 1, 2, 3], dtype: .i64)
    let optimizer = Adam(model.parameters, lr: 1e-3)
    func step() {
      optimizer.zeroGrad()
      crossEntropy(model(x), target: y).backward()
      optimizer.step()
    }
    for _ in 0..<20 { step() }
    let before = (allocatedBlocks, faults())
    for _ in 0..<100 { step() }
    #expect(allocatedBlocks == before.0)
    // A few faults may come from the system's own allocator.
    #expect(faults() - before.1 < 100)
  }

  /// Bytes of this process in memory.
  private func resident() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 128)
    fgets(&line, 128, file)
    let words = String(
      decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self
    )
    .split(separator: " ")
    return (words.count > 1 ? Int(words[1]) ?? 0 : 0) * sysconf(Int32(_SC_PAGESIZE))
  }

  @Test func `memory kept for use goes back to the system when trimmed`() {
    let count = 64 << 20
    _ = Tensor.ones(count)
    let kept = resident()
    trimMemory()
    // Of 256 MiB; other tests of this process may take some meanwhile.
    #expect(kept - resident() > 128 << 20)
  }

  /// Memory of a tensor that nothing names any more may be given away before its pointer is used.
  @Test func `no pointer is taken of a tensor without a name`() {
    for file in MathSource.files {
      for line in file.lines where line.contains(").") || line.contains(")?.") {
        #expect(!line.contains(/\)\??\.(f32|f64|i64|bool|pointer)\b/), "\(file.name): \(line)")
      }
    }
  }
}
