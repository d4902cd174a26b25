/// The probability that a positive scores higher than a negative; ties count half.
///
/// - Parameters:
///   - scores: Of any shape.
///   - labels: Not 0 for positives, as many.
/// - Returns: NaN if there are no positives or no negatives.
/// - Precondition: As many scores as labels.
public func areaUnderCurve(
  _ scores: Tensor, labels: Tensor, file: StaticString = #file, line: UInt = #line
) -> Double {
  require(
    scores.count == labels.count,
    "areaUnderCurve needs a label a score, got \(scores.shape) and \(labels.shape); "
      + "score each label once", file: file,
    line: line)
  let values = scores.detach().doubles
  let positive = labels.detach().doubles.map { $0 != 0 }
  let order = ascendingOrder(values)
  var rankSum = 0.0
  var i = 0
  while i < order.count {
    var j = i
    while j + 1 < order.count && values[order[j + 1]] == values[order[i]] { j += 1 }
    // Tied scores share the mean of their ranks.
    let rank = Double(i + j) / 2 + 1
    for k in i...j where positive[order[k]] { rankSum += rank }
    i = j + 1
  }
  let p = Double(positive.filter { $0 }.count)
  return (rankSum - p * (p + 1) / 2) / (p * (Double(values.count) - p))
}

/// How often class i was taken for class j: row i, column j.
///
/// - Parameters:
///   - predictions: Classes, `i64`, shape `[n]`.
///   - labels: The right ones, `i64`, shape `[n]`.
///   - classes: How many classes there are.
/// - Returns: Shape `[classes, classes]`, `i64`.
/// - Precondition: As many of both, in `0..<classes`.
public func confusionMatrix(
  _ predictions: Tensor, labels: Tensor, classes: Int, file: StaticString = #file,
  line: UInt = #line
) -> Tensor {
  require(
    predictions.dims == labels.dims,
    "confusionMatrix needs as many predictions as labels, got \(predictions.shape) and "
      + "\(labels.shape); predict each label once", file: file, line: line)
  predictions.requireIndices(predictions, below: classes, "confusionMatrix", file, line)
  predictions.requireIndices(labels, below: classes, "confusionMatrix", file, line)
  let out = Tensor.full(Dims([classes, classes]), 0, .i64)
  for (p, y) in zip(predictions.ints, labels.ints) { out.i64[y * classes + p] += 1 }
  return out
}

/// The part of predictions that are right; scores `[n, c]` are turned into classes first.
///
/// - Parameters:
///   - predictions: Classes, shape `[n]`, or scores, shape `[n, c]`, the largest of which counts.
///   - labels: The right classes, shape `[n]`.
/// - Returns: In `0...1`; NaN of none.
/// - Precondition: A label a prediction.
public func accuracy(
  _ predictions: Tensor, labels: Tensor, file: StaticString = #file, line: UInt = #line
) -> Double {
  let classes = predictions.rank == 2 ? predictions.detach().argmax(dim: 1) : predictions
  require(
    classes.dims == labels.dims,
    "accuracy needs a label a prediction, got \(predictions.shape) and \(labels.shape); "
      + "pass classes [n] or scores [n, c]",
    file: file, line: line)
  return (classes .== labels).to(.f64).mean().item()
}
