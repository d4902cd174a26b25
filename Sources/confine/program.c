// The program's process, from fork to execve: every layer that a process applies to itself.

#define _GNU_SOURCE
#include "confine.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

static void tell(int report, const struct layers *layers, int error) {
  struct start_report message = {.layers = *layers, .error = error};
  ssize_t ignored = write(report, &message, sizeof message);
  (void)ignored;
}

/// A spawner's ignored or blocked signals would be inherited.
static void reset_signals(void) {
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

void become_program(const struct options *options, struct layers layers, int report) {
  reset_signals();
  // No controlling terminal, and no group shared with the user's other processes.
  setsid();
  layers.limits = apply_limits(options, &layers);
  drop_privileges(options, &layers);
  // After the change of user, which would clear it. In a process namespace the supervisor's end is
  // everyone's end; elsewhere this is what ties the program to it.
  prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (options->directory && chdir(options->directory)) {
    tell(report, &layers, errno);
    _exit(EXIT_CONFINE);
  }
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (!options->without_landlock) layers.landlock = apply_landlock(options);
  if (!options->without_seccomp) layers.seccomp = apply_seccomp(&layers);
  close_others(options, 3, report);
  tell(report, &layers, 0);
  if (!options->program) _exit(0);
  execve(options->program[0], options->program, (char **)options->environment);
  tell(report, &layers, errno);
  _exit(EXIT_CONFINE);
}
