import CMathKernels
import Glibc

/// Memory for tensors: free blocks by power-of-two size, kept by each thread.
///
/// A fresh large block costs ten times more than writing it (the kernel clears its pages), so that
/// blocks are kept and given out again; steady-state training allocates nothing.
enum BlockPool {
  private static let smallest = 6  // 64 bytes
  /// Blocks of this class and above are returned to the system by `trim`.
  private static let hugePage = 21

  @inline(__always)
  static func sizeClass(bytes: Int) -> Int {
    max(smallest, Int.bitWidth &- (max(bytes, 1) &- 1).leadingZeroBitCount)
  }

  @inline(__always)
  static func take(_ sizeClass: Int) -> UnsafeMutableRawPointer {
    // The C header promises 48 classes, more than an address space holds.
    let lists = k_thread_blocks().unsafelyUnwrapped
    if let block = lists[sizeClass] {
      lists[sizeClass] = block.load(as: UnsafeMutableRawPointer?.self)
      return block
    }
    return allocate(sizeClass)
  }

  @inline(__always)
  static func give(_ block: UnsafeMutableRawPointer, _ sizeClass: Int) {
    let lists = k_thread_blocks().unsafelyUnwrapped
    block.storeBytes(of: lists[sizeClass], as: UnsafeMutableRawPointer?.self)
    lists[sizeClass] = block
  }

  @inline(never)
  private static func allocate(_ sizeClass: Int) -> UnsafeMutableRawPointer {
    let bytes = 1 << sizeClass
    k_thread_state().pointee.allocated += 1
    var block: UnsafeMutableRawPointer?
    let alignment = sizeClass >= hugePage ? 1 << hugePage : 64
    guard posix_memalign(&block, alignment, bytes) == 0, let block else {
      refuse("no memory for \(bytes) bytes; use smaller tensors or call trimMemory()")
    }
    if sizeClass >= hugePage { madvise(block, bytes, 14) }  // MADV_HUGEPAGE
    return block
  }

  /// Gives the free blocks of one thread back to the system.
  static func trim(_ state: UnsafeMutablePointer<MathThreadState>) {
    withUnsafeMutablePointer(to: &state.pointee.blocks) { tuple in
      // The C array of 48 pointers is a tuple in Swift.
      tuple.withMemoryRebound(to: UnsafeMutableRawPointer?.self, capacity: 48) { lists in
        for k in 0..<48 {
          while let block = lists[k] {
            lists[k] = block.load(as: UnsafeMutableRawPointer?.self)
            free(block)
          }
        }
      }
    }
  }
}

/// Returns the memory that Math keeps for reuse, on this thread and on those it computes with, to the
/// system.
public func trimMemory() {
  if let state = k_thread_state() { BlockPool.trim(state) }
  ThreadPool.shared.trimWorkers()
  k_return_free_memory()
}

/// How many blocks this thread has asked the system for; constant in steady-state training.
public var allocatedBlocks: Int { k_thread_state().pointee.allocated }
