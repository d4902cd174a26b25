import Foundation
import Math
import Testing

@Suite struct DataTests {
  @Test func `a loader shuffles by its seed and drops what is asked`() {
    let x = Tensor.arange(10).to(.f32).unsqueezed(dim: 1)
    let y = Tensor.arange(10)
    let loader = DataLoader(x, y, batchSize: 4, seed: 42)
    let first = loader.map { $0.1.ints }
    #expect(first.map(\.count) == [4, 4, 2])
    #expect(first.joined().elementsEqual([8, 3, 6, 5, 4, 0, 9, 2, 1, 7]))
    #expect(loader.map { $0.1.ints } != first)
    #expect(
      DataLoader(x, y, batchSize: 4, dropLast: true).map { $0.1.ints } == [
        [0, 1, 2, 3], [4, 5, 6, 7],
      ])
  }

  @Test func `a table of numbers is read and a bad field named`() throws {
    let x = try CSV.parse("a,b\n1,2\n3, 4.5\n", "text", true)
    #expect(x.doubles == [1, 2, 3, 4.5] && x.shape == [2, 2])
    #expect { try CSV.parse("1,2\n3,x\n") } throws: {
      "\($0)" == "text: expected a number in line 2, not 'x' at byte 4"
    }
  }

  @Test func `a file cut short is refused`() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).idx")
    defer { unlink(file.path) }
    try Data([0, 0, 8, 1, 0, 0, 0, 3, 7, 8]).write(to: file)
    #expect { try IDX.load(file.path) } throws: {
      "\($0)" == "\(file.path): expected 11 bytes for shape [3] at byte 10"
    }
    try Data([0, 0, 8, 1, 0, 0, 0, 2, 7, 8]).write(to: file)
    #expect(try IDX.load(file.path).ints == [7, 8])
  }

  @Test func `missing clothes name the package to install`() {
    #expect { try FashionMNIST.load(from: "/nowhere") } throws: {
      "\($0)".contains("apt install") && "\($0)".contains("dataset-fashion-mnist")
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: FashionMNIST.directory)))
  func `the clothes begin with the labels known`() throws {
    let (images, labels) = try FashionMNIST.load(.test)
    #expect(images.shape == [10_000, 1, 28, 28])
    #expect(labels[0..<5].ints == [9, 2, 1, 1, 6])
  }

  // Reference values: computed by hand, or with NumPy.
  @Test func `metrics give their reference values`() {
    let scores = Tensor([0.9, 0.8, 0.8, 0.1])
    #expect(areaUnderCurve(scores, labels: Tensor([1, 1, 0, 0])) == 0.875)
    let two = Tensor([[3, 0], [0, 1]], dtype: .f64)
    #expect(abs(effectiveRank(two) - 1.754765) < 1e-6)
    #expect(abs(effectiveRank(Tensor.eye(2, dtype: .f64)) - 2) < 1e-12)
    #expect(abs(effectiveRank(Tensor([[1, 0], [0, 0]], dtype: .f64)) - 1) < 1e-12)
    let table = confusionMatrix(
      Tensor([0, 1, 1], dtype: .i64), labels: Tensor([0, 0, 1], dtype: .i64), classes: 2)
    #expect(table.ints == [1, 1, 0, 1])
    let near = nearestNeighbors(Tensor([[1, 0.1]]), in: Tensor([[0, 1], [1, 0], [5, 5]]), k: 2)
    #expect(near.indices.ints == [1, 2])
  }

  @Test func `numbers are ordered by size, equal ones by position`() {
    #expect(ascendingOrder([]) == [])
    #expect(ascendingOrder([0, -0.0, 0]) == [0, 1, 2])
    let ends = [1.5, -.infinity, 0, -1e-300, .infinity, -2, .leastNonzeroMagnitude, -0.0, 1.5, -2]
    #expect(ascendingOrder(ends) == [1, 5, 9, 3, 2, 7, 6, 0, 8, 4])
    var generator = SplitMix64(seed: 8)
    let values = Tensor.normal(5000, dtype: .f64, using: &generator).doubles
      .map { ($0 * 1000).rounded() / 1000 }
    let expected = values.indices.sorted {
      values[$0] == values[$1] ? $0 < $1 : values[$0] < values[$1]
    }
    #expect(ascendingOrder(values) == expected)
  }

  @Test func `AUC is the share of pairs in order, ties counting half`() {
    var generator = SplitMix64(seed: 9)
    let scores = Tensor.normal(300, dtype: .f64, using: &generator).doubles
      .map { ($0 * 10).rounded() }
    let labels = Tensor.uniform(300, dtype: .f64, using: &generator).doubles
      .map { $0 < 0.3 ? 1.0 : 0 }
    var (won, pairs) = (0.0, 0.0)
    for (a, isPositive) in zip(scores, labels) where isPositive == 1 {
      for (b, isOther) in zip(scores, labels) where isOther == 0 {
        won += a > b ? 1 : a == b ? 0.5 : 0
        pairs += 1
      }
    }
    let auc = areaUnderCurve(Tensor(scores), labels: Tensor(labels))
    #expect(abs(auc - won / pairs) < 1e-15)
    #expect(areaUnderCurve(Tensor(scores), labels: Tensor.zeros(300)).isNaN)
  }

  @Test func `principal components of a line lie along it`() {
    let t = Tensor.linspace(-1, 1, 9, dtype: .f64).unsqueezed(dim: 1)
    let points = cat([t * 3, t * 4], dim: 1)
    let pca = principalComponents(points, dims: 1)
    #expect(pca.directions.isClose(to: Tensor([[0.6], [0.8]], dtype: .f64)))
    #expect(abs(pca.shares.item() - 1) < 1e-12)
  }

  @Test func `augmentations keep shapes and repeat by their seed`() {
    var g = SplitMix64(seed: 1)
    let x = Tensor.uniform(3, 1, 8, 8, using: &g)
    #expect(Augmentation.flip(x, p: 1, using: &g).isEqual(to: x.flipped(dims: [3])))
    #expect(Augmentation.shift(x, by: 2, using: &g).shape == x.shape)
    #expect(Augmentation.crop(x, size: 5, using: &g).shape == [3, 1, 5, 5])
    #expect(Augmentation.erase(x, size: 8, using: &g).sum().item() == 0)
    var (a, b) = (SplitMix64(seed: 9), SplitMix64(seed: 9))
    #expect(
      Augmentation.noise(x, std: 0.1, using: &a)
        .isEqual(to: Augmentation.noise(x, std: 0.1, using: &b)))
  }
}
