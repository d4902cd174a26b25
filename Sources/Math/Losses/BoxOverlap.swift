import CMathKernels

/// The intersection over union of every box of one list with every box of another.
///
/// - Parameters:
///   - a: Boxes x1, y1, x2, y2 with x1 < x2 and y1 < y2, shape `[n, 4]`.
///   - b: As `a`, shape `[m, 4]`.
/// - Returns: Shape `[n, m]`, in `0...1`; NaN for two boxes without area.
/// - Precondition: Both are lists of boxes of one dtype.
///
/// Source: torchvision, `torchvision.ops.box_iou`.
public func boxIoU(
  _ a: Tensor, _ b: Tensor, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  require(
    a.rank == 2 && b.rank == 2 && a.dims[1] == 4 && b.dims[1] == 4 && a.dtype == b.dtype
      && a.dtype.isFloatingPoint,
    "boxIoU needs boxes [n, 4] and [m, 4] of one floating-point dtype, got \(a.shape) of "
      + "\(a.dtype) and \(b.shape) of \(b.dtype); "
      + "reshape, and convert one with to(_:)", file: file, line: line)
  let isRecorded = Tensor.isRecording && (a.needsGradient || b.needsGradient)
  if a.dtype == .f32 && !isRecorded { return overlaps(a.packed(), b.packed()) }
  func side(_ x: Tensor, _ i: Int, _ dim: Int) -> Tensor {
    x.selected(dim: 1, index: i).unsqueezed(dim: dim)
  }
  func area(_ x: Tensor, _ dim: Int) -> Tensor {
    (side(x, 2, dim) - side(x, 0, dim)) * (side(x, 3, dim) - side(x, 1, dim))
  }
  func reach(_ low: Int) -> Tensor {
    (minimum(side(a, low + 2, 1), side(b, low + 2, 0))
      - maximum(side(a, low, 1), side(b, low, 0))).clamped(min: 0)
  }
  let intersection = reach(0) * reach(1)
  return intersection / (area(a, 1) + area(b, 0) - intersection)
}

/// The same for floats, eight pairs at a time.
private func overlaps(_ a: Tensor, _ b: Tensor) -> Tensor {
  let (n, m) = (a.dims[0], b.dims[0])
  let out = Tensor(empty: Dims([n, m]), .f32)
  let streams = out.count >= streamedCount
  // Sides and areas of the second list, each in a run of its own, and zeros to whole registers.
  let room = (m + 7) / 8 * 8
  withScratch(5 * room) { sides in
    sides.update(repeating: 0, count: 5 * room)
    for j in 0..<m {
      let box = b.f32 + 4 * j
      for k in 0..<4 { sides[k * room + j] = box[k] }
      sides[4 * room + j] = (box[2] - box[0]) * (box[3] - box[1])
    }
    parallel(n, grain: Swift.max(1, 16_384 / Swift.max(1, m))) { lo, hi in
      for i in lo..<hi {
        let box = a.f32 + 4 * i
        let (x1, y1) = (splat(box[0]), splat(box[1]))
        let (x2, y2) = (splat(box[2]), splat(box[3]))
        let area = splat((box[2] - box[0]) * (box[3] - box[1]))
        let overlap: (Int) -> V8 = { j in
          let left = k_max(x1, load(sides, j))
          let top = k_max(y1, load(sides, room &+ j))
          let right = k_min(x2, load(sides, 2 &* room &+ j))
          let bottom = k_min(y2, load(sides, 3 &* room &+ j))
          let common = k_max(splat(0), right - left) * k_max(splat(0), bottom - top)
          return common / (area + load(sides, 4 &* room &+ j) - common)
        }
        run(out.f32 + i &* m, m, streams, overlap) { j in
          overlap(j & ~7)[j & 7]
        }
      }
    }
  }
  return out
}
