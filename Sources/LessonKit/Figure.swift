/// A drawing of numbers: the same value becomes a picture on a page, a table, and text in a terminal.
///
///     let figure = Figure.lines(
///       "Loss by epoch", description: "Both losses fall; the test loss rises again after epoch 12.",
///       x: "epoch", y: "loss",
///       Series("training", x: epochs, y: training), Series("test", x: epochs, y: test))
///     display(figure)
///
/// The description is for those who can't see the picture: it says what the picture shows, not how it
/// is drawn. The numbers can be checked like any others, such as `expect(figure.series[0].y, near: …)`.
public struct Figure: Sendable, Codable, Equatable {
  /// What is drawn.
  public enum Content: Sendable, Codable, Equatable {
    /// Joined points.
    case lines([Series])
    /// Single points.
    case scatter([Series])
    /// Bars side by side in each category.
    case bars(categories: [String], [Bars])
    /// Counts between edges, one more edge than counts.
    case histogram(edges: [Double], counts: [Double])
    /// A table as shades.
    case heatmap(Heatmap)
    /// Grey pictures in a grid.
    case images([Picture], columns: Int)
    /// Points that move.
    case embedding(Embedding)
  }

  /// The caption.
  public var title: String
  /// What the picture shows, in words.
  public var description: String
  /// What the horizontal axis measures; empty for none.
  public var x: String
  /// What the vertical axis measures; empty for none.
  public var y: String
  /// The numbers, by the way they are drawn.
  public var content: Content

  /// The lines or point clouds of the figure; empty for other kinds.
  public var series: [Series] {
    switch content {
    case .lines(let series), .scatter(let series): series
    default: []
    }
  }
}

/// A line or a cloud of points: a name and as many x as y.
public struct Series: Sendable, Codable, Equatable {
  /// What the legend says.
  public var name: String
  /// Where the points stand.
  public var x: [Double]
  /// The values.
  public var y: [Double]
  /// The lower and the upper edge of a band around a line, or nil for no band.
  public var band: Band?

  /// The edges of a band, one value each for each point of the line.
  public struct Band: Sendable, Codable, Equatable {
    /// The lower edge.
    public var low: [Double]
    /// The upper edge.
    public var high: [Double]
  }

  /// Makes a series.
  ///
  /// - Parameters:
  ///   - name: What the legend says.
  ///   - x: Where the points stand; 0, 1, 2, … if not given.
  ///   - y: The values, finite.
  ///   - low: The lower edge of a band, as many values as points.
  ///   - high: The upper edge of a band.
  public init(
    _ name: String, x: [Double]? = nil, y: [Double], low: [Double]? = nil, high: [Double]? = nil
  ) {
    self.name = name
    self.x = x ?? y.indices.map(Double.init)
    self.y = y
    if let low, let high { band = Band(low: low, high: high) }
  }
}

/// One bar in each category.
public struct Bars: Sendable, Codable, Equatable {
  /// What the legend says.
  public var name: String
  /// One a category.
  public var values: [Double]

  /// Makes a group of bars, one value a category.
  public init(_ name: String, _ values: [Double]) {
    self.name = name
    self.values = values
  }
}

/// A table of numbers, drawn as colours.
public struct Heatmap: Sendable, Codable, Equatable {
  /// The names of the rows.
  public var rows: [String]
  /// The names of the columns.
  public var columns: [String]
  /// One list a row.
  public var values: [[Double]]
}

/// A grey picture: rows of values from 0, black, to 1, white.
public struct Picture: Sendable, Codable, Equatable {
  /// What stands under it; may be empty.
  public var caption: String
  /// From the top; all are as long.
  public var rows: [[Double]]

  /// Makes a picture of rows that are all as long.
  public init(_ caption: String, rows: [[Double]]) {
    self.caption = caption
    self.rows = rows
  }
}

/// Points that move over the steps of a training.
public struct Embedding: Sendable, Codable, Equatable {
  /// The group of each point, the same in every frame.
  public var groups: [String]
  /// One a step, with the same points in the same order.
  public var frames: [Frame]

  /// Where the points stand at one step.
  public struct Frame: Sendable, Codable, Equatable {
    /// Such as `step 200`.
    public var label: String
    /// Where the points stand.
    public var x: [Double]
    /// How high they stand.
    public var y: [Double]

    /// Makes a frame with one place a point.
    public init(_ label: String, x: [Double], y: [Double]) {
      self.label = label
      self.x = x
      self.y = y
    }
  }
}
