extension Figure {
  /// What keeps the figure from being drawn, as the rest of a sentence that begins with the figure; nil
  /// where nothing does.
  public var problem: String? {
    if isBlank(title) { return "has no title" }
    if isBlank(description) {
      return "has no description; say what it shows, for those who can't see it"
    }
    switch content {
    case .lines(let series), .scatter(let series): return problem(series)
    case .bars(let categories, let bars): return problem(categories, bars)
    case .histogram(let edges, let counts):
      if edges.count != counts.count + 1 || counts.isEmpty {
        return "needs one edge more than counts, got \(edges.count) and \(counts.count)"
      }
      return notFinite(edges, "its edges") ?? notFinite(counts, "its counts")
    case .heatmap(let map): return problem(map)
    case .images(let pictures, let columns): return problem(pictures, columns)
    case .embedding(let embedding): return problem(embedding)
    }
  }

  private func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }

  private func problem(_ series: [Series]) -> String? {
    if series.allSatisfy(\.x.isEmpty) { return "has no points" }
    for one in series {
      if one.x.count != one.y.count {
        return "has \(one.x.count) x but \(one.y.count) y in '\(one.name)'"
      }
      if let band = one.band, band.low.count != one.y.count || band.high.count != one.y.count {
        return "has a band of another length than the line in '\(one.name)'"
      }
      let edges = (one.band?.low ?? []) + (one.band?.high ?? [])
      if let problem = notFinite(one.x + one.y + edges, "'\(one.name)'") { return problem }
    }
    let count = series.reduce(0) { $0 + $1.x.count }
    return count > 20_000 ? "has \(count) points, more than 20000; draw every tenth" : nil
  }

  private func problem(_ categories: [String], _ bars: [Bars]) -> String? {
    if categories.isEmpty || bars.isEmpty { return "has no bars" }
    for group in bars {
      if group.values.count != categories.count {
        return
          "has \(categories.count) categories but \(group.values.count) values in '\(group.name)'"
      }
      if let problem = notFinite(group.values, "'\(group.name)'") { return problem }
    }
    return nil
  }

  private func problem(_ map: Heatmap) -> String? {
    if map.rows.isEmpty || map.columns.isEmpty { return "has no rows or no columns" }
    if map.values.count != map.rows.count
      || map.values.contains(where: { $0.count != map.columns.count })
    {
      return "needs \(map.rows.count) rows of \(map.columns.count) values"
    }
    if map.rows.count * map.columns.count > 10_000 { return "has more than 10000 fields" }
    return map.values.lazy.compactMap { notFinite($0, "its values") }.first
  }

  private func problem(_ pictures: [Picture], _ columns: Int) -> String? {
    if pictures.isEmpty { return "has no pictures" }
    if columns < 1 || columns > 40 { return "needs 1 to 40 columns, got \(columns)" }
    var count = 0
    for picture in pictures {
      guard let width = picture.rows.first?.count, width > 0,
        picture.rows.allSatisfy({ $0.count == width })
      else { return "has a picture whose rows differ in length, or are empty" }
      count += width * picture.rows.count
      if let problem = picture.rows.lazy.compactMap({ notFinite($0, "a picture") }).first {
        return problem
      }
    }
    return count > 200_000 ? "has \(count) pixels, more than 200000" : nil
  }

  private func problem(_ embedding: Embedding) -> String? {
    if embedding.frames.isEmpty || embedding.groups.isEmpty { return "has no frames or no points" }
    for frame in embedding.frames {
      if frame.x.count != embedding.groups.count || frame.y.count != embedding.groups.count {
        return "has \(embedding.groups.count) points but other places in '\(frame.label)'"
      }
      if let problem = notFinite(frame.x + frame.y, "'\(frame.label)'") { return problem }
    }
    let count = embedding.groups.count * embedding.frames.count
    return count > 60_000 ? "has \(count) places, more than 60000; keep fewer frames" : nil
  }

  private func notFinite(_ values: [Double], _ where: String) -> String? {
    guard let index = values.firstIndex(where: { !$0.isFinite }) else { return nil }
    return "holds \(values[index]) in \(`where`), and only finite numbers can be drawn"
  }
}
