/// Joins tensors along a dimension; 1-d tensors without elements are passed over.
///
/// - Parameters:
///   - tensors: Of at least one dimension; their dtypes are promoted to one.
///   - dim: The dimension; negative counts from the last.
/// - Precondition: There is a tensor, and the shapes agree but along `dim`.
public func cat(
  _ tensors: [Tensor], dim: Int = 0, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  require(
    !tensors.isEmpty,
    "cat needs a tensor, got none; guard against an empty list", file: file, line: line)
  for x in tensors {
    require(
      x.rank > 0, "cat needs dimensions, got a 0-d tensor; use stack", file: file, line: line)
  }
  let parts = tensors.filter { !($0.rank == 1 && $0.count == 0) }
  guard let first = parts.first else { return tensors[0].clone() }
  let d = first.resolve(dim, "cat", file, line)
  var dtype = first.dtype
  var target = first.dims
  target[d] = 0
  for x in parts {
    var same = x.rank == first.rank
    for i in 0..<first.rank where same && i != d { same = x.dims[i] == first.dims[i] }
    require(
      same,
      "cat needs shapes that agree but along dim \(d), got \(first.shape) and \(x.shape); "
        + "join along another dim, or reshape",
      file: file, line: line)
    target[d] = target[d] + x.dims[d]
    dtype = promoted(Tensor(empty: Dims([0]), dtype), x)
  }
  for x in tensors { dtype = promoted(Tensor(empty: Dims([0]), dtype), x) }
  let out = Tensor(empty: target, dtype)
  var start = 0
  noGrad {
    for x in parts where x.dims[d] > 0 {
      let window = out.sliced(d, start: start, count: x.dims[d], step: 1)
      unpack(x.cast(to: dtype).packed(), into: window)
      start += x.dims[d]
    }
  }
  return out.recorded(parts, saves: false) { y, g in
    var start = 0
    for x in y.more ?? [] {
      let n = x.dims[d]
      x.receive(g.sliced(d, start: start, count: n, step: 1).to(x.dtype))
      start += n
    }
  }
}

/// Joins tensors of one shape along a new dimension.
///
/// - Parameters:
///   - tensors: Of one shape; their dtypes are promoted to one.
///   - dim: Where the new dimension will be; negative counts from the last of the result.
/// - Precondition: There is a tensor, and all shapes are equal.
public func stack(
  _ tensors: [Tensor], dim: Int = 0, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  require(
    !tensors.isEmpty,
    "stack needs a tensor, got none; guard against an empty list", file: file, line: line)
  let d = tensors[0].resolve(dim, "stack", file, line, extra: 1)
  for x in tensors {
    require(
      x.dims == tensors[0].dims,
      "stack needs equal shapes, got \(tensors[0].shape) and \(x.shape); "
        + "join those that differ with cat", file: file, line: line)
  }
  return cat(tensors.map { $0.unsqueezed(dim: d) }, dim: d, file: file, line: line)
}

extension Tensor {
  /// Cuts into pieces of one size along a dimension; the last may be smaller.
  ///
  /// - Parameters:
  ///   - size: The size of a piece along the dimension.
  ///   - dim: The dimension; negative counts from the last.
  /// - Returns: Views of this tensor, at least one.
  /// - Precondition: The dimension exists; the size is 1 or more.
  public func split(
    _ size: Int, dim: Int = 0, file: StaticString = #file, line: UInt = #line
  ) -> [Tensor] {
    require(
      rank > 0,
      "split needs a dimension, got a 0-d tensor; unsqueeze it", file: file, line: line)
    let d = resolve(dim, "split", file, line)
    let n = dims[d]
    require(
      size > 0 || (size == 0 && n == 0),
      "split needs a size of 1 or more, got \(size); "
        + "the size of a piece, not their number",
      file: file, line: line)
    if n == 0 { return [sliced(d, start: 0, count: 0, step: 1)] }
    return stride(from: 0, to: n, by: size).map {
      sliced(d, start: $0, count: Swift.min(size, n - $0), step: 1)
    }
  }

  /// Cuts into pieces of the sizes given.
  ///
  /// - Parameters:
  ///   - sizes: The sizes of the pieces along the dimension, 0 or more.
  ///   - dim: The dimension; negative counts from the last.
  /// - Returns: Views of this tensor, one a size.
  /// - Precondition: The dimension exists, and the sizes add up to its own.
  public func split(
    _ sizes: [Int], dim: Int = 0, file: StaticString = #file, line: UInt = #line
  ) -> [Tensor] {
    require(
      rank > 0, "split needs a dimension, got a 0-d tensor; unsqueeze it", file: file, line: line)
    let d = resolve(dim, "split", file, line)
    require(
      sizes.allSatisfy { $0 >= 0 } && sizes.reduce(0, +) == dims[d],
      "split needs sizes that add up to \(dims[d]), got \(sizes); "
        + "chunked shares them out", file: file, line: line)
    var start = 0
    return sizes.map { n in
      defer { start += n }
      return sliced(d, start: start, count: n, step: 1)
    }
  }

  /// Cuts into pieces of size ⌈n / count⌉: perhaps fewer than asked for.
  ///
  /// - Parameters:
  ///   - count: How many pieces are wanted.
  ///   - dim: The dimension; negative counts from the last.
  /// - Returns: Views of this tensor; of no elements as many as wanted.
  /// - Precondition: The dimension exists; 1 piece or more.
  public func chunked(
    _ count: Int, dim: Int = 0, file: StaticString = #file, line: UInt = #line
  ) -> [Tensor] {
    require(
      rank > 0,
      "chunked needs a dimension, got a 0-d tensor; unsqueeze it", file: file, line: line)
    require(
      count > 0,
      "chunked needs 1 or more pieces, got \(count); count the pieces wanted", file: file,
      line: line)
    let d = resolve(dim, "chunked", file, line)
    if dims[d] == 0 {
      return (0..<count).map { _ in sliced(d, start: 0, count: 0, step: 1) }
    }
    return split((dims[d] + count - 1) / count, dim: d, file: file, line: line)
  }

  /// Returns a copy in reverse order along some dimensions.
  ///
  /// - Precondition: The dimensions exist and differ.
  public func flipped(
    dims list: [Int], file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    let resolved = resolve(all: list, "flipped", file, line)
    var s = strides
    var offset = 0
    for d in resolved where dims[d] > 0 {
      offset += (dims[d] - 1) * strides[d]
      s[d] = -strides[d]
    }
    return Tensor(view: self, offset: offset, dims: dims, strides: s).copied()
      .recorded(self, saves: false) { y, g in y.a.receive(g.flipped(dims: resolved)) }
  }

  /// Returns a copy moved along dimensions, with what leaves at one end entering at the other.
  ///
  /// - Parameters:
  ///   - shifts: How far, a number a dimension; negative moves towards the front.
  ///   - list: The dimensions; negative ones count from the last, and an empty list rolls the
  ///     flattened tensor.
  /// - Precondition: The dimensions exist, with a shift for each; one shift without dimensions.
  public func rolled(
    shifts: [Int], dims list: [Int] = [], file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    if list.isEmpty {
      require(
        shifts.count == 1,
        "rolled without dims needs one shift, got \(shifts); name a dim for each", file: file,
        line: line)
      return flattened().rolled(shifts: shifts, dims: [0], file: file, line: line)
        .reshaped(to: dims)
    }
    require(
      shifts.count == list.count,
      "rolled needs a shift a dim, got \(shifts) for \(list); pair them",
      file: file, line: line)
    if count == 0 { return clone() }
    var x = self
    for (shift, dim) in zip(shifts, list) {
      require(
        rank > 0, "rolled needs a dim \(dim), got a tensor without dims; leave dims out",
        file: file, line: line)
      let d = resolve(dim, "rolled", file, line)
      let n = dims[d]
      let k = ((shift % n) + n) % n
      x = cat(
        [
          x.sliced(d, start: n - k, count: k, step: 1),
          x.sliced(d, start: 0, count: n - k, step: 1),
        ], dim: d)
    }
    return x === self ? clone() : x
  }

  /// Returns the tensor repeated: so many times along each dimension.
  ///
  /// - Parameter counts: At least as many as there are dimensions; more put new ones in front.
  /// - Precondition: A count of 0 or more for each dimension.
  public func repeated(
    _ counts: [Int], file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    require(
      counts.count >= rank && counts.allSatisfy { $0 >= 0 } && 2 * counts.count <= 16,
      "repeated needs at least \(rank) counts of 0 or more for shape \(shape), got \(counts); "
        + "write 1 for what stays",
      file: file, line: line)
    var x = self
    while x.rank < counts.count { x = x.unsqueezed(dim: 0) }
    for (d, k) in counts.enumerated() {
      if k == 1 { continue }
      x =
        k == 0
        ? x.sliced(d, start: 0, count: 0, step: 1)
        : cat(Array(repeating: x, count: k), dim: d)
    }
    return x === self ? clone() : x
  }

  /// Returns the tensor repeated; a short list counts for the last dimensions.
  ///
  /// - Parameter counts: How often along each of the last dimensions; more than there are put new
  ///   ones in front.
  /// - Precondition: Counts of 0 or more.
  public func tiled(_ counts: [Int], file: StaticString = #file, line: UInt = #line) -> Tensor {
    let missing = Swift.max(0, rank - counts.count)
    return repeated(Array(repeating: 1, count: missing) + counts, file: file, line: line)
  }
}
