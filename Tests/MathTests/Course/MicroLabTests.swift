import Math
import Testing

/// Golden values of a reference in Python (NumPy, float64), seed 0; see each test.
@Suite struct MicroLabTests {
  static let tolerance = 1e-6  // rounding grows over 300 steps, to about 1e-9 in the reference

  @Test func `pairs are those of the reference`() throws {
    let labels = try MicroData().trainLabels
    var sampler = PairSampler(labels, mode: .balanced, seed: 1000)
    let (first, second) = sampler.batch(32)
    #expect(Array(first.prefix(6)) == [234, 773, 679, 77, 522, 715])
    #expect(Array(second.prefix(6)) == [944, 292, 729, 598, 438, 808])
    #expect(Array(second.suffix(3)) == [524, 813, 707])
    let same = zip(first, second).map { labels[$0] == labels[$1] }
    #expect(same == Array(repeating: true, count: 16) + Array(repeating: false, count: 16))
  }

  @Test func `data and weights are those of the reference`() throws {
    let data = try MicroData()
    #expect(data.trainImages.shape == [1000, 49] && data.testImages.shape == [500, 49])
    #expect(abs(data.trainImages.mean().item() - 0.287322204) < 1e-9)
    let net = MicroNet(seed: 0)
    #expect(abs(net.weights[0][0, 0].item() - 0.109517374) < 1e-9)
    #expect(abs(net.biases[0][2].item() + 0.063885803) < 1e-9)
    #expect(abs(net.weights[2][0, 1].item() + 0.047854263) < 1e-9)
  }

  @Test(arguments: [
    (Disease.healthy, 0.532938095, 0.362753249), (.deepDefaultInit, 0.813258596, 0.999988280),
    (.positivesOnly, 0.000200341, 0.999799659), (.deadUnits, 0.499996, 1),
    (.pairedWithItself, 0.313261688, 1), (.softmaxEmbedding, 0.813241485, 0.999938183),
  ])
  func `a run ends where the reference ends`(patient: (Disease, loss: Double, cosine: Double))
    throws
  {
    let run = try MicroLab().train(MicroRecipe(patient.0), seed: 0)
    #expect(abs(run.loss - patient.loss) < Self.tolerance)
    #expect(abs(run.printed - patient.cosine) < Self.tolerance)
  }

  @Test func `a report measures what the reference measures`() throws {
    let lab = try MicroLab()
    let report = lab.report(lab.train(seed: 0))
    #expect(abs(report.auc - 0.8858441215) < Self.tolerance)
    #expect(report.nearestNeighbour == 0.636)
    #expect(abs(report.effectiveRank - 3.5984665862) < Self.tolerance)
    #expect(abs(report.centredEffectiveRank - 3.5888705336) < Self.tolerance)
    #expect(abs(report.spread - 0.8892766604) < Self.tolerance)
    #expect(report.deadShare == 0.21875 && report.uniqueRows == 500)
  }

  @Test func `the tree names every disease on seeds it was not written on`() throws {
    let lab = try MicroLab()
    for disease in Disease.allCases where disease != .unknown {
      let run = lab.train(MicroRecipe(disease), seed: 24)
      #expect(diagnose(lab.evidence(run)).disease == disease)
    }
  }

  @Test func `missing data name the package`() {
    #expect(throws: CourseDataError.self) { try MicroData(folder: "/nowhere") }
    do {
      _ = try FashionImages("train", folder: "/nowhere")
    } catch {
      #expect(error.description.contains("apt-get install dataset-fashion-mnist"))
    }
  }

  @Test(arguments: [(0.5, "0.5000"), (-0.00001, "0.0000"), (-1.25, "-1.2500"), (.nan, "nan")])
  func `fixed digits lose no sign but that of zero`(example: (Double, text: String)) {
    #expect(example.0.fixed(4) == example.text)
    #expect(example.0.fixed(4, width: 9).count == 9)
  }
}
