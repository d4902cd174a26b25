import Foundation
import Math
import Testing

/// Refusals name the line of the caller's, whatever lies between.
@Suite struct CallerLineTests {
  /// Functions of the standard library that have the name of one of Math's.
  private static let ambiguous: Set<String> = [
    "run", "max", "min", "split", "joined", "sorted", "apply", "train", "normal", "uniform",
  ]

  /// Public declarations that call what may refuse, and why nothing is refused there.
  private static let cannotRefuse: Set<String> = [
    // The shapes are those of one tensor.
    "sign", "isFinite", "prod", "zeros(like", "ones(like", "clamped(to", "clamped(min: Double",
    "xlogy(_ x: Tensor, _ y: Double",
    "pow(_ x: Tensor, _ exponent: Double", "pow(_ base: Double", "pow(_ base: Int",
    // Sizes that were checked before.
    "makeIterator", "shuffle", "load", "init(integerLiteral", "init(arrayLiteral", "layerDefault",
    // The laboratories' own data and networks.
    "init()", "init(folder", "report", "evidence",
  ]

  /// What is passed on as a function of one tensor, as in `[relu, silu]`, has no room for the place;
  /// the lesson's line comes from the stack then, as for operators.
  private static let takenAsValues: Set<String> = [
    "abs", "ceil", "floor", "logSigmoid", "relu", "silu",
  ]

  private func isExempt(_ declaration: MathDeclaration) -> Bool {
    // `callAsFunction` notes the line for every `forward`; operators have no room for arguments.
    if declaration.name == "forward" || declaration.isOperator { return true }
    if CallerLineTests.takenAsValues.contains(declaration.name) { return true }
    let text =
      (declaration.kind == "func" ? declaration.name : declaration.kind)
      + declaration.signature.drop { $0 != "(" }.replacing("( ", with: "(")
    return CallerLineTests.cannotRefuse.contains { name in
      name.contains("(") ? text.hasPrefix(name) : declaration.name == name
    }
  }

  @Test func `a public function that checks its arguments takes the caller's line`() {
    let all = MathSource.declarations
    #expect(all.count > 600)
    for declaration in all where declaration.isPublic && !isExempt(declaration) {
      let checks = declaration.calls(of: ["require", "refuse"])
      #expect(checks.isEmpty || declaration.takesPlace, "\(declaration.place)")
    }
  }

  @Test func `a check passes the line on that its function was given`() {
    for declaration in MathSource.declarations where declaration.takesPlace {
      for call in declaration.calls(of: ["require", "refuse"]) {
        #expect(call.arguments.contains("line"), "\(declaration.place): \(call)")
      }
    }
  }

  @Test func `a public function that calls what may refuse passes the line on or notes it`() {
    let all = MathSource.declarations
    let refusing = Set(
      all.filter { $0.takesPlace && !$0.isOperator && $0.kind == "func" }.map(\.name)
    )
    .subtracting(CallerLineTests.ambiguous).subtracting(["require", "refuse", "recorded"])
    #expect(refusing.count > 100)
    for declaration in all where declaration.isPublic && !isExempt(declaration) {
      let notes = declaration.calls(of: ["CallSite"]).contains { $0.arguments == "(file, line)" }
      if notes { continue }
      for call in declaration.calls(of: refusing) where !call.arguments.contains("line") {
        #expect(declaration.takesPlace, "\(declaration.place) calls \(call)")
      }
    }
  }

  @Test func `every refusal names a way out`() {
    for file in MathSource.files {
      // The options of convolutions and pools have a short word for it.
      let isLayer = file.name.hasPrefix("Layers/")
      for call in file.calls
      where ["require", "refuse"].contains(call.name) || (isLayer && call.name == "fail") {
        // What is put together elsewhere is looked at there.
        let isWorded = call.arguments.contains("\"") && !call.arguments.contains("\\(text)")
        #expect(!isWorded || call.arguments.contains(";"), "\(file.name): \(call)")
      }
    }
  }

  private static func text(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  /// Expects a refusal at the line of `Refused` that bears a mark.
  private func expectPlace(_ result: ExitTest.Result?, _ mark: String, _ words: String) throws {
    let lines = try String(contentsOfFile: #filePath, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(lines.firstIndex { $0.hasSuffix("// here: \(mark)") }) + 1
    let text = CallerLineTests.text(result)
    #expect(text.contains("CallerLineTests.swift:\(line): Fatal error: \(words)"), "\(text)")
  }

  @Test func `a layer refuses at the line that calls it`() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Refused.layer()
    }
    try expectPlace(result, "layer", "linear needs input [*, in] and weight [out, in]")
  }

  @Test func `layers in layers refuse at the line that calls the outermost`() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Refused.nested()
    }
    try expectPlace(result, "nested", "+ needs shapes that broadcast, got [2, 5] and [2, 4]")
  }

  @Test func `a module of one's own is named where it calls`() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Refused.own()
    }
    try expectPlace(result, "own", "BatchNorm2d needs input [n, c, h, w], got [2, 3]")
  }

  @Test func `a call that is over leaves no line behind`() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Linear(3, 2)(Tensor.zeros(4, 3))
      _ = Tensor.zeros(2) + Tensor.zeros(3)
    }
    #expect(CallerLineTests.text(result).contains("Math/Arithmetic.swift"))
  }

  @Test func `a subscript refuses at the line that indexes`() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Refused.index()
    }
    try expectPlace(result, "index", "index 3 is out of range for dim 0 of size 3")
  }

  @Test func `a loss refuses at its line what an operator inside it meets`() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Refused.loss()
    }
    try expectPlace(result, "loss", "* needs shapes that broadcast, got [2, 3] and [4]")
  }

  @Test func `a schedule that is over refuses at the step too many`() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Refused.step()
    }
    try expectPlace(result, "step", "OneCycleLR has 2 steps and cannot take one more")
  }

  @Test func `a measure refuses at its line`() async throws {
    let labels = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Refused.labels()
    }
    try expectPlace(labels, "labels", "leaveOneOutAccuracy needs points [n, d] and labels [n]")
    let report = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Refused.report()
    }
    try expectPlace(report, "report", "EmbeddingReport needs embeddings [n, d] with n at least 2")
    let values = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Refused.values()
    }
    try expectPlace(values, "values", "singularValues needs a matrix, got [3]")
    let close = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Refused.close()
    }
    try expectPlace(close, "close", "isClose needs shapes that broadcast, got [3] and [4]")
  }

  @Test func `a pool too large for the image says what to do`() async throws {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Refused.pool()
    }
    try expectPlace(
      result, "pool",
      "maxPool2d needs windows no larger than the padded input, got kernelSize [3] for [1, 1, 2, 2]; "
        + "take a smaller kernelSize, or a larger padding or image")
  }
}

/// Calls that are refused, outside of the macros of tests, which have a line of their own.
private enum Refused {
  static func layer() {
    let layer = Linear(3, 2)
    _ = layer(Tensor.zeros(4, 5))  // here: layer
  }

  static func nested() {
    let net = Sequential(Sequential(Linear(3, 4), ReLU()), Residual(Linear(4, 5)))
    _ = net(Tensor.zeros(2, 3))  // here: nested
  }

  static func own() {
    struct Net: Module {
      let inner = BatchNorm2d(3)
      func forward(_ x: Tensor) -> Tensor {
        inner(x)  // here: own
      }
    }
    _ = Net()(Tensor.zeros(2, 3))
  }

  static func index() {
    let x = Tensor.zeros(2, 3)
    _ = x[1, 3]  // here: index
  }

  static func loss() {
    let x = Tensor.zeros(2, 3)
    let weight = Tensor.zeros(4)
    _ = binaryCrossEntropyWithLogits(x, target: x, weight: weight)  // here: loss
  }

  static func step() {
    let schedule = OneCycleLR(SGD([Tensor([0])], lr: 1), maxLR: 1, totalSteps: 2)
    for _ in 0..<3 {
      schedule.step()  // here: step
    }
  }

  static func labels() {
    _ = leaveOneOutAccuracy(Tensor.zeros(2, 3), labels: Tensor([1]))  // here: labels
  }

  static func report() {
    _ = EmbeddingReport(Tensor.zeros(2, 3), labels: [1])  // here: report
  }

  static func values() {
    _ = singularValues(Tensor.zeros(3))  // here: values
  }

  static func close() {
    _ = Tensor.zeros(3).isClose(to: Tensor.zeros(4))  // here: close
  }

  static func pool() {
    _ = MaxPool2d(3)(Tensor.zeros(1, 1, 2, 2))  // here: pool
  }
}
