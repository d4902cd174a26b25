import Math
import Testing

/// What PyTorch 2.13 on the CPU refuses to apply to truth values, or to whole numbers too, is refused here:
/// each row was put to it.
@Suite struct DTypeRefusalTests {
  struct Refused: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let dtype: DType
    let call: @Sendable (Tensor) -> Tensor
  }

  static let refused = rows.flatMap { name, dtypes, call in
    dtypes.map { Refused(testDescription: "\(name) of \($0)", dtype: $0, call: call) }
  }

  @Test(arguments: refused.indices)
  func `dtypes are refused where PyTorch refuses them`(i: Int) async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [i] in
      let refused = Self.refused[i]
      _ = refused.call(Tensor([1, 0], dtype: refused.dtype))
    }
    let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(text.contains(", got "), "\(Self.refused[i].testDescription)")
  }

  static func row(_ x: Tensor) -> Tensor { x.reshaped(1, 2) }
  static func image(_ x: Tensor) -> Tensor { x.reshaped(1, 1, 1, 2) }

  private static let rows: [(String, [DType], @Sendable (Tensor) -> Tensor)] = [
    ("b - 1", [.bool], { $0 - 1 }),
    ("1 - b", [.bool], { 1 - $0 }),
    ("b - x", [.bool], { $0 - Tensor([1, 2]) }),
    ("x - b", [.bool], { Tensor([1, 2]) - $0 }),
    ("-b", [.bool], { -$0 }),
    ("relu", [.bool], { relu($0) }),
    ("leakyRelu", [.bool, .i64], { leakyRelu($0) }),
    ("elu", [.bool, .i64], { elu($0) }),
    ("hardTanh", [.bool], { hardTanh($0) }),
    ("silu", [.bool, .i64], { silu($0) }),
    ("gelu", [.bool, .i64], { gelu($0) }),
    ("softplus", [.bool, .i64], { softplus($0) }),
    ("logSigmoid", [.bool, .i64], { logSigmoid($0) }),
    ("softmax", [.bool, .i64], { softmax($0, dim: 0) }),
    ("logSoftmax", [.bool, .i64], { logSoftmax($0, dim: 0) }),
    ("argmax", [.bool], { $0.argmax() }),
    ("argmin", [.bool], { $0.argmin(dim: 0) }),
    ("topK", [.bool], { $0.topK(1).values }),
    ("abs", [.bool], { abs($0) }),
    ("floorDivided", [.bool], { $0.floorDivided(by: $0) }),
    ("%", [.bool], { $0 % $0 }),
    ("floor", [.bool], { floor($0) }),
    ("ceil", [.bool], { ceil($0) }),
    ("round", [.bool], { round($0) }),
    ("dot", [.bool], { dot($0, $0) }),
    ("matmul", [.bool], { matmul($0, $0) }),
    ("mm", [.bool], { mm(row($0), row($0).T) }),
    ("mv", [.bool], { mv(row($0), $0) }),
    ("bmm", [.bool], { bmm(row($0).unsqueezed(dim: 0), row($0).T.unsqueezed(dim: 0)) }),
    ("linear", [.bool], { linear($0, row($0)) }),
    ("cdist", [.bool, .i64], { cdist(row($0), row($0)) }),
    ("pairwiseDistance", [.bool], { pairwiseDistance(row($0), row($0)) }),
    ("cosineSimilarity", [.bool, .i64], { cosineSimilarity(row($0), row($0)) }),
    ("normalize", [.bool, .i64], { normalize(row($0)) }),
    ("mean", [.bool, .i64], { $0.mean() }),
    ("variance", [.bool, .i64], { $0.variance() }),
    ("std", [.bool, .i64], { $0.std() }),
    ("norm", [.bool, .i64], { $0.norm() }),
    ("mseLoss", [.bool, .i64], { mseLoss($0, target: $0) }),
    ("l1Loss", [.bool, .i64], { l1Loss($0, target: $0) }),
    ("huberLoss", [.bool, .i64], { huberLoss($0, target: $0) }),
    ("smoothL1Loss", [.bool, .i64], { smoothL1Loss($0, target: $0) }),
    ("crossEntropy", [.bool, .i64], { crossEntropy(row($0), target: Tensor([1], dtype: .i64)) }),
    ("nllLoss", [.bool, .i64], { nllLoss(row($0), target: Tensor([1], dtype: .i64)) }),
    ("binaryCrossEntropy", [.bool, .i64], { binaryCrossEntropy($0, target: $0) }),
    (
      "binaryCrossEntropyWithLogits", [.bool, .i64],
      { binaryCrossEntropyWithLogits($0, target: $0) }
    ),
    ("klDivergence", [.bool, .i64], { klDivergence($0, target: $0) }),
    ("conv2d", [.bool], { conv2d(image($0), image($0)) }),
    ("maxPool2d", [.bool], { maxPool2d(image($0), kernelSize: [1]) }),
    ("avgPool2d", [.bool], { avgPool2d(image($0), kernelSize: [1]) }),
    ("adaptiveAvgPool2d", [.bool, .i64], { adaptiveAvgPool2d(image($0), outputSize: [1]) }),
    ("batchNorm", [.bool, .i64], { batchNorm(image($0), training: true) }),
    ("layerNorm", [.bool, .i64], { layerNorm($0, normalizedShape: [2]) }),
    ("groupNorm", [.bool, .i64], { groupNorm(image($0), numGroups: 1) }),
    ("dropout", [.bool, .i64], { dropout($0, p: 0.5) }),
    (
      "tripletMarginLoss", [.bool],
      { tripletMarginLoss(row($0), positive: row($0), negative: row($0)) }
    ),
    ("hingeEmbeddingLoss", [.bool, .i64], { hingeEmbeddingLoss($0, target: $0) }),
    ("marginRankingLoss", [.bool], { marginRankingLoss($0, $0, target: $0) }),
    ("softMarginLoss", [.bool, .i64], { softMarginLoss($0, target: $0) }),
    (
      "multiMarginLoss", [.bool, .i64],
      { multiMarginLoss(row($0), target: Tensor([1], dtype: .i64)) }
    ),
    ("poissonNLLLoss", [.bool], { poissonNLLLoss($0, target: $0) }),
    ("gaussianNLLLoss", [.bool, .i64], { gaussianNLLLoss($0, target: $0, variance: $0) }),
    ("symmetricEigen", [.bool, .i64], { symmetricEigen(matmul(row($0).T, row($0))).values }),
    ("singularValues", [.bool, .i64], { singularValues(row($0)) }),
    ("oneHot", [.bool], { oneHot($0) }),
  ]
}
