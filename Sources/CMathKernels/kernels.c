#define _GNU_SOURCE
#include "kernels.h"

#include <pthread.h>

_Thread_local MathThreadState math_thread_state;

void k_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }
