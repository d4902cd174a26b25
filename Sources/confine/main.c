// confine: runs one untrusted program inside every layer of isolation that this machine gives.

#include "confine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

_Noreturn void fail(const char *what) {
  dprintf(2, "confine: %s: %s\n", what, strerror(errno));
  _exit(EXIT_CONFINE);
}

int main(int count, char **arguments) {
  struct options options = parse_options(count, arguments);
  // A spawner may have left descriptors open by accident, the ends of other runs' pipes among them.
  close_others(&options, 3, options.status_fd);
  if (options.status_fd >= 0) fcntl(options.status_fd, F_SETFD, FD_CLOEXEC);

  hold_signals();

  struct layers layers = {0};
  pid_t supervisor = 0;
  enum side side = SIDE_ALONE;
  if (!options.without_namespaces) side = enter_namespaces(&options, &layers, &supervisor);
  if (side == SIDE_LAUNCHER) return relay(&options, supervisor);
  // Orphans of the program come to this process, which counts and kills them. (The first process
  // of a namespace gets them anyway.)
  if (side == SIDE_ALONE) prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  return supervise(&options, layers);
}
