internal import CWorker

/// A process that holds the state after a cell, waiting to be forked for the next one.
package final class Checkpoint: Sendable {
  let control: Descriptor
  let pid: Int32
  /// Where each unit of this state is loaded; addresses are the same in every fork.
  let loaded: [LoadedUnit]
  /// True where the cell ran in the process of the checkpoint before it, which is gone.
  let isInPlace: Bool
  /// The number of cells of the chain that this state has run.
  var depth: Int { loaded.count }

  init(control: Descriptor, pid: Int32, loaded: [LoadedUnit], isInPlace: Bool) {
    self.control = control
    self.pid = pid
    self.loaded = loaded
    self.isInPlace = isInPlace
  }

  /// Tells the process to leave: another checkpoint has taken over.
  func leave() {
    var request = worker_request()
    request.kind = UInt32(WORKER_LEAVE.rawValue)
    _ = unsafe worker_send(control.number, &request, nil, 0)
  }
}

/// A unit in a worker's memory.
struct LoadedUnit: Sendable {
  var unit: Unit
  var base: UInt64
}
