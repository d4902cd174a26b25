// Reports a fatal signal with the frames that lead to it, then lets it take its course.
#define _GNU_SOURCE
#include "internal.h"

#include <execinfo.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

static const int fatal_signals[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGSYS, SIGXCPU, SIGXFSZ};

// Swift marks the frames of asynchronous functions with this bit in the saved frame pointer.
static const uint64_t async_frame_bit = 1ull << 60;

uint32_t worker_walk_frames(uint64_t frame, uint64_t *frames, uint32_t capacity) {
  uint32_t count = 0;
  uint64_t floor = (uint64_t)(uintptr_t)__builtin_frame_address(0);
  // Both words of a frame are read only inside the main thread's stack; elsewhere frames end.
  uint64_t low = floor < frame && frame - floor < (64u << 20) ? floor : frame;
  while (count < capacity) {
    frame &= ~async_frame_bit;
    if (frame < low || frame + 16 > worker.stack_top || frame % 8) break;
    const uint64_t *words = (const uint64_t *)(uintptr_t)frame;
    if (words[1] == 0) break;
    frames[count++] = words[1];
    uint64_t next = words[0] & ~async_frame_bit;
    if (next <= frame || next - frame > (8u << 20)) break;
    frame = next;
  }
  return count;
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
                          .fault_address = (uint64_t)(uintptr_t)info->si_addr, .stack_pointer = stack};
  report.frames[0] = pc;
  report.frame_count = 1;
  if (number == SIGABRT || number == SIGXCPU) {
    // abort() is deep in libc, and so is what waits when time is up; libc keeps no frame pointers:
    // unwind by tables. A deadlock here, were the unwinder's lock held, ends with the cell's time limit.
    void *frames[WORKER_MAX_FRAMES - 1];
    int count = backtrace(frames, WORKER_MAX_FRAMES - 1);
    for (int i = 0; i < count; i++) report.frames[i + 1] = (uint64_t)(uintptr_t)frames[i];
    if (count > 0) report.frame_count += (uint32_t)count;
  } else if (stack < worker.stack_top) {
    report.frame_count += worker_walk_frames(frame, report.frames + 1, WORKER_MAX_FRAMES - 1);
  }
  if (worker.is_running) worker_report_now(&report);
  // The handler is reset by now (SA_RESETHAND): returning repeats the instruction, and a signal that
  // was sent, as by abort(), is sent again.
  if (info->si_code <= 0) syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), number);
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
