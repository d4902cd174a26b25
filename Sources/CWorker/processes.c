// What the worker knows of its own threads and of the processes below it, read from /proc.
#define _GNU_SOURCE
#include "internal.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// Math names its pool's threads so; they re-create themselves after a fork.
static const char pool_name[] = "math-pool";

static ssize_t read_file(const char *path, char *buffer, size_t capacity) {
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
    if (read_file(path, name, sizeof name) > 0 && !strncmp(name, pool_name, sizeof pool_name - 1))
      continue;
    foreign++;
  }
  closedir(tasks);
  return foreign;
}

// The parent of a process, or 0 where it is gone.
static pid_t parent_of(const char *number) {
  char path[300], line[512];
  snprintf(path, sizeof path, "/proc/%s/stat", number);
  if (read_file(path, line, sizeof line) <= 0) return 0;
  // The name in parentheses may hold anything; the last parenthesis ends it.
  const char *rest = strrchr(line, ')');
  char state;
  int parent;
  if (!rest || sscanf(rest + 1, " %c %d", &state, &parent) != 2 || state == 'Z') return 0;
  return parent;
}

static int kill_once(void) {
  DIR *processes = opendir("/proc");
  if (!processes) return 0;
  int killed = 0;
  pid_t self = getpid();
  struct dirent *entry;
  while ((entry = readdir(processes))) {
    if (!isdigit((unsigned char)entry->d_name[0])) continue;
    pid_t pid = (pid_t)atoi(entry->d_name);
    if (pid == self || parent_of(entry->d_name) != self) continue;
    if (kill(pid, SIGKILL) == 0) {
      killed++;
      waitpid(pid, NULL, 0);
    }
  }
  closedir(processes);
  return killed;
}

// The children of a killed process become the root's, which is a subreaper: passes repeat there until
// one finds none. Elsewhere one pass kills the children that a cell started.
int worker_kill_children(void) {
  // Most cells start no process: one system call instead of a walk through /proc.
  siginfo_t info = {0};
  if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0) return 0;
  int total = 0, killed;
  do total += killed = kill_once();
  while (killed > 0);
  return total;
}
