import Foundation
import Math
import Testing

@Suite struct ModuleTests {
  private final class Pair: Module {
    let first: Linear
    let norm = BatchNorm1d(3)
    let rest: [any Module]
    init(_ g: inout SplitMix64) {
      first = Linear(2, 3, using: &g)
      rest = [Sequential(ReLU(), Linear(3, 1, using: &g)), Dropout(0.5)]
    }
    func forward(_ x: Tensor) -> Tensor { rest.reduce(norm(first(x))) { $1.forward($0) } }
  }

  private func path(_ name: String) -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID())-\(name)").path
  }

  @Test func `parameters are found by the names of properties`() {
    var g = SplitMix64(seed: 0)
    let module = Pair(&g)
    #expect(
      module.namedParameters.map(\.name) == [
        "first.weight", "first.bias", "norm.weight", "norm.bias", "rest.0.1.weight",
        "rest.0.1.bias",
      ])
    #expect(module.parameterCount == 6 + 3 + 3 + 3 + 3 + 1)
    #expect(module.summary.contains("total"))
  }

  @Test func `use turns dropout off and batch norm to running statistics`() {
    var g = SplitMix64(seed: 0)
    let module = Pair(&g)
    module.eval()
    let x = Tensor.normal(4, 2, using: &g)
    #expect(module(x).isEqual(to: module(x)))
    module.train()
    #expect(!module(x).isEqual(to: module(x)))
  }

  @Test func `a saved module loads to the same numbers`() throws {
    var g = SplitMix64(seed: 0)
    let (a, b) = (Pair(&g), Pair(&g))
    let file = path("a.safetensors")
    defer { unlink(file) }
    try a.save(to: file)
    try b.load(from: file)
    for (x, y) in zip(a.state, b.state) {
      #expect(x.tensor.detach().isEqual(to: y.tensor.detach()))
    }
  }

  @Test(
    arguments: [
      ([UInt8](), "8 bytes with the length of the header at byte 0"),
      ([255, 0, 0, 0, 0, 0, 0, 0], "a header that fits the file of 8 bytes, not 255 at byte 0"),
      ([2, 0, 0, 0, 0, 0, 0, 0, 91, 93], "'{' in the header at byte 8"),
      (
        Array("\u{38}\0\0\0\0\0\0\0".utf8)
          + Array(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}  "#.utf8),
        "8 more bytes of 'a' at byte 64"
      ),
      (
        Array("\u{38}\0\0\0\0\0\0\0".utf8)
          + Array(#"{"a":{"dtype":"F99","shape":[2],"data_offsets":[0,8]}}  "#.utf8),
        "dtype BOOL, I64, F32 or F64 of 'a', not F99 at byte 8"
      ),
    ] as [([UInt8], String)])
  func `a malformed file is refused with file, offset and expectation`(
    bytes: [UInt8], message: String
  ) throws {
    let file = path("bad.safetensors")
    defer { unlink(file) }
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    #expect {
      try SafeTensors.load(file)
    } throws: { "\($0)" == "\(file): expected \(message)" }
  }

  @Test func `networks have the shapes asked for and train`() {
    var g = SplitMix64(seed: 0)
    let x = Tensor.normal(4, 1, 8, 8, using: &g)
    let y = Tensor([0, 1, 2, 0], dtype: .i64)
    let models: [any Module] = [
      VGG(inChannels: 1, imageSize: 8, stages: [[4], [8]], hidden: [16], outputs: 3, using: &g),
      ResNet(inChannels: 1, widths: [4, 8], blocks: 1, outputs: 3, using: &g),
      EfficientNet(
        inChannels: 1, stem: 4, stages: [(4, 1, 1), (8, 1, 2)], outputs: 3, using: &g),
    ]
    for model in models {
      let optimizer = Adam(model.parameters, lr: 1e-2)
      let before = crossEntropy(model(x), target: y).item()
      for _ in 0..<20 {
        optimizer.zeroGrad()
        crossEntropy(model(x), target: y).backward()
        optimizer.step()
      }
      #expect(model(x).shape == [4, 3])
      #expect(crossEntropy(model(x), target: y).item() < before / 2)
    }
  }
}
