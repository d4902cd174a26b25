/// Pairs each exercise with the solution that follows it.
struct ExerciseRules {
  private var exercises: [Int] = []
  private var solutions: [(cell: Int, exercise: Int?)] = []

  mutating func note(_ cell: Cell) {
    if cell.options.isExercise { exercises.append(cell.index) }
    if cell.options.isSolution { solutions.append((cell.index, exercises.last)) }
  }

  /// Returns what is missing, and gives each solution its exercise's promises where it has none.
  ///
  /// The check stands once, under the starter: what the starter must not print, the solution must.
  func finish(_ cells: inout [Cell]) -> [Diagnostic] {
    var found: [Diagnostic] = []
    var solved: Set<Int> = []
    for (solution, exercise) in solutions {
      guard let exercise else {
        found.append(LessonRule.solutionWithoutExercise(at: cells[solution].span.start))
        continue
      }
      solved.insert(exercise)
      if cells[solution].expectedOutput == nil, cells[solution].printsClaims.isEmpty {
        cells[solution].expectedOutput = cells[exercise].expectedOutput
        cells[solution].printsClaims = cells[exercise].printsClaims
      }
    }
    for exercise in exercises {
      if cells[exercise].expectedOutput == nil, cells[exercise].printsClaims.isEmpty {
        found.append(LessonRule.exerciseWithoutCheck(at: cells[exercise].span.start))
      }
      if !solved.contains(exercise) {
        found.append(LessonRule.exerciseWithoutSolution(at: cells[exercise].span.start))
      }
    }
    return found
  }
}
