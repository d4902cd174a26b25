import Glibc

/// What all losses of boxes are made of.
///
/// Boxes are x1, y1, x2, y2 with x1 < x2 and y1 < y2.
private struct BoxPair {
  let w: Tensor
  let h: Tensor
  let wg: Tensor
  let hg: Tensor
  let intersection: Tensor
  let union: Tensor
  /// The sides of the smallest box around both.
  let cw: Tensor
  let ch: Tensor
  /// The offsets of the centres.
  let dx: Tensor
  let dy: Tensor
  let eps: Double

  init(
    _ p: Tensor, _ t: Tensor, _ eps: Double, _ name: StaticString, _ file: StaticString,
    _ line: UInt
  ) {
    require(
      p.rank == 2 && p.dims[1] == 4 && p.dims == t.dims,
      "\(name) needs boxes [n, 4] for prediction and target, got \(p.shape) and \(t.shape); "
        + "pair each box with its target",
      file: file, line: line)
    self.eps = eps
    func side(_ x: Tensor, _ i: Int) -> Tensor { x.selected(dim: 1, index: i) }
    let (px1, py1, px2, py2) = (side(p, 0), side(p, 1), side(p, 2), side(p, 3))
    let (tx1, ty1, tx2, ty2) = (side(t, 0), side(t, 1), side(t, 2), side(t, 3))
    w = px2 - px1
    h = py2 - py1
    wg = tx2 - tx1
    hg = ty2 - ty1
    let across = (minimum(px2, tx2) - maximum(px1, tx1)).clamped(min: 0)
    let down = (minimum(py2, ty2) - maximum(py1, ty1)).clamped(min: 0)
    intersection = across * down
    union = w * h + wg * hg - intersection
    cw = maximum(px2, tx2) - minimum(px1, tx1)
    ch = maximum(py2, ty2) - minimum(py1, ty1)
    dx = (px1 + px2 - tx1 - tx2) / 2
    dy = (py1 + py2 - ty1 - ty2) / 2
  }

  var iou: Tensor { intersection / (union + eps) }
  /// The part of the box around both that neither covers.
  var gap: Tensor { (cw * ch - union) / (cw * ch + eps) }
  /// The squared distance of the centres over the squared diagonal of the box around both.
  var centers: Tensor { (dx * dx + dy * dy) / (cw * cw + ch * ch + eps) }
  /// How far the ratios of the sides differ.
  var aspect: Tensor {
    let angle = atan(wg / hg) - atan(w / h)
    return angle * angle * (4 / (Double.pi * Double.pi))
  }
  /// The weight of `aspect`, without gradient.
  func aspectWeight(_ v: Tensor) -> Tensor {
    noGrad { v.detach() / (1 - iou.detach() + v.detach() + eps) }
  }
}

/// How `iouLoss` grows as the overlap falls.
public enum IoULossKind: String, Sendable {
  /// 1 - IoU.
  case linear
  /// -ln(IoU + eps).
  case log
}

/// 1 - IoU of boxes, or -ln IoU; without gradient where boxes do not touch.
///
/// - Parameters:
///   - x: Boxes x1, y1, x2, y2, shape `[n, 4]`.
///   - target: As `x`.
///   - kind: `.linear` is at most 1; `.log` grows as the overlap nears 0.
///   - eps: Added to the union, in the squared unit of the boxes, and for `.log` to the IoU.
///   - reduction: What is made of the losses of single boxes, shape `[n]`.
/// - Precondition: Both are `[n, 4]`.
///
/// Source: Yu et al., UnitBox, 2016, arXiv:1608.01471.
public func iouLoss(
  _ x: Tensor, target: Tensor, kind: IoULossKind = .linear, eps: Double = 1e-7,
  reduction: LossReduction = .mean, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  let iou = BoxPair(x, target, eps, "iouLoss", file, line).iou
  return (kind == .linear ? 1 - iou : -log(iou + eps)).reduced(reduction)
}

/// 1 - IoU + (C - U)/(C + eps), C the area of the smallest box around both.
///
/// - Parameters:
///   - x: Boxes x1, y1, x2, y2 with x1 < x2 and y1 < y2, shape `[n, 4]`.
///   - target: As `x`, box by box.
///   - eps: What is added to each divisor.
///   - reduction: What is made of the losses of single boxes, shape `[n]`.
/// - Precondition: As `iouLoss`.
///
/// Source: Rezatofighi et al., Generalized Intersection over Union, 2019, arXiv:1902.09630.
public func giouLoss(
  _ x: Tensor, target: Tensor, eps: Double = 1e-7, reduction: LossReduction = .mean,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  let pair = BoxPair(x, target, eps, "giouLoss", file, line)
  return (1 - pair.iou + pair.gap).reduced(reduction)
}

/// 1 - IoU + ρ²/c²: the distance of the centres over the diagonal of the smallest box around both.
///
/// - Parameters:
///   - x: Boxes x1, y1, x2, y2 with x1 < x2 and y1 < y2, shape `[n, 4]`.
///   - target: As `x`, box by box.
///   - eps: What is added to each divisor.
///   - reduction: What is made of the losses of single boxes, shape `[n]`.
/// - Precondition: As `iouLoss`.
///
/// Source: Zheng et al., Distance-IoU Loss, 2020, arXiv:1911.08287.
public func diouLoss(
  _ x: Tensor, target: Tensor, eps: Double = 1e-7, reduction: LossReduction = .mean,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  let pair = BoxPair(x, target, eps, "diouLoss", file, line)
  return (1 - pair.iou + pair.centers).reduced(reduction)
}

/// DIoU + a v, v = 4/π² (atan(wg/hg) - atan(w/h))², a = v/(1 - IoU + v + eps) without gradient.
///
/// - Parameters:
///   - x: Boxes x1, y1, x2, y2 with x1 < x2 and y1 < y2, shape `[n, 4]`.
///   - target: As `x`, box by box.
///   - eps: What is added to each divisor.
///   - reduction: What is made of the losses of single boxes, shape `[n]`.
/// - Precondition: As `iouLoss`.
///
/// Source: Zheng et al., Distance-IoU Loss, 2020, arXiv:1911.08287.
public func ciouLoss(
  _ x: Tensor, target: Tensor, eps: Double = 1e-7, reduction: LossReduction = .mean,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  let pair = BoxPair(x, target, eps, "ciouLoss", file, line)
  let v = pair.aspect
  return (1 - pair.iou + pair.centers + pair.aspectWeight(v) * v).reduced(reduction)
}

/// DIoU + (w - wg)²/cw² + (h - hg)²/ch²: sides compared one by one.
///
/// - Parameters:
///   - x: Boxes x1, y1, x2, y2 with x1 < x2 and y1 < y2, shape `[n, 4]`.
///   - target: As `x`, box by box.
///   - eps: What is added to each divisor.
///   - reduction: What is made of the losses of single boxes, shape `[n]`.
/// - Precondition: As `iouLoss`.
///
/// Source: Zhang et al., Focal and Efficient IOU Loss, 2021, arXiv:2101.08158.
public func eiouLoss(
  _ x: Tensor, target: Tensor, eps: Double = 1e-7, reduction: LossReduction = .mean,
  file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  let pair = BoxPair(x, target, eps, "eiouLoss", file, line)
  let sides =
    square(pair.w - pair.wg) / (pair.cw * pair.cw + eps)
    + square(pair.h - pair.hg) / (pair.ch * pair.ch + eps)
  return (1 - pair.iou + pair.centers + sides).reduced(reduction)
}

/// 1 - IoU + (Δ + Ω)/2: centres weighed by the angle between them, and sides.
///
///     Λ = 2|dx||dy|/(dx² + dy² + eps) = sin 2α,  γ = 2 - Λ
///     Δ = 2 - e^(-γ (dx/cw)²) - e^(-γ (dy/ch)²),  Ω = Σ (1 - e^(-|w-wg|/max(w,wg)))^θ
///
/// - Parameters:
///   - x: Boxes x1, y1, x2, y2 with x1 < x2 and y1 < y2, shape `[n, 4]`.
///   - target: As `x`, box by box.
///   - theta: The power of the shape's part.
///   - eps: What is added to each divisor.
///   - reduction: What is made of the losses of single boxes, shape `[n]`.
/// - Precondition: As `iouLoss`.
///
/// Source: Gevorgyan, SIoU Loss, 2022, arXiv:2205.12740.
public func siouLoss(
  _ x: Tensor, target: Tensor, theta: Double = 4, eps: Double = 1e-7,
  reduction: LossReduction = .mean, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  let pair = BoxPair(x, target, eps, "siouLoss", file, line)
  let angle = abs(pair.dx) * abs(pair.dy) * 2 / (pair.dx * pair.dx + pair.dy * pair.dy + eps)
  let gamma = 2 - angle
  let across = exp(-gamma * square(pair.dx / (pair.cw + eps)))
  let down = exp(-gamma * square(pair.dy / (pair.ch + eps)))
  func side(_ a: Tensor, _ b: Tensor) -> Tensor {
    pow(1 - exp(-(abs(a - b) / (maximum(a, b) + eps))), theta)
  }
  let shape = side(pair.w, pair.wg) + side(pair.h, pair.hg)
  return (1 - pair.iou + (2 - across - down + shape) / 2).reduced(reduction)
}

/// Which loss `alphaIoULoss` raises to a power.
public enum AlphaIoUKind: String, Sendable {
  /// 1 - IoU^α.
  case iou
  /// and ((C - U)/C)^α.
  case giou
  /// and (ρ²/c²)^α.
  case diou
  /// and (ρ²/c²)^α + (b v)^α.
  case ciou
}

/// The terms of an IoU loss to the power α: better boxes weigh more.
///
/// - Parameters:
///   - x: Boxes x1, y1, x2, y2 with x1 < x2 and y1 < y2, shape `[n, 4]`.
///   - target: As `x`, box by box.
///   - kind: Which terms are raised to the power.
///   - alpha: The power α; 3 is the paper's, 1 gives the loss itself.
///   - eps: What is added to each divisor.
///   - reduction: What is made of the losses of single boxes, shape `[n]`.
/// - Precondition: As `iouLoss`.
///
/// Source: He et al., Alpha-IoU, 2021, arXiv:2110.13675.
public func alphaIoULoss(
  _ x: Tensor, target: Tensor, kind: AlphaIoUKind = .iou, alpha: Double = 3, eps: Double = 1e-7,
  reduction: LossReduction = .mean, file: StaticString = #file, line: UInt = #line
) -> Tensor {
  let site = CallSite(file, line)
  defer { site.leave() }
  let pair = BoxPair(x, target, eps, "alphaIoULoss", file, line)
  var losses = 1 - pow(pair.iou, alpha)
  if kind == .giou { losses = losses + pow(pair.gap, alpha) }
  if kind == .diou || kind == .ciou { losses = losses + pow(pair.centers, alpha) }
  if kind == .ciou {
    let v = pair.aspect
    losses = losses + pow(pair.aspectWeight(v) * v, alpha)
  }
  return losses.reduced(reduction)
}
