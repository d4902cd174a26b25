// The ways to end a process, as cells find them: where they are called from is reported first.
//
// Symbols of the executable come before those of the C library when a unit is loaded, so that these are
// the functions that cells call. What ends a process without them, such as another program taking its
// place, is known by the process's end alone.
#define _GNU_SOURCE
#include "internal.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static void report_exit(void) {
  if (!worker.is_running) return;
  worker_report report = {.kind = WORKER_EXITING, .pid = getpid()};
  report.frame_count = worker_unwind(report.frames, WORKER_MAX_FRAMES);
  worker_report_now(&report);
}

static __attribute__((noreturn)) void end_by(const char *name, int status) {
  void (*original)(int) = (void (*)(int))dlsym(RTLD_NEXT, name);
  if (original) original(status);
  for (;;) syscall(SYS_exit_group, status);
}

void exit(int status) {
  report_exit();
  end_by("exit", status);
}

void quick_exit(int status) {
  report_exit();
  end_by("quick_exit", status);
}

void _exit(int status) {
  report_exit();
  for (;;) syscall(SYS_exit_group, status);
}

void _Exit(int status) { _exit(status); }
