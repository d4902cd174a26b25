// Finding and killing the processes that a cell left.
//
// Checkpoints and cells are forked by the worker and enlisted; every other process below it was started
// by a cell. Each process that runs a cell is a subreaper, so that what the cell lets go of stays below
// the cell, and comes to the checkpoint before it should the cell die.
#define _GNU_SOURCE
#include "internal.h"

#include <ctype.h>
#include <dirent.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
  // More than the launcher lets live at a time.
  MAX_PROCESSES = 4096,
  // How often what still runs is looked for; each time finds less, since what is stopped forks no more.
  MAX_ROUNDS = 100,
};

// The worker's own processes, in memory that all of them share; zero where a place is free.
static _Atomic pid_t *members;

typedef struct {
  pid_t pid, parent;
  bool is_alive, is_stopped, is_stranger;
} process;

void worker_share_members(void) {
  void *memory = mmap(NULL, MAX_PROCESSES * sizeof(pid_t), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  members = memory == MAP_FAILED ? NULL : memory;
}

static bool replace_member(pid_t old, pid_t new) {
  for (int i = 0; members && i < MAX_PROCESSES; i++) {
    pid_t expected = old;
    if (atomic_compare_exchange_strong(&members[i], &expected, new)) return true;
  }
  return false;
}

void worker_enlist(pid_t pid) { replace_member(0, pid); }

bool worker_delist(pid_t pid) { return replace_member(pid, 0); }

static bool is_member(pid_t pid) {
  for (int i = 0; members && i < MAX_PROCESSES; i++)
    if (atomic_load(&members[i]) == pid) return true;
  return false;
}

static bool read_process(const char *number, process *found) {
  char path[300], line[512], state;
  snprintf(path, sizeof path, "/proc/%s/stat", number);
  if (worker_read_file(path, line, sizeof line) <= 0) return false;
  // The name in parentheses may hold anything; the last parenthesis ends it.
  const char *rest = strrchr(line, ')');
  if (!rest || sscanf(rest + 1, " %c %d", &state, &found->parent) != 2) return false;
  found->pid = (pid_t)atoi(number);
  found->is_alive = state != 'Z' && state != 'X';
  found->is_stopped = state == 'T';
  found->is_stranger = false;
  return true;
}

static int list(process *processes) {
  DIR *folder = opendir("/proc");
  if (!folder) return 0;
  int count = 0;
  struct dirent *entry;
  while (count < MAX_PROCESSES && (entry = readdir(folder)))
    if (isdigit((unsigned char)entry->d_name[0]) && read_process(entry->d_name, &processes[count]))
      count++;
  closedir(folder);
  return count;
}

static bool is_below(const process *processes, int count, pid_t parent) {
  if (parent == getpid()) return true;
  for (int i = 0; i < count; i++)
    if (processes[i].pid == parent) return processes[i].is_stranger;
  return false;
}

// Lists all processes and marks the strangers among them.
static int list_strangers(process *processes) {
  int count = list(processes);
  for (bool has_changed = true; has_changed;) {
    has_changed = false;
    for (int i = 0; i < count; i++) {
      process *candidate = &processes[i];
      if (candidate->is_stranger || !is_below(processes, count, candidate->parent)) continue;
      if (is_member(candidate->pid)) continue;
      candidate->is_stranger = has_changed = true;
    }
  }
  return count;
}

int worker_kill_strangers(void) {
  // Most cells start no process: one system call instead of a walk through /proc.
  siginfo_t info = {0};
  if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0) return 0;
  static process processes[MAX_PROCESSES];
  int alive = 0, count = 0;
  // Stopped first, killed then: killing alone makes room for those that fork in a loop.
  for (int round = 0, running = 1; running > 0 && round < MAX_ROUNDS; round++) {
    running = alive = 0;
    count = list_strangers(processes);
    for (int i = 0; i < count; i++) {
      if (!processes[i].is_stranger || !processes[i].is_alive) continue;
      alive++;
      if (!processes[i].is_stopped) running += kill(processes[i].pid, SIGSTOP) == 0;
    }
    if (running) usleep(200);
  }
  for (int i = 0; i < count; i++)
    if (processes[i].is_stranger) kill(processes[i].pid, SIGKILL);
  // Grandchildren come to this process as their parents are reaped.
  for (int i = 0; i < count; i++)
    for (int j = 0; j < count; j++)
      if (processes[j].is_stranger && waitpid(processes[j].pid, NULL, __WALL) > 0)
        processes[j].is_stranger = false;
  return alive;
}
