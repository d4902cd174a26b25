// Landlock: which files the program may open.

#define _GNU_SOURCE
#include "confine.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

// Written out, so that the headers of an old distribution don't decide what a new kernel enforces.
enum {
  FS_EXECUTE = 1 << 0,
  FS_WRITE_FILE = 1 << 1,
  FS_READ_FILE = 1 << 2,
  FS_READ_DIR = 1 << 3,
  FS_MAKE_CHAR = 1 << 6,
  FS_MAKE_SOCK = 1 << 9,
  FS_MAKE_FIFO = 1 << 10,
  FS_MAKE_BLOCK = 1 << 11,
  FS_FIRST_VERSION = (1 << 13) - 1,
  FS_REFER = 1 << 13,      // version 2
  FS_TRUNCATE = 1 << 14,   // version 3
  FS_IOCTL_DEV = 1 << 15,  // version 5
  FS_OF_FILES = FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV,
  NET_ALL = 3,             // version 4: bind and connect by TCP
  SCOPE_ALL = 3,           // version 6: abstract sockets and signals
};

struct ruleset {
  uint64_t files, network, scopes;
};

/// Needed by every program to start at all, and holding nothing of a user's.
static const struct grant system_grants[] = {
  {"/usr", ACCESS_EXECUTE},
  {"/lib", ACCESS_EXECUTE},
  {"/lib64", ACCESS_EXECUTE},
  {"/bin", ACCESS_EXECUTE},
  {"/etc/ld.so.cache", ACCESS_READ},
  {"/etc/localtime", ACCESS_READ},
  {"/etc/timezone", ACCESS_READ},
  {"/dev/zero", ACCESS_READ},
  {"/dev/random", ACCESS_READ},
  {"/dev/urandom", ACCESS_READ},
  // All of it, not /proc/self: libdispatch opens /proc/TID/stat of its own threads and traps when
  // it can't. Memory, environment and descriptors of outer processes stay closed: landlock denies
  // what the kernel counts as tracing.
  {"/proc", ACCESS_READ},
};

/// A path that doesn't exist needs no rule.
static void allow(int rules, const char *path, uint64_t rights) {
  int file = open(path, O_PATH | O_CLOEXEC);
  if (file < 0) return;
  struct stat status;
  if (fstat(file, &status) || !S_ISDIR(status.st_mode)) rights &= FS_OF_FILES;
  struct landlock_path_beneath_attr rule = {.allowed_access = rights, .parent_fd = file};
  syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
  close(file);
}

static void grant(int rules, const struct grant *grant, uint64_t handled) {
  const uint64_t reading = FS_READ_FILE | FS_READ_DIR;
  const uint64_t never = FS_EXECUTE | FS_MAKE_CHAR | FS_MAKE_SOCK | FS_MAKE_FIFO | FS_MAKE_BLOCK
    | FS_IOCTL_DEV;
  switch (grant->access) {
    case ACCESS_READ: allow(rules, grant->path, reading); break;
    case ACCESS_EXECUTE: allow(rules, grant->path, reading | FS_EXECUTE); break;
    case ACCESS_WRITE:
    case ACCESS_SCRATCH: allow(rules, grant->path, handled & ~never); break;
  }
}

int landlock_version(void) {
  long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version < 1 ? 0 : (int)version;
}

int apply_landlock(const struct options *options) {
  int version = landlock_version();
  if (!version) return 0;
  struct ruleset handled = {.files = FS_FIRST_VERSION};
  size_t size = sizeof handled.files;
  if (version >= 2) handled.files |= FS_REFER;
  if (version >= 3) handled.files |= FS_TRUNCATE;
  if (version >= 5) handled.files |= FS_IOCTL_DEV;
  if (version >= 4) {
    handled.network = NET_ALL;
    size = offsetof(struct ruleset, scopes);
  }
  if (version >= 6) {
    handled.scopes = SCOPE_ALL;
    size = sizeof handled;
  }
  int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, size, 0);
  if (rules < 0) return 0;
  for (size_t i = 0; i < sizeof system_grants / sizeof *system_grants; i++)
    grant(rules, &system_grants[i], handled.files);
  for (int i = 0; i < options->grant_count; i++)
    grant(rules, &options->grants[i], handled.files);
  allow(rules, "/dev/null", FS_READ_FILE | FS_WRITE_FILE);
  if (options->program) allow(rules, options->program[0], FS_READ_FILE | FS_EXECUTE);
  bool is_applied = !syscall(SYS_landlock_restrict_self, rules, 0);
  close(rules);
  return is_applied ? version : 0;
}
