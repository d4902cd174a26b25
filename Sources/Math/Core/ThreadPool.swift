import CMathKernels
import Glibc
import Synchronization

/// How many threads Math computes with; results do not depend on it.
///
/// At start the number of processors, or the environment variable `LESSONS_MATH_THREADS`.
///
/// - Precondition: Set to 1 or more.
public var threads: Int {
  get { ThreadPool.shared.threads }
  set {
    require(
      newValue >= 1,
      "threads needs 1 or more, got \(newValue); "
        + "1 computes on the calling thread alone")
    ThreadPool.shared.threads = newValue
  }
}

/// Runs `body` on ranges that cover `0..<count`, in parallel if there is more than one.
///
/// The boundaries depend on `count` and `grain` alone, so that a sum over ranges has one value
/// whatever the number of threads.
@inline(__always)
func parallel(_ count: Int, grain: Int, _ body: (Int, Int) -> Void) {
  if count <= grain {
    body(0, count)
    return
  }
  ThreadPool.shared.run(chunks: (count &+ grain &- 1) / grain) { chunk in
    body(chunk &* grain, min(count, (chunk &+ 1) &* grain))
  }
}

/// Threads that claim chunks of one region of work at a time.
///
/// The caller takes part and can finish everything alone, so a busy machine costs nothing. Workers
/// spin for about 50 µs between regions and then sleep. They are named `math-pool`, hold no lock
/// between regions and are created again after a `fork`, so a process with them may be forked.
///
/// `@unchecked Sendable`: what is not atomic is written by the owner of `busy` alone, before the
/// ticket is published and after every chunk is finished.
final class ThreadPool: @unchecked Sendable {
  static let shared = ThreadPool()

  typealias Body = (Int) -> Void

  var threads: Int {
    didSet { threads = min(threads, 64) }
  }
  private(set) var started = 1
  /// How many workers have begun to serve.
  let begun = Atomic<Int>(0)
  /// Generation in the upper half, next chunk in the lower.
  private let ticket = Atomic<UInt64>(0)
  private let chunks = Atomic<UInt64>(0)
  private let finished = Atomic<Int>(0)
  private let busy = Atomic<Bool>(false)
  private let sleeping = Atomic<Int>(0)
  private var body: UnsafePointer<Body>?
  /// What the workers keep, guarded by `mutex`.
  private var states: [UnsafeMutablePointer<MathThreadState>] = []
  private var mutex = pthread_mutex_t()
  private var wake = pthread_cond_t()

  private init() {
    let asked = getenv("LESSONS_MATH_THREADS").flatMap { Int(String(cString: $0)) }
    threads = max(1, min(64, asked ?? sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    pthread_mutex_init(&mutex, nil)
    pthread_cond_init(&wake, nil)
    // The child of a fork has no workers: forget them; the next region starts new ones.
    pthread_atfork(
      { ThreadPool.shared.waitForBeginners() }, nil, { ThreadPool.shared.resetAfterFork() })
  }

  /// Waits until no worker is on its way to its first region: there it calls the Swift runtime, and a
  /// lock of the runtime's that it holds in the moment of a fork stays locked in the child for ever.
  private func waitForBeginners() {
    while begun.load(ordering: .acquiring) < started - 1 { sched_yield() }
  }

  private func resetAfterFork() {
    pthread_mutex_init(&mutex, nil)
    pthread_cond_init(&wake, nil)
    started = 1
    begun.store(0, ordering: .relaxed)
    // The threads are gone, and what they kept is lost with them.
    states = []
    sleeping.store(0, ordering: .relaxed)
    busy.store(false, ordering: .relaxed)
  }

  func run(chunks count: Int, _ work: Body) {
    if threads == 1 || count == 1
      || !busy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    {
      var chunk = 0
      while chunk < count {
        work(chunk)
        chunk &+= 1
      }
      return
    }
    startWorkers()
    withoutActuallyEscaping(work) { work in
      withUnsafePointer(to: work) { pointer in
        body = pointer
        finished.store(0, ordering: .relaxed)
        chunks.store(UInt64(count), ordering: .relaxed)
        let generation = (ticket.load(ordering: .relaxed) >> 32) &+ 1
        ticket.store(generation << 32, ordering: .sequentiallyConsistent)
        if sleeping.load(ordering: .sequentiallyConsistent) > 0 {
          pthread_mutex_lock(&mutex)
          pthread_cond_broadcast(&wake)
          pthread_mutex_unlock(&mutex)
        }
        claim(generation)
        var spins = 0
        while finished.load(ordering: .acquiring) < count {
          spins &+= 1
          if spins < 20_000 { k_pause() } else { sched_yield() }
        }
        body = nil
      }
    }
    busy.store(false, ordering: .releasing)
  }

  /// Takes chunks of one generation until none is left.
  private func claim(_ generation: UInt64) {
    while true {
      let seen = ticket.load(ordering: .acquiring)
      let next = seen & 0xFFFF_FFFF
      guard seen >> 32 == generation, next < chunks.load(ordering: .relaxed) else { return }
      // The exchange succeeds only while this generation runs: then the body read is its own.
      let current = body
      if ticket.compareExchange(
        expected: seen, desired: seen &+ 1, ordering: .acquiringAndReleasing
      ).exchanged {
        current?.pointee(Int(next))
        finished.add(1, ordering: .releasing)
      }
    }
  }

  private func startWorkers() {
    guard started < threads else { return }
    // Signals to the process are for the program's own threads: one that waits for the end of a
    // child would never hear of it if a worker took the signal. Faults stay with whoever made them.
    var (blocked, before) = (sigset_t(), sigset_t())
    sigfillset(&blocked)
    for fault in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGSYS] {
      sigdelset(&blocked, fault)
    }
    pthread_sigmask(SIG_SETMASK, &blocked, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    while started < threads {
      var thread = pthread_t()
      let failed = pthread_create(
        &thread, nil,
        { _ in
          k_name_thread("math-pool")
          ThreadPool.shared.serve()
          return nil
        }, nil)
      if failed != 0 { return }
      pthread_detach(thread)
      started += 1
    }
  }

  /// Gives the free blocks of idle workers back to the system.
  func trimWorkers() {
    // The owner of `busy` knows that no worker has a chunk, and so that none touches its blocks.
    if !busy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged {
      return
    }
    pthread_mutex_lock(&mutex)
    for state in states { BlockPool.trim(state) }
    pthread_mutex_unlock(&mutex)
    busy.store(false, ordering: .releasing)
  }

  private func serve() {
    if let state = k_thread_state() {
      pthread_mutex_lock(&mutex)
      states.append(state)
      pthread_mutex_unlock(&mutex)
    }
    begun.add(1, ordering: .releasing)
    var seen: UInt64 = 0
    while true {
      var spins = 0
      while ticket.load(ordering: .acquiring) >> 32 == seen {
        spins &+= 1
        if spins < 4_000 {
          k_pause()
        } else {
          pthread_mutex_lock(&mutex)
          sleeping.add(1, ordering: .sequentiallyConsistent)
          while ticket.load(ordering: .sequentiallyConsistent) >> 32 == seen {
            pthread_cond_wait(&wake, &mutex)
          }
          sleeping.subtract(1, ordering: .sequentiallyConsistent)
          pthread_mutex_unlock(&mutex)
        }
      }
      seen = ticket.load(ordering: .acquiring) >> 32
      claim(seen)
    }
  }
}
