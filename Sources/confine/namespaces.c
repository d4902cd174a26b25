// Namespaces of processes, mounts, network, IPC, host name and users.

#define _GNU_SOURCE
#include "confine.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static bool write_file(pid_t process, const char *name, const char *text) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", process, name);
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  ssize_t length = (ssize_t)strlen(text);
  bool is_written = write(file, text, (size_t)length) == length;
  close(file);
  return is_written;
}

enum mapping { MAP_NONE = 'n', MAP_OWN = 'o', MAP_ALL = 'a' };

/// Maps every user id to itself where we may, so that the program can get one of its own; else ours.
static enum mapping map_users(pid_t process) {
  static const char *const all = "0 0 4294967295\n";
  if (geteuid() == 0 && write_file(process, "uid_map", all))
    return write_file(process, "gid_map", all) ? MAP_ALL : MAP_NONE;
  char own[64];
  write_file(process, "setgroups", "deny");
  snprintf(own, sizeof own, "%u %u 1\n", getegid(), getegid());
  if (!write_file(process, "gid_map", own)) return MAP_NONE;
  snprintf(own, sizeof own, "%u %u 1\n", geteuid(), geteuid());
  return write_file(process, "uid_map", own) ? MAP_OWN : MAP_NONE;
}

/// The supervisor's first steps. Returns only when everything is in place.
static void settle(
  const struct options *options, struct layers *layers, bool has_users, int go, int ready
) {
  // The launcher has one thread, so that "parent" means the process here. It killed, the kernel
  // kills the first process of the namespace, and with it all others.
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  char mapping = MAP_NONE;
  if (read(go, &mapping, 1) != 1 || mapping == MAP_NONE) _exit(EXIT_CONFINE);
  layers->namespaces = true;
  layers->user_namespace = has_users;
  layers->all_ids = has_users && mapping == MAP_ALL;
  if (!arrange_mounts(options, layers)) _exit(EXIT_CONFINE);
  if (write(ready, "y", 1) != 1) _exit(EXIT_CONFINE);
  close(go);
  close(ready);
}

static enum side attempt(
  const struct options *options, struct layers *layers, bool has_users, pid_t *supervisor
) {
  int go[2], ready[2];
  if (pipe2(go, O_CLOEXEC) || pipe2(ready, O_CLOEXEC)) fail("pipe");
  const unsigned long flags = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC
    | CLONE_NEWUTS | (has_users ? CLONE_NEWUSER : 0UL);
  // The plain system call: a fork with flags, which clone() of the library can't do.
  pid_t child = (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0UL, 0UL, 0UL, 0UL);
  if (child == 0) {
    close(go[1]);
    close(ready[0]);
    settle(options, layers, has_users, go[0], ready[1]);
    return SIDE_SUPERVISOR;
  }
  close(go[0]);
  close(ready[1]);
  char answer = 'n';
  if (child > 0) {
    char mapping = (char)(has_users ? map_users(child) : MAP_OWN);
    if (write(go[1], &mapping, 1) != 1 || read(ready[0], &answer, 1) != 1) answer = 'n';
  }
  close(go[1]);
  close(ready[0]);
  if (answer == 'y') {
    *supervisor = child;
    return SIDE_LAUNCHER;
  }
  if (child > 0) {
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
  }
  return SIDE_ALONE;
}

enum side enter_namespaces(
  const struct options *options, struct layers *layers, pid_t *supervisor
) {
  // Otherwise the kernel gives our /proc entries, and the child's, to root alone.
  prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
  enum side side = attempt(options, layers, true, supervisor);
  // A machine may forbid user namespaces and still let root have the others.
  if (side == SIDE_ALONE && geteuid() == 0) side = attempt(options, layers, false, supervisor);
  return side;
}
