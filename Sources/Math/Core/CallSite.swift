import CMathKernels

/// The line of a call into Math, which refusals further in name for as long as the call lasts.
///
/// `file` and `line` reach most checks as arguments. They cannot pass through `Module.forward`, an
/// operator or a closure; what is refused there names the line noted here. Of nested calls the
/// innermost outside of Math counts.
///
///     let site = CallSite(file, line)
///     defer { site.leave() }
struct CallSite {
  /// A place in a file; trivial, so that it may lie in the thread's state.
  struct Place: BitwiseCopyable {
    let file: StaticString
    let line: UInt
  }

  private let outer: Place?
  private let isNoted: Bool

  /// Notes the line of a call; a call from within Math leaves what is noted.
  @inline(__always)
  init(_ file: StaticString, _ line: UInt) {
    isNoted = !CallSite.isMath(file)
    outer = isNoted ? CallSite.current : nil
    if isNoted { CallSite.current = Place(file: file, line: line) }
  }

  /// Goes back to what was noted before.
  @inline(__always)
  func leave() { if isNoted { CallSite.current = outer } }

  /// The line noted, if a call into Math is under way that has noted one.
  static var current: Place? {
    get {
      let state = k_thread_state().unsafelyUnwrapped
      if state.pointee.hasCallSite == 0 { return nil }
      return withUnsafeBytes(of: &state.pointee.callSite) { $0.load(as: Place.self) }
    }
    set {
      let state = k_thread_state().unsafelyUnwrapped
      state.pointee.hasCallSite = newValue == nil ? 0 : 1
      guard let newValue else { return }
      withUnsafeMutableBytes(of: &state.pointee.callSite) {
        $0.storeBytes(of: newValue, as: Place.self)
      }
    }
  }

  /// Whether a `#file` is one of Math's own: `Math/Tensor.swift`.
  static func isMath(_ file: StaticString) -> Bool {
    file.withUTF8Buffer { $0.starts(with: "Math/".utf8) }
  }
}
