#define _GNU_SOURCE
#include "kernels.h"

#include <malloc.h>
#include <pthread.h>

_Thread_local MathThreadState math_thread_state;

void k_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

void k_return_free_memory(void) { malloc_trim(0); }
