/// Sums of products by Einstein's rule: `einsum("ij,jk->ik", a, b)` is the matrix product.
///
/// Letters name dimensions; one that the output lacks is summed over; `...` stands for dimensions
/// that broadcast; without `->` the output has the letters that occur once, in order.
///
/// - Parameters:
///   - equation: A term of letters for each operand, divided by commas, and perhaps `->` and the
///     output's; blanks are passed over.
///   - operands: As many as there are terms, a letter a dimension.
/// - Precondition: As many terms as operands, whose sizes agree letter by letter or are 1; no
///   letter twice in the output, and none there that no term has.
public func einsum(
  _ equation: String, _ operands: Tensor..., file: StaticString = #file, line: UInt = #line
) -> Tensor { einsum(equation, operands, file: file, line: line) }

/// Sums of products by Einstein's rule, of a list of operands.
///
/// - Parameters:
///   - equation: A term of letters for each operand, divided by commas, and perhaps `->` and the
///     output's; blanks are passed over.
///   - operands: As many as there are terms, a letter a dimension.
/// - Precondition: As for operands one by one.
public func einsum(
  _ equation: String, _ operands: [Tensor], file: StaticString = #file, line: UInt = #line
) -> Tensor {
  func fail(_ reason: String) -> Never {
    refuse(
      "einsum: \(reason) in \"\(equation)\"; write a letter for each size, as in ij,jk->ik",
      file: file, line: line)
  }
  let text = equation.filter { $0 != " " }
  let arrow = text.indices.first { text[$0...].hasPrefix("->") }
  let left = arrow.map { String(text[..<$0]) } ?? text
  let terms = left.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  if terms.count != operands.count {
    fail("\(terms.count) terms for \(operands.count) operands")
  }
  /// Labels of a term; `nil` stands for one dimension of the ellipsis, counted from the right.
  enum Label: Hashable {
    case letter(Character)
    case dots(Int)
  }
  func labels(_ term: String, dots: Int) -> [Label] {
    var list: [Label] = []
    var rest = Substring(term)
    while let c = rest.first {
      if rest.hasPrefix("...") {
        list += (0..<dots).reversed().map { .dots($0) }
        rest = rest.dropFirst(3)
      } else {
        if !(c.isLetter && c.isASCII) { fail("'\(c)' is not a letter") }
        list.append(.letter(c))
        rest = rest.dropFirst()
      }
    }
    return list
  }
  var lists: [[Label]] = []
  var dotsWide = 0
  for (term, x) in zip(terms, operands) {
    let named = term.filter { $0 != "." }.count
    let dots = term.contains("...") ? x.rank - named : 0
    if dots < 0 || named + dots != x.rank {
      fail("term '\(term)' does not fit shape \(x.shape)")
    }
    dotsWide = max(dotsWide, dots)
    lists.append(labels(term, dots: dots))
  }
  var sizes: [Label: Int] = [:]
  for (list, x) in zip(lists, operands) {
    for (i, label) in list.enumerated() {
      let n = x.dims[i]
      let known = sizes[label] ?? 1
      if known != n && known != 1 && n != 1 { fail("sizes \(known) and \(n) for one label") }
      sizes[label] = known == 1 ? n : known
    }
  }
  let dotLabels = (0..<dotsWide).reversed().map { Label.dots($0) }
  var output: [Label]
  if let arrow {
    output = labels(String(text[arrow...].dropFirst(2)), dots: dotsWide)
    if Set(output).count != output.count { fail("an output letter twice") }
    for label in output where sizes[label] == nil { fail("an output letter no operand has") }
  } else {
    var counts: [Label: Int] = [:]
    for label in lists.joined() { counts[label, default: 0] += 1 }
    let single = counts.filter { $0.value == 1 }.keys.compactMap {
      if case .letter(let c) = $0 { c } else { nil }
    }
    output = dotLabels + single.sorted().map { .letter($0) }
  }
  let order = output + sizes.keys.filter { !output.contains($0) }.sorted { "\($0)" < "\($1)" }
  // Every operand in one order of labels, then multiplied from the left; labels that neither the
  // output nor a later operand has are summed away as matrix products.
  var result: (labels: [Label], x: Tensor)?
  for (k, (list, operand)) in zip(lists, operands).enumerated() {
    var x = operand
    var labels = list
    for label in Set(list) {
      // A letter twice in a term: its diagonal.
      while let i = labels.firstIndex(of: label),
        let j = labels.lastIndex(of: label), i != j
      {
        if x.dims[i] != x.dims[j] { fail("a repeated letter of sizes \(x.dims[i]), \(x.dims[j])") }
        x = x.diagonal(dim1: i, dim2: j)
        labels.remove(at: j)
        labels.remove(at: i)
        labels.append(label)
      }
    }
    let later = Set(lists[(k + 1)...].joined()).union(output)
    guard let before = result else {
      result = (labels, x)
      if k == lists.count - 1 || !labels.allSatisfy({ later.contains($0) }) {
        result = reduce(labels, x, keep: later)
      }
      continue
    }
    let summed = Set(before.labels + labels).subtracting(later)
    result = contract(before, (labels, x), summed, order.filter { sizes[$0] != nil })
  }
  guard let result else { fail("no operands") }
  let places = output.map { result.labels.firstIndex(of: $0) }
  if places.contains(nil) { fail("an output letter no operand has") }
  let y = result.x.permuted(places.compactMap { $0 })
  return y.expanded(to: Dims(output.map { sizes[$0] ?? 1 }))

  func reduce(_ labels: [Label], _ x: Tensor, keep: Set<Label>) -> (labels: [Label], x: Tensor) {
    let gone = labels.indices.filter { !keep.contains(labels[$0]) }
    if gone.isEmpty { return (labels, x) }
    return (labels.filter { keep.contains($0) }, x.sum(dim: gone))
  }

  func contract(
    _ a: (labels: [Label], x: Tensor), _ b: (labels: [Label], x: Tensor), _ summed: Set<Label>,
    _ order: [Label]
  ) -> (labels: [Label], x: Tensor) {
    // Labels only one side has and that are summed go first.
    let a = reduce(a.labels, a.x, keep: Set(a.labels).subtracting(summed).union(b.labels))
    let b = reduce(b.labels, b.x, keep: Set(b.labels).subtracting(summed).union(a.labels))
    let shared = order.filter { a.labels.contains($0) && b.labels.contains($0) }
    let inner = shared.filter { summed.contains($0) }
    let batch = shared.filter { !summed.contains($0) }
    let onlyA = a.labels.filter { !shared.contains($0) }
    let onlyB = b.labels.filter { !shared.contains($0) }
    func arranged(_ side: (labels: [Label], x: Tensor), _ list: [Label]) -> Tensor {
      let full = side.x.expanded(
        to: Dims(
          side.labels.map {
            shared.contains($0) ? sizes[$0] ?? 1 : side.x.dims[side.labels.firstIndex(of: $0) ?? 0]
          }))
      return full.permuted(list.compactMap { side.labels.firstIndex(of: $0) })
    }
    let x = arranged(a, batch + onlyA + inner)
    let y = arranged(b, batch + inner + onlyB)
    let batchSizes = Array(x.shape.prefix(batch.count))
    let sizesA = Array(x.shape.dropFirst(batch.count).prefix(onlyA.count))
    let sizesB = Array(y.shape.suffix(onlyB.count))
    let k = inner.reduce(1) { $0 * (sizes[$1] ?? 1) }
    let n = batchSizes.reduce(1, *)
    let product = matmul(
      x.reshaped([n, sizesA.reduce(1, *), k]), y.reshaped([n, k, sizesB.reduce(1, *)]))
    return (batch + onlyA + onlyB, product.reshaped(batchSizes + sizesA + sizesB))
  }
}
