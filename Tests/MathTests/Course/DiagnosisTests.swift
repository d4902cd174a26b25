import Math
import Testing

/// A reader's own pipeline: 32-bit embeddings of 60 images of any network.
private struct Pipeline {
  var inputs: Tensor
  var embeddings: Tensor
  var hidden: [Tensor] = []
  var first = Array(0..<30)
  var second = Array(30..<60)
  /// Two classes in turn, so that pairs are of one class and of two.
  var pairLabels = (0..<60).map { $0 % 4 / 2 }
  var printed: [Double]?

  init() {
    var generator = SplitMix64(seed: 4)
    inputs = Tensor.normal(60, 10, dtype: .f32, using: &generator)
    embeddings = Tensor.normal(60, 8, dtype: .f32, using: &generator)
  }

  var evidence: PipelineEvidence {
    let a = embeddings.indexSelected(dim: 0, index: Tensor(first))
    let b = embeddings.indexSelected(dim: 0, index: Tensor(second))
    return PipelineEvidence(
      inputs: inputs, embeddings: embeddings, hidden: hidden, first: first, second: second,
      pairLabels: pairLabels, firstEmbeddings: a, secondEmbeddings: b,
      printed: printed ?? cosineSimilarity(a, b).doubles)
  }

  var disease: Disease { diagnose(evidence).disease }

  /// All embeddings share one direction.
  func collapsed() -> Pipeline {
    var copy = self
    copy.embeddings = embeddings * 0.01 + 1
    copy.second = Array(29...58)
    return copy
  }
}

@Suite struct DiagnosisTests {
  @Test func `rounding of 32 bits accuses nobody`() {
    #expect(Pipeline().disease == .healthy)
  }

  @Test func `inputs and embeddings alone suffice to begin with`() {
    let pipeline = Pipeline()
    let evidence = PipelineEvidence(inputs: pipeline.inputs, embeddings: pipeline.embeddings)
    #expect(diagnose(evidence).disease == .healthy)
    #expect(evidence.layerCosines.count == 2)
  }

  @Test func `constant inputs are found among few images`() {
    var pipeline = Pipeline()
    pipeline.inputs = Tensor.ones(60, 10, dtype: .f32) * 0.3
    #expect(pipeline.disease == .destroyedInput)
    // One of five is a fifth: the share alone would not tell.
    let few = PipelineEvidence(
      inputs: pipeline.inputs[0..<5], embeddings: pipeline.embeddings[0..<5])
    #expect(diagnose(few).disease == .destroyedInput)
  }

  @Test func `an embedding of one number is named before its cosines are read`() {
    var pipeline = Pipeline()
    pipeline.embeddings = pipeline.embeddings[.all, 0..<1]
    #expect(pipeline.disease == .sizeOneAxis)
    #expect(diagnose(pipeline.evidence).because.contains("single number"))
  }

  @Test func `a program that prints another number is caught, one that prints few digits is not`() {
    var pipeline = Pipeline()
    let byHand = cosineSimilarity(pipeline.embeddings[0..<30], pipeline.embeddings[30..<60])
    pipeline.printed = round(byHand, decimals: 3).doubles
    #expect(pipeline.disease == .sizeOneAxis)
    var evidence = pipeline.evidence
    evidence.printedTolerance = 5e-4
    #expect(diagnose(evidence).disease == .healthy)
    pipeline.printed = Array(repeating: 1, count: 30)
    #expect(pipeline.disease == .sizeOneAxis)
  }

  @Test func `pairs of one image and a partner that never changes are found`() {
    var pipeline = Pipeline()
    pipeline.second = pipeline.first
    #expect(pipeline.disease == .pairedWithItself)
    pipeline.second = Array(repeating: 40, count: 30)
    #expect(pipeline.disease == .frozenPartner)
  }

  @Test func `many pairs of few images are no frozen partner`() {
    var pipeline = Pipeline()
    pipeline.first = (0..<300).map { $0 % 20 }
    pipeline.second = (0..<300).map { ($0 * 7 + 3) % 20 }
    #expect(pipeline.disease == .healthy)
  }

  @Test func `a collapsed network with positive pairs only is told from one with negatives`() {
    var pipeline = Pipeline().collapsed()
    pipeline.hidden = [relu(pipeline.inputs)]
    #expect(pipeline.disease == .deepDefaultInit)
    pipeline.pairLabels = Array(repeating: 0, count: 60)
    #expect(pipeline.disease == .positivesOnly)
  }

  @Test func `a collapse seen from outside alone is said, not guessed at`() {
    let pipeline = Pipeline().collapsed()
    let evidence = PipelineEvidence(inputs: pipeline.inputs, embeddings: pipeline.embeddings)
    #expect(
      diagnose(evidence).description
        == "?: the mean cosine is 1.00; pass the outputs of the layers between to see where it climbs"
    )
  }

  @Test func `dead units, probabilities and a first layer that swallows all are told apart`() {
    var pipeline = Pipeline().collapsed()
    pipeline.hidden = [relu(pipeline.inputs), Tensor.zeros(60, 16, dtype: .f32)]
    #expect(pipeline.disease == .deadUnits)
    pipeline.hidden = [relu(pipeline.inputs)]
    pipeline.embeddings = softmax(0.01 * pipeline.embeddings, dim: 1)
    #expect(pipeline.disease == .softmaxEmbedding)
    pipeline = Pipeline().collapsed()
    pipeline.hidden = [sigmoid(0.1 * pipeline.inputs)]
    #expect(pipeline.disease == .deepSigmoid)
  }

  @Test func `lengths that exploded are said, with the reason`() {
    var evidence = Pipeline().collapsed().evidence
    evidence.lengthGrowth = 2000
    #expect(
      diagnose(evidence).description
        == "?: embeddings are 2e+03 times as long as before training: steps that are too large have "
        + "frozen their direction")
  }

  @Test func `what does not fit together is refused`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = PipelineEvidence(inputs: Tensor.zeros(9, 10), embeddings: Tensor.zeros(60, 8))
    }
    let words = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(
      words.contains(
        "PipelineEvidence needs inputs [n, *] and embeddings [n, d] with n at least 2, got [9, 10] "
          + "and [60, 8]; flatten what the network returns"))
  }
}
