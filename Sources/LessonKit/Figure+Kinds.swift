extension Figure {
  /// Draws lines, each with a band around it if it has one.
  ///
  /// - Precondition: There is a title and a description, every series has as many x as y, and all
  ///   numbers are finite. The other kinds ask for the same.
  public static func lines(
    _ title: String, description: String, x: String, y: String, _ series: Series...,
    file: StaticString = #file, line: UInt = #line
  ) -> Figure {
    Figure(title: title, description: description, x: x, y: y, content: .lines(series))
      .checked(file, line)
  }

  /// Draws clouds of points.
  public static func scatter(
    _ title: String, description: String, x: String, y: String, _ series: Series...,
    file: StaticString = #file, line: UInt = #line
  ) -> Figure {
    Figure(title: title, description: description, x: x, y: y, content: .scatter(series))
      .checked(file, line)
  }

  /// Draws bars side by side in each category.
  public static func bars(
    _ title: String, description: String, categories: [String], y: String, _ bars: Bars...,
    file: StaticString = #file, line: UInt = #line
  ) -> Figure {
    Figure(
      title: title, description: description, x: "", y: y,
      content: .bars(categories: categories, bars)
    ).checked(file, line)
  }

  /// Draws how often values fall into equal bins.
  ///
  /// - Parameters:
  ///   - values: The values, at least one.
  ///   - bins: How many bins, from the least value to the greatest.
  ///   - range: What the bins cover, if not all values; values outside are left out.
  public static func histogram(
    _ title: String, description: String, x: String, values: [Double], bins: Int = 20,
    range: ClosedRange<Double>? = nil, file: StaticString = #file, line: UInt = #line
  ) -> Figure {
    if !(1...200).contains(bins) {
      refuse("a histogram has 1 to 200 bins, got \(bins)", file, line)
    }
    if values.isEmpty || !values.allSatisfy(\.isFinite) {
      refuse("a histogram needs finite values, at least one", file, line)
    }
    var low = range?.lowerBound ?? values.min() ?? 0
    var high = range?.upperBound ?? values.max() ?? 1
    if low == high { (low, high) = (low - 0.5, high + 0.5) }
    let width = (high - low) / Double(bins)
    var counts = [Double](repeating: 0, count: bins)
    for value in values where (low...high).contains(value) {
      counts[min(Int((value - low) / width), bins - 1)] += 1
    }
    let edges = (0...bins).map { low + Double($0) * width }
    return Figure(
      title: title, description: description, x: x, y: "",
      content: .histogram(edges: edges, counts: counts)
    ).checked(file, line)
  }

  /// Draws a table of numbers as colours, from the least to the greatest.
  public static func heatmap(
    _ title: String, description: String, rows: [String], columns: [String], values: [[Double]],
    x: String = "", y: String = "", file: StaticString = #file, line: UInt = #line
  ) -> Figure {
    Figure(
      title: title, description: description, x: x, y: y,
      content: .heatmap(Heatmap(rows: rows, columns: columns, values: values))
    ).checked(file, line)
  }

  /// Draws grey pictures in a grid.
  ///
  /// - Parameter columns: How many stand in a row.
  public static func images(
    _ title: String, description: String, columns: Int = 8, _ pictures: [Picture],
    file: StaticString = #file, line: UInt = #line
  ) -> Figure {
    Figure(
      title: title, description: description, x: "", y: "",
      content: .images(pictures, columns: columns)
    ).checked(file, line)
  }

  /// Draws points that move from frame to frame: a page shows them with a slider, and the first, the
  /// middle and the last frame where it has none.
  ///
  /// - Parameters:
  ///   - groups: The group of each point, which gives it its colour and mark.
  ///   - frames: At least one, with as many places as `groups`; of more than 1,000 points the first
  ///     1,000 are drawn.
  public static func embedding(
    _ title: String, description: String, groups: [String], frames: [Embedding.Frame],
    file: StaticString = #file, line: UInt = #line
  ) -> Figure {
    let kept = min(groups.count, 1_000)
    let cut = frames.map { frame in
      groups.count > kept && frame.x.count == groups.count && frame.y.count == groups.count
        ? Embedding.Frame(
          frame.label, x: Array(frame.x[..<kept]), y: Array(frame.y[..<kept])) : frame
    }
    return Figure(
      title: title, description: description, x: "", y: "",
      content: .embedding(Embedding(groups: Array(groups[..<kept]), frames: cut))
    ).checked(file, line)
  }

  private func checked(_ file: StaticString, _ line: UInt) -> Figure {
    if let problem { refuse("the figure '\(title)' \(problem)", file, line) }
    return self
  }
}
