/// An input that a result keeps until its gradient has been passed on.
///
/// It is retained and released by hand: a walk over thousands of results reads each input several times,
/// and counting its references at every reading took about a third of the walk.
struct Input {
  private var held: Unmanaged<Tensor>?

  @inline(__always)
  init() { held = nil }

  /// The tensor, if one is kept.
  @inline(__always)
  var tensor: Tensor? { held?.takeUnretainedValue() }

  /// Keeps a tensor, where none is kept.
  @inline(__always)
  mutating func keep(_ x: Tensor) { held = .passRetained(x) }

  /// Calls `body` with the tensor, if one is kept; it must stay kept meanwhile.
  @inline(__always)
  func use(_ body: (Tensor) -> Void) {
    if let held { held._withUnsafeGuaranteedRef { body($0) } }
  }

  /// Hands the tensor over: the caller has to release it.
  @inline(__always)
  mutating func take() -> Unmanaged<Tensor>? {
    let taken = held
    held = nil
    return taken
  }

  /// Keeps it no longer.
  @inline(__always)
  mutating func drop() { take()?.release() }
}
