// Threads that cells start get a stack for signal handlers: where their own stack overflows, the handler
// could not run on it, and the kernel would end the cell without a word.
#define _GNU_SOURCE
#include "internal.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>

// Addresses of the running thread's stack lie below; zero where unknown.
__thread uint64_t worker_stack_top;

enum { HANDLER_STACK = 64 << 10 };

typedef struct {
  void *(*routine)(void *);
  void *argument;
} start;

static void release(void *stack) {
  stack_t none = {.ss_flags = SS_DISABLE};
  sigaltstack(&none, NULL);
  munmap(stack, HANDLER_STACK);
}

static void *run_thread(void *opaque) {
  start begin = *(start *)opaque;
  free(opaque);
  worker_stack_top = (uint64_t)(uintptr_t)__builtin_frame_address(0);
  void *stack = mmap(NULL, HANDLER_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (stack == MAP_FAILED) return begin.routine(begin.argument);
  stack_t alternative = {.ss_sp = stack, .ss_size = HANDLER_STACK};
  sigaltstack(&alternative, NULL);
  void *result;
  pthread_cleanup_push(release, stack);
  result = begin.routine(begin.argument);
  pthread_cleanup_pop(1);
  return result;
}

typedef int (*creator)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

// Comes before the C library's: see exits.c.
int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attributes,
                   void *(*routine)(void *), void *restrict argument) {
  static creator original;
  if (!original) original = (creator)dlsym(RTLD_NEXT, "pthread_create");
  // Outside of a worker this is not needed: the runner has threads of its own.
  if (worker.control < 0) return original(thread, attributes, routine, argument);
  start *begin = malloc(sizeof *begin);
  if (!begin) return EAGAIN;
  *begin = (start){routine, argument};
  int error = original(thread, attributes, run_thread, begin);
  if (error) free(begin);
  return error;
}
