import Math
import Testing

@Suite struct RefusalTests {
  private static func text(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  @Test func `shapes that do not match name the rule, the shapes and the caller's line`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = cosineSimilarity(Tensor.zeros(3, 4), Tensor.zeros(5, 4))
    }
    let text = RefusalTests.text(result)
    #expect(
      text.contains(
        "cosineSimilarity needs shapes that broadcast, got [3, 4] and [5, 4]; "
          + "compare matching rows"))
    #expect(text.contains("RefusalTests.swift"))
  }

  @Test func `a second backward pass is refused`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let y = (Tensor([1], requiresGrad: true) * 2).sum()
      y.backward()
      y.backward()
    }
    #expect(RefusalTests.text(result).contains("pass retainGraph: true the first time"))
  }

  @Test func `backward without anything recorded is refused`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { Tensor([1]).sum().backward() }
    #expect(RefusalTests.text(result).contains("set x.requiresGrad = true before computing"))
  }

  @Test func `backward of several elements without a gradient is refused`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { (Tensor([1, 2], requiresGrad: true) * 2).backward() }
    #expect(
      RefusalTests.text(result).contains(
        "backward needs a single element or a gradient, got shape [2]"))
  }

  @Test func `an input changed in place before backward is refused`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      let x = Tensor([1], requiresGrad: true)
      let factor = Tensor([2])
      let y = (x * factor).sum()
      factor.fill(3)
      y.backward()
    }
    #expect(RefusalTests.text(result).contains("was changed in place"))
  }

  @Test func `running counts of GHM have a place for each bin`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      _ = ghmClassificationLoss(
        Tensor([1, -1]), target: Tensor([1, 0]), bins: 3, momentum: 0.5, counts: Tensor([4, 0]))
    }
    #expect(
      RefusalTests.text(result).contains(
        "ghmClassificationLoss needs counts of shape [3], got [2]; pass those of the result before")
    )
  }

  @Test func `a parameter is not changed where operations are recorded`() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { Tensor([1], requiresGrad: true).fill(0) }
    #expect(RefusalTests.text(result).contains("change it inside noGrad { }"))
  }
}
