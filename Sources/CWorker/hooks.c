// What the worker takes over from the Swift runtime: where errors were thrown, and the main executor.
#define _GNU_SOURCE
#include "internal.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SWIFT_CALL __attribute__((swiftcall))

typedef struct swift_job swift_job;
typedef struct {
  uint64_t identity, implementation;
} swift_executor;

typedef SWIFT_CALL void (*enqueue_hook)(swift_job *, void *);

extern enqueue_hook swift_task_enqueueMainExecutor_hook;
extern SWIFT_CALL swift_executor swift_task_getMainExecutor(void);
extern SWIFT_CALL void swift_job_run(swift_job *, swift_executor);
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

// Jobs of the main actor wait here until a cell blocks on asynchronous work (LessonKit's `blocking`)
// and runs them: the main thread belongs to the cells, no run loop turns on it.
typedef struct queued {
  swift_job *job;
  struct queued *next;
} queued;

static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t queue_changed = PTHREAD_COND_INITIALIZER;
static queued *queue_head, **queue_tail = &queue_head;

static SWIFT_CALL void enqueue(swift_job *job, void *original) {
  (void)original;
  queued *entry = malloc(sizeof *entry);
  if (!entry) abort();
  *entry = (queued){job, NULL};
  pthread_mutex_lock(&queue_lock);
  *queue_tail = entry;
  queue_tail = &entry->next;
  pthread_cond_signal(&queue_changed);
  pthread_mutex_unlock(&queue_lock);
}

void lessons_run_main_jobs(int32_t *done) {
  for (;;) {
    pthread_mutex_lock(&queue_lock);
    while (!queue_head && !*done) pthread_cond_wait(&queue_changed, &queue_lock);
    queued *entry = queue_head;
    if (!entry) {
      pthread_mutex_unlock(&queue_lock);
      return;
    }
    queue_head = entry->next;
    if (!queue_head) queue_tail = &queue_head;
    pthread_mutex_unlock(&queue_lock);
    swift_job *job = entry->job;
    free(entry);
    swift_job_run(job, swift_task_getMainExecutor());
  }
}

void lessons_stop_main_jobs(int32_t *done) {
  pthread_mutex_lock(&queue_lock);
  *done = 1;
  pthread_cond_signal(&queue_changed);
  pthread_mutex_unlock(&queue_lock);
}

void worker_install_runtime_hooks(void) {
  _swift_willThrow = on_throw;
  _swift_willThrowTypedImpl = on_typed_throw;
  swift_task_enqueueMainExecutor_hook = enqueue;
}
