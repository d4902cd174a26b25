// The file tree as the program sees it: read-only but for granted folders, with its own /proc.
//
// Landlock already denies opening, making and removing files elsewhere. It doesn't cover changes
// of mode, owner, times and attributes; a read-only mount does.

#define _GNU_SOURCE
#include "confine.h"

#include <fcntl.h>
#include <linux/mount.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

// <sys/mount.h> and <linux/mount.h> can't be included together with every C library.
int mount(const char *, const char *, const char *, unsigned long, const void *);
enum {
  FLAG_NOSUID = 2,
  FLAG_NODEV = 4,
  FLAG_NOEXEC = 8,
  FLAG_RECURSIVE = 16384,
  FLAG_PRIVATE = 1 << 18,
};

static bool make_read_only(const struct options *options) {
  // Copies of the mounts below the granted folders, taken while they are writable.
  int copies[MAX_GRANTS];
  bool is_complete = true;
  for (int i = 0; i < options->grant_count; i++) {
    copies[i] = -1;
    enum access access = options->grants[i].access;
    if (access != ACCESS_WRITE && access != ACCESS_SCRATCH) continue;
    copies[i] = (int)syscall(
      SYS_open_tree, AT_FDCWD, options->grants[i].path,
      OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
    if (copies[i] < 0) is_complete = false;
  }
  struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};
  if (is_complete)
    is_complete = !syscall(
      SYS_mount_setattr, AT_FDCWD, "/", AT_RECURSIVE, &attributes, sizeof attributes);
  for (int i = 0; i < options->grant_count; i++) {
    if (copies[i] < 0) continue;
    if (is_complete
        && syscall(SYS_move_mount, copies[i], "", AT_FDCWD, options->grants[i].path,
          MOVE_MOUNT_F_EMPTY_PATH))
      fail(options->grants[i].path);
    close(copies[i]);
  }
  return is_complete;
}

/// Puts a file system of memory over each scratch folder: what a program writes there is bounded in
/// sum, and gone with it. Where that fails the folder itself is used, writable as it is.
static void mount_scratch(const struct options *options) {
  static const char *const limits = "size=256m,nr_inodes=16k,mode=0700";
  for (int i = 0; i < options->grant_count; i++)
    if (options->grants[i].access == ACCESS_SCRATCH)
      mount("lesson", options->grants[i].path, "tmpfs", FLAG_NOSUID | FLAG_NODEV, limits);
}

bool arrange_mounts(const struct options *options, struct layers *layers) {
  // Nothing we mount may show outside.
  if (mount(NULL, "/", NULL, FLAG_RECURSIVE | FLAG_PRIVATE, NULL)) return false;
  layers->read_only = make_read_only(options);
  mount_scratch(options);
  // Where parts of /proc are masked (Docker) the kernel refuses a new one. The old one shows other
  // process ids than ours, and libdispatch traps when /proc/TID/stat isn't there.
  return !mount("proc", "/proc", "proc", FLAG_NOSUID | FLAG_NODEV | FLAG_NOEXEC, NULL);
}
