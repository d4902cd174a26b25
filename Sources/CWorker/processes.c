// What the worker knows of its own threads, read from /proc.
#define _GNU_SOURCE
#include "internal.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// Math names its pool's threads so; they re-create themselves after a fork.
static const char pool_name[] = "math-pool";

ssize_t worker_read_file(const char *path, char *buffer, size_t capacity) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  ssize_t count = read(file, buffer, capacity - 1);
  close(file);
  buffer[count < 0 ? 0 : count] = 0;
  return count;
}

int worker_foreign_threads(void) {
  DIR *tasks = opendir("/proc/self/task");
  if (!tasks) return 0;
  int foreign = -1;  // the main thread
  struct dirent *entry;
  while ((entry = readdir(tasks))) {
    if (!isdigit((unsigned char)entry->d_name[0])) continue;
    char path[300], name[32];
    snprintf(path, sizeof path, "/proc/self/task/%s/comm", entry->d_name);
    if (worker_read_file(path, name, sizeof name) > 0 && !strncmp(name, pool_name, sizeof pool_name - 1))
      continue;
    foreign++;
  }
  closedir(tasks);
  return foreign;
}
