import CMathKernels

/// Copies a view whose last two dimensions are those of a transposed matrix, as `x.T` is, to packed
/// memory.
///
/// - Returns: Whether it was one, of floats; else nothing has been done.
func packTransposed(_ source: Tensor, into target: Tensor) -> Bool {
  let rank = source.rank
  if source.dtype != .f32 || rank < 2 || source.strides[rank - 2] != 1 { return false }
  let (rows, columns) = (source.dims[rank - 2], source.dims[rank - 1])
  let step = source.strides[rank - 1]
  if rows < 16 || columns < 16 || step < rows { return false }
  var outer = Dims()
  var steps = Dims()
  for i in 0..<(rank - 2) {
    outer.append(source.dims[i])
    steps.append(source.strides[i])
  }
  outer.append(1)
  steps.append(0)
  let streams = target.count >= streamedCount && columns % 16 == 0
  forEachRun(outer, steps, steps) { from, _, index in
    transpose(
      source.f32 + from, step, target.f32 + index * rows * columns, rows, columns, streams)
  }
  return true
}

/// out[i, j] = p[i + j · step]: bands of 32 rows of `p` pass through a buffer in the cache, so that
/// both sides are read and written by whole cache lines.
private func transpose(
  _ p: F32, _ step: Int, _ out: F32, _ rows: Int, _ columns: Int, _ streams: Bool
) {
  let band = 32
  parallel((columns + band - 1) / band, grain: Swift.max(1, elementGrain / (band * rows))) {
    lo, hi in
    withScratch(band * 16) { buffer in
      for part in lo..<hi {
        let j = part * band
        let width = Swift.min(band, columns - j)
        var i = 0
        while i < rows {
          let height = Swift.min(16, rows &- i)
          block(p + (i &+ j &* step), step, buffer, height, width)
          // A block's neighbour lies in the next line of the same rows.
          for k in 0..<width { k_prefetch(p + (i &+ 32 &+ (j &+ k) &* step)) }
          for r in 0..<height {
            let (from, to) = (buffer + r &* band, out + ((i &+ r) &* columns &+ j))
            if streams && width == band {
              k_stream(to, load(from, 0))
              k_stream(to + 8, load(from, 8))
              k_stream(to + 16, load(from, 16))
              k_stream(to + 24, load(from, 24))
            } else {
              to.update(from: from, count: width)
            }
          }
          i &+= 16
        }
      }
    }
    k_fence()
  }
}

/// Up to sixteen rows of the result, 32 floats apart.
@inline(__always)
private func block(_ p: F32, _ step: Int, _ buffer: F32, _ height: Int, _ width: Int) {
  if height == 16 && width % 8 == 0 {
    var j = 0
    while j < width {
      k_transpose8(p + j &* step, step, buffer + j, 32)
      k_transpose8(p + (j &* step &+ 8), step, buffer + (8 &* 32 &+ j), 32)
      j &+= 8
    }
  } else {
    for r in 0..<height {
      for j in 0..<width { buffer[r &* 32 &+ j] = p[j &* step &+ r] }
    }
  }
}
