// Panels of the operands of a product, packed so that a tile reads them in order.

/// Panels of 6 rows of A, step by step.
func packA(_ a: F32, _ rs: Int, _ cs: Int, _ m: Int, _ k: Int, _ out: F32) {
  var o = out
  var i = 0
  while i < m {
    let r = Swift.min(6, m &- i)
    let p = a + i &* rs
    if r == 6 {
      let (p0, p1, p2) = (p, p + rs, p + 2 &* rs)
      let (p3, p4, p5) = (p + 3 &* rs, p + 4 &* rs, p + 5 &* rs)
      var q = 0
      for _ in 0..<k {
        o[0] = p0[q]
        o[1] = p1[q]
        o[2] = p2[q]
        o[3] = p3[q]
        o[4] = p4[q]
        o[5] = p5[q]
        o += 6
        q &+= cs
      }
    } else {
      for q in 0..<k {
        for t in 0..<6 { o[t] = t < r ? p[t &* rs &+ q &* cs] : 0 }
        o += 6
      }
    }
    i &+= 6
  }
}

/// Panels of 16 columns of B, step by step.
func packB(_ b: F32, _ rs: Int, _ cs: Int, _ k: Int, _ n: Int, _ out: F32) {
  var o = out
  var j = 0
  while j < n {
    let c = Swift.min(16, n &- j)
    let p = b + j &* cs
    if c == 16 && cs == 1 {
      for q in 0..<k {
        let s = p + q &* rs
        store(o, 0, load(s, 0))
        store(o, 8, load(s, 8))
        o += 16
      }
    } else if c == 16 && rs == 1 {
      for t in 0..<16 {
        let s = p + t &* cs
        var w = o + t
        for q in 0..<k {
          w.pointee = s[q]
          w += 16
        }
      }
      o += 16 &* k
    } else {
      for q in 0..<k {
        for t in 0..<16 { o[t] = t < c ? p[q &* rs &+ t &* cs] : 0 }
        o += 16
      }
    }
    j &+= 16
  }
}
