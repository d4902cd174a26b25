import Testing
import VectorPaths

/// What kernels are made of gives the same on processors with AVX2 and FMA and without.
@Suite struct PortablePathTests {
  private static let awkward: [Float] = [
    0, -0.0, 0.5, 1.5, 2.5, -0.5, -1.5, 0.3, -0.7, 1, -1, 0x1p-130, -0x1p-149, 8_388_607.5,
    8_388_609,
    -16_777_218, 1e30, -3e38, .infinity, -.infinity, .nan, 123.456, 1e-20, 4_194_304.5,
  ]

  private func vector(_ seed: Int) -> [Float] {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    return (0..<8).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1
      let k = Int(state >> 40)
      return k % 3 == 0 ? Float(k % 20_001 - 10_000) / 128 : Self.awkward[k % Self.awkward.count]
    }
  }

  @Test(arguments: 0..<VECTOR_FUNCTIONS)
  func `a function of vectors gives the same on every processor`(function: Int) {
    for seed in 1...400 {
      let (a, b, c) = (vector(3 * seed), vector(3 * seed + 1), vector(3 * seed + 2))
      var built = [Float](repeating: 0, count: 64)
      var portable = built
      withAligned { out in
        vectors_as_built(Int32(function), a, b, c, out)
        for i in 0..<64 { built[i] = out[i] }
      }
      withAligned { out in
        vectors_portable(Int32(function), a, b, c, out)
        for i in 0..<64 { portable[i] = out[i] }
      }
      let name = String(cString: vector_function_name(Int32(function)))
      let agrees = zip(built, portable).enumerated().allSatisfy { i, pair in
        let (x, y) = pair
        if x.bitPattern == y.bitPattern || (x.isNaN && y.isNaN) { return true }
        // Without FMA a product and a sum are rounded each.
        return name == "fma" && i < 8
          && (!(x - y).isFinite
            || abs(x - y) <= 2 * abs(a[i] * b[i]).ulp + 2 * abs(c[i]).ulp)
      }
      #expect(agrees, "\(name) of \(a), \(b), \(c): \(built), \(portable)")
    }
  }

  /// Streaming writes whole registers.
  private func withAligned(_ body: (UnsafeMutablePointer<Float>) -> Void) {
    let block = UnsafeMutableRawPointer.allocate(byteCount: 256, alignment: 32)
    defer { block.deallocate() }
    let out = block.bindMemory(to: Float.self, capacity: 64)
    out.update(repeating: 0, count: 64)
    body(out)
  }
}
