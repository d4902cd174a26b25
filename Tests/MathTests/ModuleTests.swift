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
      (
        Array("\u{2B}\0\0\0\0\0\0\0".utf8)
          + Array(#"{"a":{"dtype":"F32","data_offsets":[0,0]}} "#.utf8),
        "dtype, shape and data_offsets in the header at byte 49"
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

  // Written by Python's package safetensors 0.8 from PyTorch's tensors, with metadata.
  private static let written = """
    kAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJmb3JtYXQiOiJwdCJ9LCJzdGVwcyI6eyJkdHlwZSI6Ikk2NCIsInNoYXBlIjpb\
    Ml0sImRhdGFfb2Zmc2V0cyI6WzAsMTZdfSwiZGVlcCI6eyJkdHlwZSI6IkY2NCIsInNoYXBlIjpbMSwxXSwiZGF0YV9vZmZz\
    ZXRzIjpbMTYsMjRdfSwibGF5ZXIud2VpZ2h0Ijp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsyLDNdLCJkYXRhX29mZnNldHMi\
    OlsyNCw0OF19LCJub25lIjp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlswLDJdLCJkYXRhX29mZnNldHMiOls0OCw0OF19LCJz\
    Y2FsYXIiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6W10sImRhdGFfb2Zmc2V0cyI6WzQ4LDUyXX0sIm1hc2siOnsiZHR5cGUi\
    OiJCT09MIiwic2hhcGUiOlszXSwiZGF0YV9vZmZzZXRzIjpbNTIsNTVdfX0gICAgAwAAAAAAAAD////////f/1VVVVVVVdU/\
    AADAPwAAAMAAAEBAAACAPgAAgH8AAACAAADgQAEAAQ==
    """

  @Test func `a file written from PyTorch is read`() throws {
    let file = path("torch.safetensors")
    defer { unlink(file) }
    try #require(Data(base64Encoded: ModuleTests.written)).write(to: URL(fileURLWithPath: file))
    let tensors = Dictionary(
      uniqueKeysWithValues: try SafeTensors.load(file).map { ($0.name, $0.tensor) })
    #expect(tensors.count == 6)
    #expect(tensors["steps"]?.ints == [3, -9_007_199_254_740_993])
    #expect(tensors["deep"]?.doubles == [1.0 / 3])
    #expect(tensors["layer.weight"]?.shape == [2, 3])
    #expect(tensors["layer.weight"]?.doubles == [1.5, -2, 3, 0.25, .infinity, 0])
    #expect(tensors["none"]?.shape == [0, 2])
    #expect(tensors["scalar"]?.item() == 7 && tensors["scalar"]?.rank == 0)
    #expect(tensors["mask"]?.bools == [true, false, true])
  }

  @Test func `what can't be saved leaves nothing behind`() throws {
    let folder = path("folder")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let inside = folder + "/weights"
    try FileManager.default.createDirectory(atPath: inside, withIntermediateDirectories: false)
    #expect {
      try SafeTensors.save([("a", Tensor([1]))], to: inside)
    } throws: { "\($0)" == "\(inside): expected a file that can be replaced at byte 0" }
    #expect {
      try SafeTensors.save([("a", Tensor([1])), ("a", Tensor([2]))], to: folder + "/twice")
    } throws: {
      "\($0)" == "\(folder)/twice: expected names that differ, not \"a\" twice at byte 0"
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["weights"])
  }

  // Python's package reads these bytes back as the same tensors.
  @Test func `a file is written as the format says`() throws {
    let file = path("ours.safetensors")
    defer { unlink(file) }
    try SafeTensors.save(
      [
        ("a \"b\"", Tensor([1.5, -2])), ("i", Tensor([-3], dtype: .i64)),
        ("m", Tensor([true, false, true])),
      ], to: file)
    let header =
      #"{"a \"b\"":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"#
      + #""i":{"dtype":"I64","shape":[1],"data_offsets":[8,16]},"#
      + #""m":{"dtype":"BOOL","shape":[3],"data_offsets":[16,19]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    let numbers: [UInt8] = [
      0, 0, 192, 63, 0, 0, 0, 192, 253, 255, 255, 255, 255, 255, 255, 255, 1, 0, 1,
    ]
    let length: [UInt8] = [UInt8(padded.utf8.count), 0, 0, 0, 0, 0, 0, 0]
    #expect(
      [UInt8](try Data(contentsOf: URL(fileURLWithPath: file))) == length + padded.utf8 + numbers)
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
