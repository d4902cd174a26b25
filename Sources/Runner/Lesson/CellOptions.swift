/// What the words after `swift` on a fence line say about a cell.
package struct CellOptions: Sendable, Equatable {
  /// How the author promises that the cell ends.
  package enum Ending: String, Sendable {
    case success
    case compileFail = "compile-fail"
    case `throws`
    case traps
  }

  package var ending = Ending.success
  /// `hidden`: runs, but readers don't see it.
  package var isHidden = false
  /// `no-run`: compiled, never executed.
  package var isNoRun = false
  /// `nondeterministic`: runs and must end well; its output is not compared.
  package var isNondeterministic = false
  /// `isolated`: a chain of its own, without the cells before it; later cells don't see it.
  package var isIsolated = false
  /// `optimized`: compiled with `-O`.
  package var isOptimized = false
  /// `exercise`: a starter; it must fail its check.
  package var isExercise = false
  /// `solution`: the answer to the exercise before it; it must pass.
  package var isSolution = false
  /// `timeout=10s`: how long the cell may run.
  package var timeout: Duration?
  /// `seed=42`: the seed of Math's global generator at the cell's start.
  package var seed: UInt64?
  /// `rtol=1e-3`: the relative tolerance of numbers in the output.
  package var relativeTolerance: Double?
  /// `atol=1e-6`: the absolute tolerance of numbers in the output.
  package var absoluteTolerance: Double?
  /// `values=0.1|0.5|2`: what readers may set the number to that the cell declares.
  package var values: [String] = []

  package init() {}
}
