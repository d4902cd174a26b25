// Resource limits, all inherited by whatever the program starts.

#include "confine.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/// Lowers a limit; never raises one that our caller set.
static bool limit(int resource, rlim_t soft, rlim_t hard) {
  struct rlimit old;
  if (getrlimit((__rlimit_resource_t)resource, &old)) return false;
  struct rlimit new = {.rlim_cur = soft, .rlim_max = hard};
  if (new.rlim_max > old.rlim_max) new.rlim_max = old.rlim_max;
  if (new.rlim_cur > new.rlim_max) new.rlim_cur = new.rlim_max;
  return !setrlimit((__rlimit_resource_t)resource, &new);
}

/// How many tasks the whole system has, from the field "running/all" of /proc/loadavg.
static rlim_t all_tasks(void) {
  char text[128] = {0};
  int file = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 4096;
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  unsigned long all = 0;
  if (length <= 0 || sscanf(text, "%*f %*f %*f %*u/%lu", &all) != 1) return 4096;
  return all;
}

bool apply_limits(const struct options *options, const struct layers *layers) {
  // When memory runs out for the whole machine, the kernel ends this one first.
  int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file >= 0) {
    ssize_t ignored = write(file, "1000", 4);
    (void)ignored;
    close(file);
  }

  bool is_done = limit(RLIMIT_CORE, 0, 0);
  // More would let one stack overflow take seconds; unlimited would change the memory layout.
  is_done &= limit(RLIMIT_STACK, 8 << 20, 8 << 20);
  is_done &= limit(RLIMIT_MEMLOCK, 0, 0);
  is_done &= limit(RLIMIT_MSGQUEUE, 0, 0);
  if (options->cpu_seconds) {
    rlim_t seconds = (rlim_t)options->cpu_seconds;
    // Equal values would send SIGKILL at once, and the cause would be lost: SIGXCPU first.
    is_done &= limit(RLIMIT_CPU, seconds, seconds + 2);
  }
  if (options->memory)
    is_done &= limit(RLIMIT_AS, (rlim_t)options->memory, (rlim_t)options->memory);
  if (options->file_size)
    is_done &= limit(RLIMIT_FSIZE, (rlim_t)options->file_size, (rlim_t)options->file_size);
  if (options->open_files)
    is_done &= limit(RLIMIT_NOFILE, (rlim_t)options->open_files, (rlim_t)options->open_files);
  if (options->processes) {
    // The kernel counts by user id within a user namespace. Without an id or a namespace of our
    // own, everything else that the user runs counts too: allow for all tasks there are.
    rlim_t others = layers->own_uid || layers->user_namespace ? 2 : all_tasks();
    rlim_t count = (rlim_t)options->processes + others;
    is_done &= limit(RLIMIT_NPROC, count, count);
  }
  return is_done;
}
