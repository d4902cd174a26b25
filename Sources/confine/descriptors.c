// Which descriptors stay open.

#define _GNU_SOURCE
#include "confine.h"

#include <sys/syscall.h>
#include <unistd.h>

static void close_from_to(unsigned first, unsigned last) {
  if (first > last) return;
  if (!syscall(SYS_close_range, first, last, 0U)) return;
  // Kernels before 5.9.
  long end = sysconf(_SC_OPEN_MAX);
  for (long fd = first; fd <= (long)last && fd < end; fd++) close((int)fd);
}

void close_others(const struct options *options, int first, int spare) {
  unsigned from = (unsigned)first;
  for (;;) {
    // The smallest one to keep at or after `from`.
    unsigned next = ~0U;
    for (int i = 0; i < options->kept_count; i++) {
      unsigned kept = (unsigned)options->kept[i];
      if (kept >= from && kept < next) next = kept;
    }
    if (spare >= 0 && (unsigned)spare >= from && (unsigned)spare < next) next = (unsigned)spare;
    if (next == ~0U) break;
    if (next > from) close_from_to(from, next - 1);
    from = next + 1;
  }
  close_from_to(from, ~0U);
}
