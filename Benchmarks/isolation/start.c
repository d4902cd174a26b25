// How long a program takes from its start to its end: start COUNT PROGRAM ARGUMENT…
// Prints the smallest and the middle time in milliseconds.

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

static int ascending(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return difference < 0 ? -1 : difference > 0;
}

int main(int count, char **arguments) {
  int repeats = count > 2 ? atoi(arguments[1]) : 0;
  double *times = calloc((size_t)repeats + 1, sizeof *times);
  if (repeats < 1 || !times) return 64;
  for (int i = 0; i < repeats; i++) {
    double start = now();
    pid_t process;
    if (posix_spawn(&process, arguments[2], NULL, NULL, arguments + 2, environ)) return 1;
    waitpid(process, NULL, 0);
    times[i] = now() - start;
  }
  qsort(times, (size_t)repeats, sizeof *times, ascending);
  printf("%.2f %.2f\n", times[0], times[repeats / 2]);
  return 0;
}
