/// A number that readers may change among a few values: the cells are run for each, ahead of time.
///
///     ```swift values=0.1|0.5|2
///     let temperature = 0.5
///     ```
package struct LessonParameter: Sendable, Equatable {
  /// The name that the cell declares.
  package var name: String
  /// The index of the cell.
  package var cell: Int
  /// The value that stands in the lesson.
  package var value: String
  /// All values, the lesson's own among them, in the order that the author gives.
  package var values: [String]
  /// Where the value stands in the cell's code, in bytes.
  var place: Range<Int>

  /// Reads the parameter that a cell declares, or nil where the cell has none.
  init?(_ cell: Cell) {
    guard !cell.options.values.isEmpty else { return nil }
    let text = Array(cell.source.utf8)
    let tokens = SwiftLexer.tokens(of: text).filter { $0.kind != .comment }
    func word(_ index: Int) -> String {
      tokens.indices.contains(index)
        ? String(decoding: text[tokens[index].bytes], as: UTF8.self) : ""
    }
    for index in tokens.indices where ["let", "var"].contains(word(index)) {
      guard let equals = (index + 2...index + 4).first(where: { word($0) == "=" }) else { continue }
      let isNegative = word(equals + 1) == "-"
      let last = equals + (isNegative ? 2 : 1)
      guard tokens.indices.contains(last) else { continue }
      let place = tokens[equals + 1].bytes.lowerBound..<tokens[last].bytes.upperBound
      let value = String(decoding: text[place], as: UTF8.self)
      guard cell.options.values.contains(value) else { continue }
      name = word(index + 1)
      self.cell = cell.index
      self.value = value
      values = cell.options.values
      self.place = place
      return
    }
    return nil
  }
}

extension LessonParameter {
  /// Returns what is wrong with a cell that declares a parameter: a lesson has one at most, and the cell
  /// gives it one of its values.
  static func problem(of cell: Cell, after cells: [Cell]) -> Diagnostic? {
    guard !cell.options.values.isEmpty else { return nil }
    if let first = cells.first(where: { !$0.options.values.isEmpty }) {
      return LessonRule.secondParameter(first: first.span.start, at: cell.span.start)
    }
    guard LessonParameter(cell) == nil else { return nil }
    return LessonRule.parameterWithoutValue(cell.options.values, at: cell.span.start)
  }
}

extension Lesson {
  /// The parameter of the lesson, where it has one.
  package var parameter: LessonParameter? { cells.lazy.compactMap(LessonParameter.init).first }

  /// Returns the lesson with another value of its parameter.
  ///
  /// What the author promises holds for the lesson's own value; under others a cell must end as it
  /// promises, but may print anything.
  package func withParameter(_ parameter: LessonParameter, at value: String) -> Lesson {
    var lesson = self
    for index in lesson.cells.indices
    where index >= parameter.cell && !cells[index].options.isExercise
      && !cells[index].options.isSolution
    {
      lesson.cells[index].expectedOutput = nil
      lesson.cells[index].expectedDiagnostics = nil
      lesson.cells[index].printsClaims = []
    }
    var text = Array(lesson.cells[parameter.cell].source.utf8)
    text.replaceSubrange(parameter.place, with: Array(value.utf8))
    lesson.cells[parameter.cell].source = String(decoding: text, as: UTF8.self)
    return lesson
  }
}
