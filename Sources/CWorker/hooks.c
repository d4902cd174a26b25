// What the worker takes over from the Swift runtime: it remembers where errors are thrown.
#define _GNU_SOURCE
#include "internal.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SWIFT_CALL __attribute__((swiftcall))

// Called by the runtime with each error thrown, before it propagates; typed throws have their own.
extern SWIFT_CALL void (*_swift_willThrow)(void *);
extern SWIFT_CALL void (*_swift_willThrowTypedImpl)(void *, const void *, const void *);

static uint64_t last_throw[WORKER_MAX_FRAMES];
static uint32_t last_throw_count;

static SWIFT_CALL void on_throw(void *error) {
  (void)error;
  last_throw_count = worker_walk_frames((uint64_t)(uintptr_t)__builtin_frame_address(0), last_throw,
                                        WORKER_MAX_FRAMES);
}

static SWIFT_CALL void on_typed_throw(void *value, const void *type, const void *conformance) {
  (void)type, (void)conformance;
  on_throw(value);
}

// Units call this symbol, and find ours before the runtime's: an error is leaving the top level.
SWIFT_CALL void swift_errorInMain(void *error);
SWIFT_CALL void swift_errorInMain(void *error) {
  worker_report report = {.kind = WORKER_THREW, .pid = getpid(), .frame_count = last_throw_count};
  memcpy(report.frames, last_throw, sizeof last_throw);
  if (worker.is_running) worker_report_now(&report);
  SWIFT_CALL void (*original)(void *) =
      (SWIFT_CALL void (*)(void *))dlsym(RTLD_NEXT, "swift_errorInMain");
  original(error);
  abort();
}

void worker_install_runtime_hooks(void) {
  _swift_willThrow = on_throw;
  _swift_willThrowTypedImpl = on_typed_throw;
}
