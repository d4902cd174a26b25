// The two processes that stay outside the program and see to its end.

#define _GNU_SOURCE
#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
  /// How often the parent's death is looked for, beside the signs of it that arrive by themselves.
  CHECK_MS = 250,
  /// How long the supervisor may take to kill, count and report.
  PATIENCE_MS = 2000,
};

enum event { EVENT_CHILD, EVENT_CANCEL, EVENT_ABANDONED, EVENT_TIME };

struct watch {
  int signals, status_fd;
  pid_t parent;
  bool has_namespace;
  /// When to return `EVENT_TIME`, or zero.
  long long deadline;
};

static long long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static sigset_t watched_signals(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGHUP);
  return set;
}

void hold_signals(void) {
  sigset_t set = watched_signals();
  sigprocmask(SIG_BLOCK, &set, NULL);
  signal(SIGPIPE, SIG_IGN);
}

static struct watch start_watch(const struct options *options, bool has_namespace) {
  sigset_t set = watched_signals();
  int signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals < 0) fail("signalfd");
  return (struct watch){
    .signals = signals, .status_fd = options->status_fd, .parent = getppid(),
    .has_namespace = has_namespace};
}

/// The pipes of the program would else stay open, for their reader, until our own end.
static void let_go_of_pipes(const struct options *options, const struct watch *watch) {
  for (int fd = 0; fd < 3; fd++)
    if (fd != options->status_fd) close(fd);
  for (int i = 0; i < options->kept_count; i++)
    if (options->kept[i] != options->status_fd && options->kept[i] != watch->signals)
      close(options->kept[i]);
}

/// Waits for the next thing to act on.
static enum event next_event(const struct watch *watch) {
  for (;;) {
    long long wait = CHECK_MS;
    if (watch->deadline) {
      wait = watch->deadline - now_ms();
      if (wait <= 0) return EVENT_TIME;
      if (wait > CHECK_MS) wait = CHECK_MS;
    }
    // Nothing is ever read from the status pipe: it speaks up when its reader is gone. The signal
    // for a parent's death isn't used here, as it comes when the parent's *thread* ends.
    struct pollfd polled[2] = {{.fd = watch->signals, .events = POLLIN}, {.fd = watch->status_fd}};
    poll(polled, 2, (int)wait);
    struct signalfd_siginfo signal;
    while (read(watch->signals, &signal, sizeof signal) == sizeof signal) {
      if (signal.ssi_signo == SIGCHLD) return EVENT_CHILD;
      // From inside the namespace, a program could fake its own cancellation.
      if (watch->has_namespace && signal.ssi_pid != 0) continue;
      return EVENT_CANCEL;
    }
    if (polled[1].revents & (POLLERR | POLLHUP)) return EVENT_ABANDONED;
    if (getppid() != watch->parent) return EVENT_ABANDONED;
  }
}

/// Reads what the program's process told before it became the program.
static struct start_report read_report(int pipe, struct layers layers) {
  struct start_report report = {.layers = layers, .error = EPROTO}, next;
  while (read(pipe, &next, sizeof next) == sizeof next) report = next;
  close(pipe);
  return report;
}

static int mirrored_exit(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int supervise(const struct options *options, struct layers layers) {
  struct watch watch = start_watch(options, layers.namespaces);
  if (options->wall_ms) watch.deadline = now_ms() + options->wall_ms;
  int report_pipe[2];
  if (pipe2(report_pipe, O_CLOEXEC)) fail("pipe");
  pid_t program = fork();
  if (program < 0) fail("fork");
  if (program == 0) {
    if (options->status_fd >= 0 && options->program) close(options->status_fd);
    become_program(options, layers, report_pipe[1]);
  }
  close(report_pipe[1]);
  // So that the program can't look at our descriptors, the status pipe among them.
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  if (options->program) let_go_of_pipes(options, &watch);

  struct result result = {.kind = NULL};
  int status = 0;
  for (bool has_ended = false; !has_ended;) {
    enum event event = next_event(&watch);
    if (event != EVENT_CHILD) {
      result.kind = event == EVENT_TIME ? "timeout" : "cancelled";
      kill(program, SIGKILL);
      watch.deadline = 0;
      has_ended = wait4(program, &status, 0, &result.usage) == program;
    }
    // Orphans are ours too; they just go.
    struct rusage usage;
    int ended;
    for (pid_t child; !has_ended && (child = wait4(-1, &ended, WNOHANG, &usage)) > 0;) {
      if (child != program) continue;
      has_ended = true;
      status = ended;
      result.usage = usage;
    }
  }
  result.leftover = sweep(layers.namespaces);

  struct start_report report = read_report(report_pipe[0], layers);
  result.code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
  if (!result.kind) result.kind = WIFSIGNALED(status) ? "signal" : "exit";
  if (report.error) {
    result.kind = "failed";
    result.code = report.error;
  }
  if (options->program) write_status(options->status_fd, &result, &report.layers);
  else print_probe(&report.layers);
  return mirrored_exit(status);
}

int relay(const struct options *options, pid_t supervisor) {
  struct watch watch = start_watch(options, false);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  if (options->program) let_go_of_pipes(options, &watch);
  for (;;) {
    enum event event = next_event(&watch);
    int status;
    if (event == EVENT_CHILD && waitpid(supervisor, &status, WNOHANG) == supervisor) {
      // Only something outside can have killed it, such as the kernel when memory ran out.
      if (WIFSIGNALED(status)) {
        struct result result = {.kind = "lost", .code = WTERMSIG(status)};
        write_status(options->status_fd, &result, &(struct layers){0});
      }
      return mirrored_exit(status);
    }
    if (event == EVENT_CANCEL) {
      kill(supervisor, SIGTERM);
      watch.deadline = now_ms() + PATIENCE_MS;
    }
    if (event == EVENT_ABANDONED || event == EVENT_TIME) {
      kill(supervisor, SIGKILL);
      watch.deadline = 0;
      waitpid(supervisor, &status, 0);
      return mirrored_exit(status);
    }
  }
}
