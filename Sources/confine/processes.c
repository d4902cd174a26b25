// Finding and killing what the program left.

#define _GNU_SOURCE
#include "confine.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  MAX_PROCESSES = 8192,
  // Without a process namespace, something that forks faster than we kill is given up on.
  MAX_ROUNDS = 500,
};

struct process {
  pid_t id, parent;
  bool is_alive, is_ours;
};

static bool read_process(const char *name, struct process *process) {
  char path[64], text[512];
  process->id = atoi(name);
  if (process->id <= 0) return false;
  snprintf(path, sizeof path, "/proc/%d/stat", process->id);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  ssize_t length = read(file, text, sizeof text - 1);
  close(file);
  if (length <= 0) return false;
  text[length] = 0;
  // The name stands in parentheses and may itself hold some.
  char *after_name = strrchr(text, ')'), state;
  if (!after_name || sscanf(after_name + 1, " %c %d", &state, &process->parent) != 2) return false;
  process->is_alive = state != 'Z' && state != 'X';
  process->is_ours = false;
  return true;
}

/// Every process there is; /proc/PID/task/TID/children would be shorter, but not all kernels have it.
static int list(struct process *processes) {
  DIR *folder = opendir("/proc");
  if (!folder) return 0;
  int count = 0;
  for (struct dirent *entry; count < MAX_PROCESSES && (entry = readdir(folder));)
    if (read_process(entry->d_name, &processes[count])) count++;
  closedir(folder);
  return count;
}

/// Marks children, then children of those, until there are no more. (Ids aren't in order of birth
/// once they wrap round.)
static void mark_descendants(struct process *processes, int count) {
  pid_t self = getpid();
  for (bool has_changed = true; has_changed;) {
    has_changed = false;
    for (int i = 0; i < count; i++) {
      if (processes[i].is_ours) continue;
      bool is_ours = processes[i].parent == self;
      for (int j = 0; j < count && !is_ours; j++)
        is_ours = processes[j].is_ours && processes[j].id == processes[i].parent;
      if (is_ours) processes[i].is_ours = has_changed = true;
    }
  }
}

/// Kills what is alive below this process now; returns how many those were.
static int kill_descendants(void) {
  static struct process processes[MAX_PROCESSES];
  int count = list(processes), killed = 0;
  mark_descendants(processes, count);
  for (int i = 0; i < count; i++)
    if (processes[i].is_ours && processes[i].is_alive && !kill(processes[i].id, SIGKILL)) killed++;
  return killed;
}

int sweep(bool has_namespace) {
  // The usual case: orphans would be our children by now.
  if (waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD) return 0;
  int leftover = 0;
  for (int round = 0; round < MAX_ROUNDS; round++) {
    int killed = kill_descendants();
    if (round == 0) leftover = killed;
    // All of the namespace but this process; none can be born meanwhile.
    if (has_namespace) kill(-1, SIGKILL);
    pid_t reaped;
    while ((reaped = waitpid(-1, NULL, has_namespace ? 0 : WNOHANG)) > 0) {
    }
    if (reaped < 0 && errno == ECHILD) break;
    usleep(500);
  }
  return leftover;
}
