/// Finds what a misspelt word was meant to be.
enum EditDistance {
  /// Returns the nearest of the known words, or nil where none is near enough to be meant.
  static func nearest(to word: String, among known: [String]) -> String? {
    let limit = word.utf8.count <= 4 ? 1 : max(2, word.utf8.count / 3)
    var best: (word: String, distance: Int)?
    for candidate in known {
      let distance = between(word.lowercased(), candidate, atMost: limit)
      if distance <= limit, distance < (best?.distance ?? Int.max) { best = (candidate, distance) }
    }
    return best?.word
  }

  /// Returns how many insertions, deletions, replacements and swaps of neighbours lead from one word to
  /// the other, or any number above `limit` where that takes more.
  static func between(_ first: String, _ second: String, atMost limit: Int) -> Int {
    let a = Array(first.unicodeScalars)
    let b = Array(second.unicodeScalars)
    guard abs(a.count - b.count) <= limit else { return limit + 1 }
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
