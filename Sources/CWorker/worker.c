// The checkpoint loop: each cell runs in a fork of the state before it.
#define _GNU_SOURCE
#include "internal.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

worker_state worker = {.control = -1, .child_signals = -1};

// Descriptors of ours stay out of the way of those that a cell opens.
enum { FIRST_OWN_DESCRIPTOR = 200, CELL_DESCRIPTORS = 4, RESERVED_DESCRIPTORS = 16 };

// How long a cell may take to say where it is, in seconds; one that is stopped never does.
enum { FRAMES_PATIENCE_S = 1 };

// Where a cell sends rich displays, or -1. Math looks this name up.
int lessons_display_descriptor = -1;

bool worker_report_now(const worker_report *report) {
  if (getpid() != worker.pid) return false;
  ssize_t sent;
  do sent = send(worker.control, report, sizeof *report, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent >= 0;
}

static int out_of_the_way(int descriptor) {
  int moved = fcntl(descriptor, F_DUPFD_CLOEXEC, FIRST_OWN_DESCRIPTOR);
  if (moved < 0) return descriptor;
  close(descriptor);
  return moved;
}

// Receives a request and up to CELL_DESCRIPTORS descriptors. Returns false when the runner is gone.
static bool receive_request(worker_request *request, int descriptors[CELL_DESCRIPTORS]) {
  struct iovec part = {request, sizeof *request};
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int) * CELL_DESCRIPTORS)];
  } extra;
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = &extra,
                           .msg_controllen = sizeof extra};
  for (int i = 0; i < CELL_DESCRIPTORS; i++) descriptors[i] = -1;
  ssize_t count;
  do count = recvmsg(worker.control, &message, MSG_CMSG_CLOEXEC);
  while (count < 0 && errno == EINTR);
  if (count != sizeof *request) return false;
  struct cmsghdr *header = CMSG_FIRSTHDR(&message);
  if (header && header->cmsg_type == SCM_RIGHTS)
    memcpy(descriptors, CMSG_DATA(header), header->cmsg_len - CMSG_LEN(0));
  return true;
}

static int64_t processor_time(const struct rusage *usage) {
  return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000ll + usage->ru_utime.tv_usec
    + usage->ru_stime.tv_usec;
}

static void reap(void) {
  int status;
  struct rusage usage;
  pid_t pid;
  while ((pid = wait4(-1, &status, WNOHANG, &usage)) > 0) {
    // The end of what a cell left isn't news; that of a cell leaves its processes to this one.
    if (!worker_delist(pid)) continue;
    worker_report report = {.kind = WORKER_DIED, .pid = pid, .wait_status = status,
                            .leftovers = worker_kill_strangers(),
                            .peak_memory_kb = usage.ru_maxrss,
                            .processor_us = processor_time(&usage)};
    worker_report_now(&report);
  }
}

static void adopt(int descriptor, int target) {
  if (descriptor < 0) return;
  dup2(descriptor, target);
  close(descriptor);
}

// Points stdout and stderr at /dev/null, so that the runner sees the end of a finished cell's output.
static void detach_output(void) {
  int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  dup2(null, STDOUT_FILENO);
  dup2(null, STDERR_FILENO);
  if (null > STDERR_FILENO) close(null);
  if (lessons_display_descriptor >= 0) close(lessons_display_descriptor);
  lessons_display_descriptor = -1;
}

// Makes deaths of children readable. Checkpoints block SIGCHLD for that; cells run with it unblocked.
static void watch_children(void) {
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, NULL);
  worker.child_signals = out_of_the_way(signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK));
}

// A cell may use up its descriptors; a few are kept back for the cells after it.
static void keep_descriptors_back(rlim_t count) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) < 0) return;
  limit.rlim_cur = limit.rlim_max > count ? limit.rlim_max - count : limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

static void unwatch_children(void) {
  close(worker.child_signals);
  worker.child_signals = -1;
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

static void finish_cell(void) {
  // A process that the cell forked and that came to the cell's end.
  if (getpid() != worker.pid) _exit(0);
  worker.is_running = false;
  keep_descriptors_back(0);
  fflush(NULL);
  detach_output();
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  worker_report report = {.kind = WORKER_ENDED, .pid = getpid(),
                          .leftovers = worker_kill_strangers(),
                          .peak_memory_kb = usage.ru_maxrss};
  // Without its socket, which a cell can close, a checkpoint is of no use.
  if (!worker_report_now(&report)) _exit(0);
  watch_children();
}

static void load_and_run(const worker_request *request, bool in_place) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  worker_report report = {.kind = WORKER_STARTED, .pid = getpid(), .in_place = in_place,
                          .processor_us = processor_time(&usage)};
  worker_report_now(&report);

  void *unit = dlopen(request->library, RTLD_NOW | RTLD_GLOBAL);
  int (*entry)(int, char **) = unit ? (int (*)(int, char **))dlsym(unit, request->entry) : NULL;
  if (!entry) {
    report.kind = WORKER_UNLOADABLE;
    snprintf(report.text, sizeof report.text, "%s", dlerror());
    worker_report_now(&report);
    _exit(70);
  }
  struct link_map *map = NULL;
  dlinfo(unit, RTLD_DI_LINKMAP, &map);
  report.kind = WORKER_LOADED;
  report.base = map ? (uint64_t)map->l_addr : 0;
  worker_report_now(&report);

  if (request->has_seed) {
    void (*seed)(uint64_t) = (void (*)(uint64_t))dlsym(RTLD_DEFAULT, "lessons_math_seed");
    if (seed) seed(request->seed);
  }
  static char *arguments[] = {"lesson", NULL};
  keep_descriptors_back(RESERVED_DESCRIPTORS);
  worker.is_running = true;
  entry(1, arguments);
  finish_cell();
}

// Turns this process into the one that runs a cell, and then into the checkpoint after it.
static void become_cell(const worker_request *request, const int descriptors[CELL_DESCRIPTORS],
                        bool in_place) {
  // Orphans of the cell come to this process, not to the root.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  worker.pid = getpid();
  // What the cell sends to its process group stays with it and what it starts.
  setpgid(0, 0);
  unwatch_children();
  close(worker.control);
  worker.control = out_of_the_way(descriptors[0]);
  worker.is_root = false;
  adopt(descriptors[1], STDOUT_FILENO);
  adopt(descriptors[2], STDERR_FILENO);
  lessons_display_descriptor = descriptors[3] < 0 ? -1 : out_of_the_way(descriptors[3]);
  load_and_run(request, in_place);
}

// Runs a cell in a fork of this process, where this function returns a second time, as the checkpoint
// after the cell. A process with threads of its own can't be forked, since the child would lack them:
// there the cell runs in place, and this state is no checkpoint any more.
static void run_cell(const worker_request *request, const int descriptors[CELL_DESCRIPTORS]) {
  if (descriptors[0] < 0) {
    // They did not get through: no number is free for them.
    worker_report report = {.kind = WORKER_UNLOADABLE};
    snprintf(report.text, sizeof report.text, "no file descriptor is free");
    worker_report_now(&report);
    return;
  }
  if (!worker.is_root && worker_foreign_threads() > 0) {
    become_cell(request, descriptors, true);
    return;
  }
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    become_cell(request, descriptors, false);
    return;
  }
  if (child < 0) {
    worker_report report = {.kind = WORKER_UNLOADABLE};
    snprintf(report.text, sizeof report.text, "fork: %s", strerror(errno));
    while (send(descriptors[0], &report, sizeof report, MSG_NOSIGNAL) < 0 && errno == EINTR) {}
  }
  if (child > 0) worker_enlist(child);
  for (int i = 0; i < CELL_DESCRIPTORS; i++)
    if (descriptors[i] >= 0) close(descriptors[i]);
}

static bool is_gone(pid_t pid) {
  // A child of this process stays until it is reaped; others are gone once their parent did that.
  siginfo_t info = {.si_pid = 0};
  if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0) return info.si_pid == pid;
  return kill(pid, 0) < 0;
}

// Ends a cell that must not go on. It is asked for its frames first: where it is when its time is up
// helps its author. That takes under a millisecond, but on a busy machine it may wait long for its turn.
static void end_cell(pid_t pid) {
  struct timespec now, start;
  clock_gettime(CLOCK_MONOTONIC, &start);
  now = start;
  if (kill(pid, SIGXCPU) == 0)
    while (now.tv_sec - start.tv_sec < FRAMES_PATIENCE_S && !is_gone(pid)) {
      usleep(1000);
      clock_gettime(CLOCK_MONOTONIC, &now);
    }
  // With the group first, or a cell that forks in a loop would leave us no time.
  kill(-pid, SIGKILL);
  kill(pid, SIGKILL);
}

static __attribute__((noreturn)) void serve(void) {
  for (;;) {
    struct pollfd sources[2] = {{worker.control, POLLIN, 0}, {worker.child_signals, POLLIN, 0}};
    if (poll(sources, 2, -1) < 0 && errno != EINTR) _exit(70);
    if (sources[1].revents & POLLIN) {
      struct signalfd_siginfo ignored;
      while (read(worker.child_signals, &ignored, sizeof ignored) > 0) {}
      reap();
    }
    if (!sources[0].revents) continue;
    worker_request request;
    int descriptors[CELL_DESCRIPTORS];
    if (!receive_request(&request, descriptors)) {
      // The launcher kills what is left.
      _exit(0);
    }
    switch (request.kind) {
      case WORKER_RUN:
        run_cell(&request, descriptors);
        break;
      case WORKER_KILL:
        if (request.pid > 1) end_cell(request.pid);
        break;
      case WORKER_LEAVE:
        reap();
        _exit(0);
    }
  }
}

void worker_main(int control) {
  int here;
  worker.control = out_of_the_way(control);
  worker.is_root = true;
  worker.pid = getpid();
  worker_stack_top = (uint64_t)(uintptr_t)&here;
  worker_share_members();
  // Checkpoints leave when the next one takes over; their children then belong to this process.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  // Block buffering would lose everything printed before a crash.
  setvbuf(stdout, NULL, _IOLBF, 0);
  worker_install_crash_handler();
  worker_install_runtime_hooks();
  watch_children();
  serve();
}
