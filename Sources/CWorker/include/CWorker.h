// The worker: the process state of a lesson, cell after cell. See docs/architecture.md, "The worker".
#ifndef CWORKER_H
#define CWORKER_H

#include <stdint.h>
#include <sys/types.h>

// The runner and a checkpoint talk over a SOCK_SEQPACKET socket, one struct a packet. The two ends
// are the same executable, so the layout needs no version.

enum {
  WORKER_MAX_PATH = 1024,
  WORKER_MAX_ENTRY = 128,
  WORKER_MAX_FRAMES = 48,
  WORKER_MAX_TEXT = 512,
};

// What the runner asks of a checkpoint.
enum worker_request_kind {
  // Run a unit on top of this checkpoint. Descriptors travel along: control, stdout, stderr, display.
  WORKER_RUN = 1,
  // Kill a process by number (asked of the root, which no cell can keep busy).
  WORKER_KILL = 2,
  // Leave: the checkpoint after this one has taken over.
  WORKER_LEAVE = 3,
};

typedef struct {
  uint32_t kind;
  int32_t pid;
  uint32_t has_seed;
  uint64_t seed;
  char library[WORKER_MAX_PATH];
  char entry[WORKER_MAX_ENTRY];
} worker_request;

// What a worker process reports.
enum worker_report_kind {
  // A cell's process exists: `pid`; `in_place` says whether the state before it is gone, `processor_us`
  // how much processor time the process has used before.
  WORKER_STARTED = 1,
  // The unit is loaded at `base`.
  WORKER_LOADED = 2,
  // The unit can't be loaded: `text` says why.
  WORKER_UNLOADABLE = 3,
  // The cell reached its end; the process is now the checkpoint after it.
  WORKER_ENDED = 4,
  // An error left the top level; `frames` lead to the last throw.
  WORKER_THREW = 5,
  // A fatal signal; `frames` lead to it. `was_sent` tells one that somebody sent from a fault.
  WORKER_CRASHED = 6,
  // A child of the reporting process is gone: `pid`, `wait_status`, `processor_us`.
  WORKER_DIED = 7,
  // The cell calls a function that ends its process; `frames` lead to the call.
  WORKER_EXITING = 8,
};

typedef struct {
  uint32_t kind;
  int32_t pid;
  uint32_t in_place;
  int32_t wait_status;
  int32_t signal_number;
  int32_t leftovers;
  uint32_t was_sent;
  uint64_t fault_address;
  uint64_t stack_pointer;
  // How much of its stack the thread had used; zero where that isn't known.
  uint64_t stack_used;
  uint64_t base;
  int64_t peak_memory_kb;
  int64_t processor_us;
  uint32_t frame_count;
  uint64_t frames[WORKER_MAX_FRAMES];
  char text[WORKER_MAX_TEXT];
} worker_report;

// Serves requests on `control` until the runner goes away; never returns.
__attribute__((noreturn)) void worker_main(int control);

// Starts a program with exactly the given descriptors, as 0, 1, 2, …, and no others.
// Returns the process number, or a negated errno.
pid_t worker_spawn(const char *program, char *const arguments[], char *const environment[],
                   const int *descriptors, int count, const char *directory);

// Opens a descriptor that is readable once a child process ended. Returns it, or a negated errno.
int worker_process_handle(pid_t pid);

// Makes a pipe, both ends closed on exec; the reading end doesn't block. Returns 0, or a negated errno.
int worker_pipe(int ends[2]);

// Catches SIGINT, SIGTERM and SIGHUP, unless they are ignored, and opens a descriptor that is readable
// once one of them came. Ignores SIGXFSZ, so that writing too large a file fails as any other write does.
// Returns the descriptor, or a negated errno. To be called once.
int worker_interruption(void);

// Makes a connected pair of packet sockets, closed on exec. Returns 0, or a negated errno.
int worker_socket_pair(int ends[2]);

// Sends a request with descriptors. Returns 0, or a negated errno.
int worker_send(int control, const worker_request *request, const int *descriptors, int count);

// Receives a report. Returns 1, 0 at the end of the stream, or a negated errno: EAGAIN where nothing is
// there, EBUSY where what is there is no report.
int worker_receive(int control, worker_report *report);

// Lets two paths change places in one step. Returns 0, or a negated errno.
int worker_exchange(const char *first, const char *second);

#endif
