internal import Glibc

/// The descriptor that the worker keeps for displays, by the name that it exports.
struct DisplayDescriptor {
  private let number: Int32

  init?() {
    guard let place = dlsym(nil, "lessons_display_descriptor") else { return nil }
    number = place.load(as: Int32.self)
    if number < 0 { return nil }
  }

  func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        return
      }
      rest = rest.dropFirst(count)
    }
  }
}
