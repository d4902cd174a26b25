extension Tensor {
  /// Slices of a dimension, `step` apart, as a view; bounds are resolved.
  func sliced(_ dim: Int, start: Int, count n: Int, step: Int) -> Tensor {
    var d = dims
    var s = strides
    d[dim] = n
    s[dim] = strides[dim] * step
    return Tensor(
      view: self, offset: n > 0 ? start * strides[dim] : 0, dims: d, strides: s
    ).recorded(self, saves: false) { y, g in
      y.a.receive(g.embedded(in: y.a.dims, dim, start: start, step: step))
    }
  }

  /// Zeros of a shape with this tensor's slices put in: what a slice passes back.
  func embedded(in target: Dims, _ dim: Int, start: Int, step: Int) -> Tensor {
    let out = Tensor.full(target, 0, dtype)
    let n = dims[dim]
    if n > 0 {
      let window = noGrad { out.sliced(dim, start: start, count: n, step: step) }
      unpack(packed(), into: window)
    }
    return out.recorded(self, saves: false) { y, g in
      y.a.receive(g.sliced(dim, start: start, count: n, step: step))
    }
  }

  /// Returns a run of slices of a dimension; a view.
  ///
  /// - Parameters:
  ///   - dim: The dimension; negative counts from the last.
  ///   - start: The first slice; negative counts from the end.
  ///   - length: How many slices.
  /// - Precondition: There is the dimension, and the run lies within it.
  public func narrowed(
    dim: Int, start: Int, length: Int, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    require(
      rank > 0,
      "narrowed needs a dimension, got a 0-d tensor; unsqueeze it", file: file, line: line)
    let d = resolve(dim, "narrowed", file, line)
    let n = dims[d]
    let first = start < 0 ? start + n : start
    require(
      length >= 0 && first >= 0 && first <= n && length <= n - first,
      "narrowed needs start and length within size \(n), got \(start) and \(length); "
        + "count from 0, or from -1 backwards",
      file: file, line: line)
    return sliced(d, start: first, count: length, step: 1)
  }

  /// Returns a slice by Python's rules: negative from the end, bounds beyond the size cut to it.
  ///
  /// - Parameters:
  ///   - dim: The dimension; negative counts from the last.
  ///   - start: The first slice; `nil` begins with the first of all.
  ///   - end: The bound, not itself taken; `nil` goes to the last.
  ///   - step: How far slices are apart.
  /// - Returns: A view.
  /// - Precondition: There is the dimension, and `step` is 1 or more.
  public func sliced(
    dim: Int = 0, from start: Int? = nil, to end: Int? = nil, step: Int = 1,
    file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    require(
      rank > 0,
      "sliced needs a dimension, got a 0-d tensor; unsqueeze it", file: file, line: line)
    let d = resolve(dim, "sliced", file, line)
    require(
      step > 0,
      "sliced needs a step of 1 or more, got \(step); turn round with flipped", file: file,
      line: line)
    let n = dims[d]
    func cut(_ i: Int) -> Int { Swift.min(Swift.max(i < 0 ? i + n : i, 0), n) }
    let first = cut(start ?? 0)
    let last = Swift.max(first, cut(end ?? n))
    return sliced(d, start: first, count: (last - first + step - 1) / step, step: step)
  }

  /// Returns one slice of a dimension, without that dimension; a view.
  ///
  /// - Parameters:
  ///   - dim: The dimension; negative counts from the last.
  ///   - index: Which slice; negative counts from the end.
  /// - Precondition: There is the dimension, and the index is within it.
  public func selected(
    dim: Int, index: Int, file: StaticString = #file, line: UInt = #line
  ) -> Tensor {
    require(
      rank > 0, "an index needs a dimension, got a 0-d tensor; use item()", file: file, line: line)
    let d = resolve(dim, "selected", file, line)
    let n = dims[d]
    require(
      index >= -n && index < n,
      "index \(index) is out of range for dim \(d) of size \(n) of shape \(shape); "
        + "count from 0, or from -1 backwards", file: file,
      line: line)
    let i = index < 0 ? index + n : index
    var rest = dims
    var s = strides
    rest.remove(at: d)
    s.remove(at: d)
    return Tensor(view: self, offset: i * strides[d], dims: rest, strides: s)
      .recorded(self, saves: false) { y, g in
        y.a.receive(g.unsqueezed(dim: d).embedded(in: y.a.dims, d, start: i, step: 1))
      }
  }

  /// Overwrites the elements with those of a tensor that broadcasts to this shape.
  func overwrite(_ source: Tensor, file: StaticString = #file, line: UInt = #line) {
    require(
      Dims.broadcast(dims, source.dims) == dims,
      "a tensor of shape \(shape) cannot take one of shape \(source.shape); reshape it",
      file: file, line: line)
    require(
      !(Tensor.isRecording && needsGradient),
      "a tensor that requires a gradient is not changed where operations are recorded; "
        + "change it inside noGrad { }", file: file, line: line)
    unpack(source.cast(to: dtype).shown(as: dims).packed(), into: self)
    noteChange()
  }

  /// Overwrites every element with one value, in place.
  ///
  /// - Precondition: A tensor that requires a gradient is changed inside `noGrad`.
  public func fill(_ value: Double, file: StaticString = #file, line: UInt = #line) {
    overwrite(Tensor.scalar(value, dtype), file: file, line: line)
  }

  /// Overwrites the elements, in place, with those of a tensor that broadcasts to this shape.
  ///
  /// - Precondition: The source broadcasts to this shape; a tensor that requires a gradient is
  ///   changed inside `noGrad`.
  public func copy(from source: Tensor, file: StaticString = #file, line: UInt = #line) {
    overwrite(source, file: file, line: line)
  }
}
