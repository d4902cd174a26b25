/// Calls `body` with the offsets of every run along the last dimension of `dims`, for two walks.
@inline(__always)
func forEachRun(
  _ dims: Dims, _ sa: Dims, _ sb: Dims, _ body: (_ a: Int, _ b: Int, _ out: Int) -> Void
) {
  let rank = dims.rank
  if rank == 0 {
    body(0, 0, 0)
    return
  }
  let n = dims[rank &- 1]
  var runs = 1
  for i in 0..<(rank - 1) { runs = runs &* dims[i] }
  if n == 0 || runs == 0 { return }
  var index = Dims(repeating: 0, count: rank)
  var a = 0
  var b = 0
  var out = 0
  var run = 0
  while true {
    body(a, b, out)
    run &+= 1
    if run == runs { return }
    out &+= n
    var d = rank &- 2
    while d >= 0 {
      let next = index[d] &+ 1
      if next < dims[d] {
        index[d] = next
        a &+= sa[d]
        b &+= sb[d]
        break
      }
      index[d] = 0
      a &-= sa[d] &* (dims[d] &- 1)
      b &-= sb[d] &* (dims[d] &- 1)
      d &-= 1
    }
  }
}

/// Copies the elements of `source`, which may be strided, to the packed `target` of its shape.
func pack(_ source: Tensor, into target: Tensor) {
  if !source.isContiguous && packTransposed(source, into: target) { return }
  switch source.dtype.size {
  case 1: copyElements(source, target, as: UInt8.self)
  case 4: copyElements(source, target, as: UInt32.self)
  default: copyElements(source, target, as: UInt64.self)
  }
}

@inline(__always)
private func copyElements<T>(_ source: Tensor, _ target: Tensor, as type: T.Type) {
  let from = source.pointer(type)
  let to = target.pointer(type)
  if source.isContiguous {
    to.update(from: from, count: source.count)
    return
  }
  let rank = source.dims.rank
  let n = source.dims[rank - 1]
  let step = source.strides[rank - 1]
  forEachRun(source.dims, source.strides, source.strides) { a, _, out in
    let p = from + a
    let q = to + out
    if step == 1 {
      q.update(from: p, count: n)
    } else {
      var i = 0
      while i < n {
        q[i] = p[i &* step]
        i &+= 1
      }
    }
  }
}

/// Copies the packed `source` over the elements that `target`, which may be strided, shows.
func unpack(_ source: Tensor, into target: Tensor) {
  switch source.dtype.size {
  case 1: scatterElements(source, target, as: UInt8.self)
  case 4: scatterElements(source, target, as: UInt32.self)
  default: scatterElements(source, target, as: UInt64.self)
  }
}

@inline(__always)
private func scatterElements<T>(_ source: Tensor, _ target: Tensor, as type: T.Type) {
  let from = source.pointer(type)
  let to = target.pointer(type)
  if target.isContiguous {
    to.update(from: from, count: source.count)
    return
  }
  let rank = target.dims.rank
  let n = target.dims[rank - 1]
  let step = target.strides[rank - 1]
  forEachRun(target.dims, target.strides, target.strides) { b, _, out in
    var i = 0
    while i < n {
      to[b &+ i &* step] = from[out &+ i]
      i &+= 1
    }
  }
}
