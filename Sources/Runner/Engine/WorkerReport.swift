internal import CWorker
internal import Glibc

/// What a worker process says, as a value.
enum WorkerReport: Sendable {
  case started(pid: Int32, isInPlace: Bool, processorTime: Duration)
  case loaded(base: UInt64)
  case unloadable(String)
  case ended(leftovers: Int, peakKilobytes: Int)
  case threw(frames: [UInt64])
  case crashed(Crash)
  case exiting(frames: [UInt64])
  case died(pid: Int32, Death)

  /// A fatal signal and the frames that lead to it.
  struct Crash: Sendable {
    var signal: Int32
    /// True where somebody sent the signal; false where an instruction failed.
    var wasSent: Bool
    var faultAddress: UInt64
    var stackPointer: UInt64
    /// How much of its stack the thread had used; zero where that isn't known.
    var stackUsed: UInt64
    var frames: [UInt64]
  }

  /// The end of a cell's process before the cell's.
  struct Death: Sendable {
    var status: ExitStatus
    var leftovers: Int
    var peakKilobytes: Int
    /// What the process used in its whole life.
    var processorTime: Duration
  }

  /// What one attempt to receive found.
  enum Received {
    case report(WorkerReport)
    /// Something else was there, and perhaps more is.
    case noise
    case nothingYet
    case end
  }

  /// Receives a report without waiting.
  static func receive(from control: Descriptor) -> Received {
    var raw = worker_report()
    switch unsafe worker_receive(control.number, &raw) {
    case 1:
      guard let report = WorkerReport(raw) else { return .noise }
      return .report(report)
    case -EAGAIN: return .nothingYet
    case -EBUSY: return .noise
    default: return .end
    }
  }

  private init?(_ raw: worker_report) {
    var frames: [UInt64] {
      unsafe withUnsafeBytes(of: raw.frames) {
        unsafe Array($0.bindMemory(to: UInt64.self).prefix(Int(raw.frame_count)))
      }
    }
    switch raw.kind {
    case UInt32(WORKER_STARTED.rawValue):
      self = .started(
        pid: raw.pid, isInPlace: raw.in_place != 0,
        processorTime: .microseconds(raw.processor_us))
    case UInt32(WORKER_LOADED.rawValue): self = .loaded(base: raw.base)
    case UInt32(WORKER_UNLOADABLE.rawValue):
      let text = unsafe withUnsafeBytes(of: raw.text) {
        unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      self = .unloadable(text)
    case UInt32(WORKER_ENDED.rawValue):
      self = .ended(leftovers: Int(raw.leftovers), peakKilobytes: Int(raw.peak_memory_kb))
    case UInt32(WORKER_THREW.rawValue): self = .threw(frames: frames)
    case UInt32(WORKER_CRASHED.rawValue):
      self = .crashed(
        Crash(
          signal: raw.signal_number, wasSent: raw.was_sent != 0, faultAddress: raw.fault_address,
          stackPointer: raw.stack_pointer, stackUsed: raw.stack_used, frames: frames))
    case UInt32(WORKER_EXITING.rawValue): self = .exiting(frames: frames)
    case UInt32(WORKER_DIED.rawValue):
      self = .died(
        pid: raw.pid,
        Death(
          status: ExitStatus(waitStatus: raw.wait_status), leftovers: Int(raw.leftovers),
          peakKilobytes: Int(raw.peak_memory_kb),
          processorTime: .microseconds(raw.processor_us)))
    default: return nil
    }
  }
}
