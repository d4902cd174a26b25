// What the files of the worker share and nobody else sees.
#ifndef CWORKER_INTERNAL_H
#define CWORKER_INTERNAL_H

#include "CWorker.h"

#include <stdbool.h>

// The state of the process that runs, or last ran, a cell.
typedef struct {
  // The socket of this checkpoint.
  int control;
  // This process. One that a cell forked inherits all of this, and must not act on it.
  pid_t pid;
  // Readable when a child of this checkpoint is gone; -1 while a cell runs.
  int child_signals;
  // The process that reaps orphans and runs no cell.
  bool is_root;
  // True between the unit's entry and its end.
  bool is_running;
} worker_state;

extern worker_state worker;

// The running thread's stack lies below; zero where that isn't known.
extern __thread uint64_t worker_stack_top;

// Reports on the current control socket; false where that is closed or not this process's.
bool worker_report_now(const worker_report *report);

// Catches fatal signals and reports them with the frames that lead there.
void worker_install_crash_handler(void);

// Remembers where errors are thrown.
void worker_install_runtime_hooks(void);

// Walks frame pointers from `frame`; returns how many return addresses it stored.
uint32_t worker_walk_frames(uint64_t frame, uint64_t *frames, uint32_t capacity);

// Unwinds from the caller by tables, which libraries without frame pointers need; returns how many return
// addresses it stored.
uint32_t worker_unwind(uint64_t *frames, uint32_t capacity);

// Counts this process's threads that don't survive a fork; Math's pool re-creates itself and is left out.
int worker_foreign_threads(void);

// Reads a small file with a closing zero; returns its length, or -1.
ssize_t worker_read_file(const char *path, char *buffer, size_t capacity);

// Makes the list of the worker's own processes; to be called before the first fork.
void worker_share_members(void);

// Adds a process to that list, and takes one off it; false when it wasn't on it.
void worker_enlist(pid_t pid);
bool worker_delist(pid_t pid);

// Kills what cells started below this process; returns how many processes were running.
int worker_kill_strangers(void);

#endif
