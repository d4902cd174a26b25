internal import CWorker
internal import Glibc

/// A file descriptor with one owner, closed with it.
package final class Descriptor: Sendable {
  package let number: Int32

  package init(owning number: Int32) {
    self.number = number
  }

  deinit {
    close(number)
  }

  /// Makes a pipe, both ends closed on exec; the reading end doesn't block.
  package static func pipe() throws(SystemError) -> (read: Descriptor, write: Descriptor) {
    var ends: [Int32] = [-1, -1]
    let failure = unsafe worker_pipe(&ends)
    guard failure == 0 else { throw SystemError("pipe", code: -failure) }
    return (Descriptor(owning: ends[0]), Descriptor(owning: ends[1]))
  }

  /// Opens `/dev/null` for reading.
  package static func null() throws(SystemError) -> Descriptor {
    let number = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw SystemError("/dev/null") }
    return Descriptor(owning: number)
  }

  /// What one attempt to read found.
  package enum ReadResult {
    case bytes([UInt8])
    case nothingYet
    case end
  }

  /// Reads what is there, up to 64 KiB, without waiting.
  package func read() -> ReadResult {
    var count = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, initialized in
      repeat {
        count = unsafe Glibc.read(number, buffer.baseAddress, 1 << 16)
      } while count < 0
        && errno == EINTR
      initialized = max(count, 0)
    }
    if count > 0 { return .bytes(bytes) }
    return count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK) ? .end : .nothingYet
  }
}
