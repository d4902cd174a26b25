// What the parts of `confine` share: the options, the layers in force, one function a layer.
//
// confine wraps one untrusted step, a compiler process or the process that runs cells:
//
//   launcher ──clone──▶ supervisor (first process of the namespaces) ──fork──▶ program
//
// Where namespaces are refused, launcher and supervisor are the same process. Each layer degrades
// by itself, and the status record names those that held. docs/security.md says what they promise.
#ifndef CONFINE_H
#define CONFINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>

/// How a path may be used by the program.
enum access {
  ACCESS_READ,
  ACCESS_EXECUTE,
  ACCESS_WRITE,
  /// A folder to write in that ends with the program, of limited size where we may mount one.
  ACCESS_SCRATCH,
};

struct grant {
  const char *path;
  enum access access;
};

enum {
  MAX_GRANTS = 64,
  MAX_KEPT = 32,
  MAX_ENVIRONMENT = 64,
  /// Exit status when confine itself is misused or can't work.
  EXIT_CONFINE = 125,
};

struct options {
  int status_fd;
  int kept[MAX_KEPT];
  int kept_count;
  struct grant grants[MAX_GRANTS];
  int grant_count;
  /// Ends with NULL, as execve wants it.
  char *environment[MAX_ENVIRONMENT + 1];
  int environment_count;
  const char *directory;
  /// Zero means no limit, in all of these.
  long long wall_ms, cpu_seconds, memory, file_size, open_files, processes;
  /// Layers left out on request, to test and measure the others.
  bool without_namespaces, without_landlock, without_seccomp, without_uid;
  /// Ends with NULL; NULL itself for a probe, which applies every layer and runs nothing.
  char **program;
};

/// The layers in force. Those that the program's own process applies come to the supervisor
/// through a pipe, so this holds no pointers.
struct layers {
  bool user_namespace;
  /// Process, mount (with a fresh /proc), network, IPC and host name namespaces.
  bool namespaces;
  /// Every mount is read-only but those of the granted folders.
  bool read_only;
  /// All user ids exist in the user namespace, so that the program can be given one of its own.
  bool all_ids;
  /// The program has a user id that no one else has.
  bool own_uid;
  bool limits;
  bool seccomp;
  /// The version of landlock's interface, or zero.
  int landlock;
};

/// What the supervisor saw, for the status record.
struct result {
  const char *kind;
  int code;
  int leftover;
  struct rusage usage;
};

/// Prints to standard error and ends the process with `EXIT_CONFINE`.
_Noreturn void fail(const char *what);

// options.c
struct options parse_options(int count, char **arguments);

// descriptors.c
/// Closes every descriptor from `first` on but the kept ones and, unless negative, `spare`.
void close_others(const struct options *options, int first, int spare);

// namespaces.c
enum side { SIDE_ALONE, SIDE_LAUNCHER, SIDE_SUPERVISOR };
/// Returns twice where namespaces are allowed: in the launcher, with the supervisor's id, and in
/// the supervisor, inside them. Elsewhere returns once, `SIDE_ALONE`.
enum side enter_namespaces(
  const struct options *options, struct layers *layers, pid_t *supervisor);

// mounts.c
/// Makes the file tree read-only but for granted folders, and shows a fresh /proc. False when
/// /proc can't be renewed: a process namespace is of no use then.
bool arrange_mounts(const struct options *options, struct layers *layers);

// limits.c
bool apply_limits(const struct options *options, const struct layers *layers);

// identity.c
/// Gives up every privilege, and the user id where that is possible.
void drop_privileges(const struct options *options, struct layers *layers);

// landlock.c
/// The version of landlock's interface that this kernel has, or zero.
int landlock_version(void);
/// Returns the version in force afterwards, or zero.
int apply_landlock(const struct options *options);

// seccomp.c
bool apply_seccomp(const struct layers *layers);

// program.c
/// What the program's process tells the supervisor before it becomes the program.
struct start_report {
  struct layers layers;
  /// Zero, or why the program couldn't be started.
  int error;
};
/// Applies every layer to this process and becomes the program.
_Noreturn void become_program(
  const struct options *options, struct layers layers, int report);

// processes.c
/// Kills every descendant of this process and waits for all; returns how many were alive.
int sweep(bool has_namespace);

// supervise.c
/// Keeps the signals that both outer processes act on until they look for them. To be called before
/// either has a child, or the end of a short one could be missed.
void hold_signals(void);
/// Runs the program, writes the status record, returns the exit status that mirrors it.
int supervise(const struct options *options, struct layers layers);
/// In the launcher: passes cancellation on and dies with its parent.
int relay(const struct options *options, pid_t supervisor);

// status.c
void write_status(int descriptor, const struct result *result, const struct layers *layers);
void print_probe(const struct layers *layers);

#endif
