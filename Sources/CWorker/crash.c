// Reports a fatal signal with the frames that lead to it, then lets it take its course.
#define _GNU_SOURCE
#include "internal.h"

#include <execinfo.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

// All that end a process and can be caught, but for those of real time.
static const int fatal_signals[] = {SIGILL,  SIGTRAP, SIGSEGV, SIGBUS,  SIGFPE,  SIGABRT,   SIGSYS,
                                    SIGXCPU, SIGXFSZ, SIGHUP,  SIGINT,  SIGQUIT, SIGPIPE,   SIGALRM,
                                    SIGTERM, SIGUSR1, SIGUSR2, SIGPROF, SIGVTALRM, SIGSTKFLT, SIGIO, SIGPWR};

// Swift marks the frames of asynchronous functions with this bit in the saved frame pointer.
static const uint64_t async_frame_bit = 1ull << 60;

enum {
  // Larger than any thread's stack, as a bound to what is believed.
  MAX_STACK = 256 << 20,
  // Deeper than code goes that does not recurse without end.
  DEEP_STACK = 256 << 10,
  // So many frames that those found in the other way have room behind them.
  MAX_UNWOUND = 36,
};

uint32_t worker_walk_frames(uint64_t frame, uint64_t *frames, uint32_t capacity) {
  uint32_t count = 0;
  uint64_t floor = (uint64_t)(uintptr_t)__builtin_frame_address(0);
  // Both words of a frame are read only inside the thread's stack; elsewhere frames end.
  uint64_t low = floor < frame && frame - floor < (64u << 20) ? floor : frame;
  while (count < capacity) {
    frame &= ~async_frame_bit;
    if (frame < low || frame + 16 > worker_stack_top || frame % 8) break;
    const uint64_t *words = (const uint64_t *)(uintptr_t)frame;
    if (words[1] == 0) break;
    frames[count++] = words[1];
    uint64_t next = words[0] & ~async_frame_bit;
    if (next <= frame || next - frame > (8u << 20)) break;
    frame = next;
  }
  return count;
}

uint32_t worker_unwind(uint64_t *frames, uint32_t capacity) {
  void *found[WORKER_MAX_FRAMES];
  int count = backtrace(found, (int)(capacity < WORKER_MAX_FRAMES ? capacity : WORKER_MAX_FRAMES));
  for (int i = 0; i < count; i++) frames[i] = (uint64_t)(uintptr_t)found[i];
  return count > 0 ? (uint32_t)count : 0;
}

// True where an instruction failed; else the signal was sent, by whomever.
static bool is_fault(int number, const siginfo_t *info) {
  return info->si_code > 0 && info->si_code != SI_KERNEL
    && (number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL || number == SIGTRAP
      || number == SIGSYS);
}

static void on_fatal_signal(int number, siginfo_t *info, void *opaque) {
  const ucontext_t *context = opaque;
#if defined(__x86_64__)
  uint64_t pc = context->uc_mcontext.gregs[REG_RIP];
  uint64_t frame = context->uc_mcontext.gregs[REG_RBP];
  uint64_t stack = context->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
  uint64_t pc = context->uc_mcontext.pc;
  uint64_t frame = context->uc_mcontext.regs[29];
  uint64_t stack = context->uc_mcontext.sp;
#endif
  worker_report report = {.kind = WORKER_CRASHED, .pid = getpid(), .signal_number = number,
                          .was_sent = !is_fault(number, info),
                          .fault_address = (uint64_t)(uintptr_t)info->si_addr, .stack_pointer = stack};
  report.frames[0] = pc;
  report.frame_count = 1;
  if (stack < worker_stack_top && worker_stack_top - stack < MAX_STACK)
    report.stack_used = worker_stack_top - stack;
  if (report.stack_used) {
#if defined(__x86_64__)
    // A call of what is no code, or one under way through a stub that no table describes: the address to
    // return to is all that was stored.
    if (report.was_sent || report.fault_address == pc)
      report.frames[report.frame_count++] = *(const uint64_t *)(uintptr_t)stack;
#endif
    report.frame_count += worker_walk_frames(
      frame, report.frames + report.frame_count, WORKER_MAX_FRAMES - report.frame_count);
  }
  if (worker.is_running) worker_report_now(&report);
  // The C library keeps no frame pointers, so that its caller is passed over above: unwind by tables, too.
  // That may fail on a broken stack, where the first report stands, or wait for a lock of the unwinder,
  // which ends with the cell's time limit. A stack that is used up has thousands of frames, all alike.
  if (worker.is_running && report.stack_used < DEEP_STACK) {
    worker_report better = report;
    better.frame_count = 1 + worker_unwind(better.frames + 1, MAX_UNWOUND);
    for (uint32_t i = 1; i < report.frame_count && better.frame_count < WORKER_MAX_FRAMES; i++)
      better.frames[better.frame_count++] = report.frames[i];
    worker_report_now(&better);
  }
  // The handler is reset by now (SA_RESETHAND): returning repeats the instruction; what was sent is sent
  // again.
  if (report.was_sent) syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), number);
}

void worker_install_crash_handler(void) {
  static char stack[64 << 10];
  stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternative, NULL);
  // The unwinder loads its library on first use, which a signal handler must not do.
  void *warm[1];
  backtrace(warm, 1);
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = on_fatal_signal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND | SA_NODEFER;
  for (unsigned i = 0; i < sizeof fatal_signals / sizeof *fatal_signals; i++)
    sigaction(fatal_signals[i], &action, NULL);
}
