/// A sum of many terms, made in a fixed number of parts that are then added in order: it has one value
/// for any number of threads.
///
/// - Parameters:
///   - count: How many terms there are, such as the images of a batch.
///   - limit: How many parts at most.
///   - size: The floats of the sum.
///   - scratch: The floats that each part may work in.
///   - cleared: How many of them are 0 at first.
///   - add: Adds a range of the terms to a sum.
///   - total: Takes the whole.
@inline(__always)
func sumInParts(
  _ count: Int, atMost limit: Int, size: Int, scratch: Int, cleared: Int,
  add: (_ terms: Range<Int>, _ sum: F32, _ scratch: F32) -> Void, total: (F32) -> Void
) {
  let parts = Swift.max(1, Swift.min(count, limit))
  withScratch(parts &* size) { sums in
    sums.update(repeating: 0, count: parts &* size)
    parallel(parts, grain: 1) { lo, hi in
      withScratch(scratch) { work in
        for part in lo..<hi {
          work.update(repeating: 0, count: cleared)
          add((part * count / parts)..<((part + 1) * count / parts), sums + part * size, work)
        }
      }
    }
    var part = 1
    while part < parts {
      addRun(sums, sums + part * size, size)
      part += 1
    }
    total(sums)
  }
}

/// Adds to `width` sums, in whole registers, the rows of a matrix.
func addPoints(_ rows: F32, _ count: Int, _ width: Int, _ sum: F32) {
  var j = 0
  while j < width {
    var s = V8.zero
    var p = rows + j
    for _ in 0..<count {
      s += load(p, 0)
      p += width
    }
    store(sum, j, load(sum, j) + s)
    j &+= 8
  }
}

/// Adds one run of floats to another.
func addRun(_ to: F32, _ from: F32, _ n: Int) {
  for i in 0..<n { to[i] += from[i] }
}
