import Math

private func list(_ call: Call, _ name: String) -> [Int] { call.ints(name) ?? [] }

private func split(_ call: Call) throws -> [Tensor] {
  let x = try call.tensor(0)
  let dim = call.int("dim", 0)
  if case .list? = call.kwargs["split_size_or_sections"] {
    return x.split(list(call, "split_size_or_sections"), dim: dim)
  }
  return x.split(call.int("split_size_or_sections", 0), dim: dim)
}

private func fill(_ call: Call) throws -> [Tensor] {
  let (x, mask) = (try call.tensor(0), try call.tensor(1))
  if let value = call.tensor("value") { return [x.maskedFilled(mask, value)] }
  return [x.maskedFilled(mask, call.double("value", 0))]
}

private func unique(_ call: Call) throws -> [Tensor] {
  let found = try call.tensor(0).unique(dim: call.int("dim"))
  return [found.values] + (call.bool("return_inverse") ? [found.inverse] : [])
    + (call.bool("return_counts") ? [found.counts] : [])
}

extension Replay {
  /// Views, copies and indexing.
  static let shapes: [String: Handler] = [
    "reshape": { [try $0.tensor(0).reshaped(list($0, "shape"))] },
    "view": { [try $0.tensor(0).reshaped(list($0, "size"))] },
    "permute": { [try $0.tensor(0).permuted(list($0, "dims"))] },
    "transpose": { [try $0.tensor(0).transposed($0.int("dim0", 0), $0.int("dim1", 1))] },
    "t": { [try $0.tensor(0).transposed()] },
    "squeeze": { call in
      let x = try call.tensor(0)
      return [call.ints("dim").map { x.squeezed(dim: $0) } ?? x.squeezed()]
    },
    "unsqueeze": { [try $0.tensor(0).unsqueezed(dim: $0.int("dim", 0))] },
    "expand": { [try $0.tensor(0).expanded(list($0, "size"))] },
    "broadcast_to": { [try $0.tensor(0).expanded(list($0, "size"))] },
    "cat": { [cat(try $0.tensors(0), dim: $0.int("dim", 0))] },
    "stack": { [stack(try $0.tensors(0), dim: $0.int("dim", 0))] },
    "split": split,
    "split_with_sizes": {
      try $0.tensor(0).split(list($0, "split_sizes"), dim: $0.int("dim", 0))
    },
    "chunk": { try $0.tensor(0).chunked($0.int("chunks", 1), dim: $0.int("dim", 0)) },
    "flatten": {
      [try $0.tensor(0).flattened(startDim: $0.int("start_dim", 0), endDim: $0.int("end_dim", -1))]
    },
    "index_select": {
      [try $0.tensor(0).indexSelected(dim: $0.int("dim", 0), index: try $0.need("index"))]
    },
    "gather": { [try $0.tensor(0).gathered(dim: $0.int("dim", 0), index: try $0.need("index"))] },
    "masked_select": { [try $0.tensor(0).maskedSelected(try $0.tensor(1))] },
    "masked_fill": fill,
    "select": { [try $0.tensor(0).selected(dim: $0.int("dim", 0), index: $0.int("index", 0))] },
    "narrow": {
      [
        try $0.tensor(0).narrowed(
          dim: $0.int("dim", 0), start: $0.int("start", 0), length: $0.int("length", 0))
      ]
    },
    "slice": {
      [
        try $0.tensor(0).sliced(
          dim: $0.int("dim", 0), from: $0.int("start"), to: $0.int("end"), step: $0.int("step", 1))
      ]
    },
    "flip": { [try $0.tensor(0).flipped(dims: list($0, "dims"))] },
    "roll": { [try $0.tensor(0).rolled(shifts: list($0, "shifts"), dims: list($0, "dims"))] },
    "repeat": { [try $0.tensor(0).repeated(list($0, "repeats"))] },
    "tile": { [try $0.tensor(0).tiled(list($0, "dims"))] },
    "tril": { [try $0.tensor(0).lowerTriangle(diagonal: $0.int("diagonal", 0))] },
    "triu": { [try $0.tensor(0).upperTriangle(diagonal: $0.int("diagonal", 0))] },
    "diagonal": {
      [
        try $0.tensor(0).diagonal(
          offset: $0.int("offset", 0), dim1: $0.int("dim1", 0), dim2: $0.int("dim2", 1))
      ]
    },
    "nn.functional.pad": {
      [
        try $0.tensor(0).padded(
          list($0, "pad"), mode: try $0.choice("mode", PaddingMode.constant),
          value: $0.double("value", 0))
      ]
    },
    "nn.functional.one_hot": { call in
      let classes = call.int("num_classes", -1)
      return [oneHot(try call.tensor(0), numClasses: classes == -1 ? nil : classes)]
    },
    "unique": unique,
    "sort": { call in
      let s = try call.tensor(0).sorted(
        dim: call.int("dim", -1), descending: call.bool("descending"))
      return [s.values, s.indices]
    },
    "topk": { call in
      let s = try call.tensor(0).topK(
        call.int("k", 1), dim: call.int("dim", -1), largest: call.bool("largest", true))
      return [s.values, s.indices]
    },
  ]
}
