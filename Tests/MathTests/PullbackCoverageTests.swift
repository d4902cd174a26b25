import Foundation
import Math
import Testing

extension Primitive {
  /// What only floats reach: operations that are one record or one pass for them.
  static let floats: [Primitive] = [
    Primitive("crossEntropy of floats") {
      crossEntropy($0[0].flattened(startDim: 1), target: Tensor.arange($0[0].shape[0]))
    },
    Primitive("batchHardTripletLoss of floats") {
      let n = $0[0].shape[0]
      return batchHardTripletLoss(
        $0[0].flattened(startDim: 1), labels: Tensor((0..<n).map { $0 % 2 }))
    },
    Primitive("contrastiveLoss of floats", inputs: 2) {
      let labels = Tensor((0..<$0[0].shape[0]).map { $0 % 2 })
      return contrastiveLoss(
        $0[0].flattened(startDim: 1), $0[1].flattened(startDim: 1), labels: labels, margin: 6)
    },
    Primitive("maxPool2d by two") { maxPool2d($0[0], kernelSize: [2]) },
    Primitive("linear, then relu", inputs: 3) {
      let layer = Linear(1, 1)
      layer.weight = $0[1].flattened(startDim: 1)
      layer.bias = $0[2].selected(dim: 0, index: 0).selected(dim: 1, index: 0)
      return Sequential(layer, ReLU())($0[0].flattened(startDim: 1))
    },
    Primitive("linear of rows", inputs: 3) {
      linear(
        $0[0].flattened(startDim: 1), $0[1].flattened(startDim: 1),
        bias: $0[2].selected(dim: 0, index: 0).selected(dim: 1, index: 0))
    },
    Primitive("cosineSimilarity of rows", inputs: 2) { cosineSimilarity($0[0], $0[1], dim: -1) },
    Primitive("cosineEmbeddingLoss of rows", inputs: 2) {
      let signs = Tensor((0..<$0[0].shape[0]).map { Double($0 % 2 * 2 - 1) })
      return cosineEmbeddingLoss(
        $0[0].flattened(startDim: 1), $0[1].flattened(startDim: 1), target: signs, margin: -1)
    },
    Primitive("layerNorm of rows", inputs: 2) {
      layerNorm($0[0], normalizedShape: [$0[0].shape[2]]) * $0[1]
    },
    Primitive("to double") { square($0[0].to(.f64)) },
    Primitive("conv2d, then relu", inputs: 3) {
      let layer = Conv2d(1, 1, kernelSize: [1], padding: 1)
      layer.weight = $0[1].unsqueezed(dim: 1)
      layer.bias = $0[2].selected(dim: 1, index: 0).selected(dim: 1, index: 0)
      return Sequential(layer, ReLU())($0[0].unsqueezed(dim: 1))
    },
  ]

  /// All whose gradients are compared with finite differences.
  static let all = elementwise + shapes + numbers + picks + losses
  /// Those whose gradients of gradients are, too.
  static let differentiatedTwice = elementwise + shapes + numbers + picks
}

/// Where Math records results, and which of these places the primitives reach.
private enum Coverage {
  /// The lines that record, as `Folder/File.swift:12`, by the file's name.
  static func places() throws -> [String: [Int]] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let files = FileManager.default.enumerator(
      at: root.appending(path: "Sources/Math"), includingPropertiesForKeys: nil)
    var places: [String: [Int]] = [:]
    while let file = files?.nextObject() as? URL {
      guard file.pathExtension == "swift" else { continue }
      let lines = try String(contentsOf: file, encoding: .utf8)
        .split(separator: "\n", omittingEmptySubsequences: false)
      for (i, line) in lines.enumerated() where line.contains(".recorded(") {
        places[file.lastPathComponent, default: []].append(i + 1)
      }
    }
    return places
  }

  private static func pass(_ primitive: Primitive, _ dtype: DType, twice: Bool) {
    var g = SplitMix64(seed: 17)
    let inputs = (0..<primitive.inputs).map { _ in
      Tensor.uniform(4, 4, 4, in: primitive.range, dtype: dtype, using: &g)
    }
    for x in inputs { x.requiresGrad = true }
    let y = primitive.function(inputs).sum()
    if !twice { return y.backward() }
    let slopes = gradients(of: y, at: inputs, createGraph: true).compactMap { $0 }
    let squares = slopes.filter(\.requiresGrad).map { ($0 * $0).sum() }
    backward(of: squares, gradients: squares.map { Tensor.ones(like: $0.detach()) })
  }

  /// The lines that record and that no primitive reaches.
  static func missing() throws -> [String] {
    nonisolated(unsafe) var reached: Set<String> = []
    onRecord = { file, line in
      reached.insert("\(file)".split(separator: "/").last.map { "\($0):\(line)" } ?? "")
    }
    for (primitives, dtype) in [(Primitive.all, DType.f64), (Primitive.floats, .f32)] {
      for primitive in primitives { pass(primitive, dtype, twice: false) }
    }
    for primitive in Primitive.differentiatedTwice { pass(primitive, .f64, twice: true) }
    onRecord = nil
    var missing: [String] = []
    for (file, lines) in try places() {
      for line in lines where !reached.contains("\(file):\(line)") {
        missing.append("\(file):\(line)")
      }
    }
    return missing.sorted()
  }
}

@Suite struct PullbackCoverageTests {
  @Test func `every place that records a pullback is reached by what is checked`() async {
    let result = await #expect(
      processExitsWith: .success, observing: [\.standardErrorContent]
    ) {
      let missing = try Coverage.missing().joined(separator: "\n")
      FileHandle.standardError.write(Data("unreached: [\(missing)]".utf8))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text == "unreached: []", "checked against no finite differences")
  }

  @Test func `there are places to reach`() throws {
    #expect(try Coverage.places().values.reduce(0) { $0 + $1.count } > 100)
  }

  @Test(arguments: Primitive.all + Primitive.floats)
  func `gradients of floats agree with those of doubles`(primitive: Primitive) {
    var g = SplitMix64(seed: 18)
    let inputs = (0..<primitive.inputs).map { _ in
      Tensor.uniform(4, 4, 4, in: primitive.range, dtype: .f32, using: &g)
    }
    func slopes(_ dtype: DType) -> [Tensor] {
      let leaves = inputs.map { $0.to(dtype).clone() }
      for x in leaves { x.requiresGrad = true }
      (primitive.function(leaves) * 1.5).sum().backward()
      return leaves.map { $0.grad?.to(.f64) ?? Tensor.zeros(like: $0.detach().to(.f64)) }
    }
    for (found, exact) in zip(slopes(.f32), slopes(.f64)) {
      let size = max(1, abs(exact).max().item())
      #expect(
        found.isClose(to: exact, rtol: 1e-3, atol: 1e-5 * size), "seed 18: \(found), \(exact)")
    }
  }
}
