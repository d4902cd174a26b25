// Seccomp: which system calls the program may make.
//
// A list of refusals, not of permissions: Swift programs use a wide range of calls, and files are
// landlock's business. Refused are calls that reach other processes, the network, the kernel's own
// configuration, and what landlock doesn't cover.

#define _GNU_SOURCE
#include "confine.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
static const uint32_t this_architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
static const uint32_t this_architecture = AUDIT_ARCH_AARCH64;
#else
static const uint32_t this_architecture = 0;
#endif

/// Refused whatever the arguments.
static const int refused[] = {
  // Other processes' memory, descriptors and scheduling.
  SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, SYS_migrate_pages,
  SYS_move_pages, SYS_setpriority, SYS_ioprio_set, SYS_sched_setparam, SYS_sched_setscheduler,
  SYS_sched_setattr, 438 /* pidfd_getfd */, 440 /* process_madvise */, 448 /* process_mrelease */,
  // The network. socketpair stays: it reaches no one else. io_uring would go round this list.
  SYS_socket, 425, 426, 427 /* io_uring_setup, _enter, _register */,
  // Memory, messages and semaphores shared by name.
  SYS_shmget, SYS_shmat, SYS_shmctl, SYS_msgget, SYS_msgctl, SYS_msgsnd, SYS_msgrcv, SYS_semget,
  SYS_semctl, SYS_semop, SYS_semtimedop, SYS_mq_open, SYS_mq_unlink,
  // New namespaces, where the program would have capabilities again; the mount table.
  SYS_unshare, SYS_setns, SYS_chroot, SYS_pivot_root, SYS_mount, SYS_umount2, 428 /* open_tree */,
  429 /* move_mount */, 430, 431, 432, 433 /* fsopen, fsconfig, fsmount, fspick */,
  442 /* mount_setattr */, 467 /* open_tree_attr */,
  // Parts of the kernel with a history of holes, useless to a lesson.
  SYS_bpf, SYS_perf_event_open, SYS_userfaultfd, SYS_keyctl, SYS_add_key, SYS_request_key,
  SYS_fanotify_init, SYS_fanotify_mark, SYS_personality, SYS_name_to_handle_at,
  SYS_open_by_handle_at, SYS_vhangup, SYS_lookup_dcookie,
  // The machine's configuration.
  SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_reboot, SYS_swapon,
  SYS_swapoff, SYS_settimeofday, SYS_clock_settime, SYS_adjtimex, SYS_clock_adjtime,
  SYS_sethostname, SYS_setdomainname, SYS_acct, SYS_quotactl, 443 /* quotactl_fd */, SYS_syslog,
  // Watching folders that landlock doesn't let it open.
  SYS_inotify_add_watch,
  // Changes by path that landlock doesn't cover: mode, owner, times, attributes. Those of an open
  // file stay, where mounts or ids protect what is only open for reading. truncate is covered only
  // from landlock's third version on.
  SYS_truncate, SYS_fchmodat, 452 /* fchmodat2 */, SYS_fchownat, SYS_setxattr, SYS_lsetxattr,
  SYS_removexattr, SYS_lremovexattr, 463, 466 /* setxattrat, removexattrat */,
  469 /* file_setattr */,
#ifdef __x86_64__
  SYS_chmod, SYS_chown, SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat, SYS_iopl, SYS_ioperm,
  SYS_modify_ldt, SYS_kexec_file_load, SYS_ustat, SYS_sysfs, SYS_uselib,
#endif
};

/// Refused where neither a read-only tree nor another user id protects the user's files.
static const int refused_without_protection[] = {
  SYS_fchmod, SYS_fchown, SYS_fsetxattr, SYS_fremovexattr,
};

enum {
  NEW_NAMESPACE_FLAGS = 0x7E020080,  // every CLONE_NEW… flag, CLONE_NEWTIME among them
  PUSH_INPUT = 0x5412,               // TIOCSTI: types into the terminal
  CONSOLE_PASTE = 0x541C,            // TIOCLINUX
  X32_BIT = 0x40000000,
  // Per call: compare, answer. With the few checked by argument this holds all.
  MAX_INSTRUCTIONS = 512,
};

struct filter {
  struct sock_filter code[MAX_INSTRUCTIONS];
  unsigned short count;
};

static void add(struct filter *filter, uint16_t code, uint32_t value, uint8_t yes, uint8_t no) {
  filter->code[filter->count++] = (struct sock_filter){code, yes, no, value};
}

static void load(struct filter *filter, size_t offset) {
  add(filter, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

static void answer(struct filter *filter, uint32_t value) {
  add(filter, BPF_RET | BPF_K, value, 0, 0);
}

static void refuse(struct filter *filter, int call, int error) {
  add(filter, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 1);
  answer(filter, SECCOMP_RET_ERRNO | (uint32_t)error);
}

/// Refuses a call when one of its arguments compares as given with `value`; both halves of an
/// argument lie in memory, low one first on these processors.
static void refuse_if(
  struct filter *filter, int call, int argument, uint16_t comparison, uint32_t value, bool outcome
) {
  add(filter, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)call, 0, 4);
  load(filter, offsetof(struct seccomp_data, args) + 8 * (size_t)argument);
  add(filter, BPF_JMP | comparison | BPF_K, value, outcome ? 0 : 1, outcome ? 1 : 0);
  answer(filter, SECCOMP_RET_ERRNO | EPERM);
  load(filter, offsetof(struct seccomp_data, nr));
}

static void build(struct filter *filter, const struct layers *layers) {
  load(filter, offsetof(struct seccomp_data, arch));
  add(filter, BPF_JMP | BPF_JEQ | BPF_K, this_architecture, 1, 0);
  answer(filter, SECCOMP_RET_KILL_PROCESS);
  load(filter, offsetof(struct seccomp_data, nr));
#ifdef __x86_64__
  // The same calls under other numbers.
  add(filter, BPF_JMP | BPF_JGE | BPF_K, X32_BIT, 0, 1);
  answer(filter, SECCOMP_RET_ERRNO | ENOSYS);
#endif
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) refuse(filter, refused[i], EPERM);
  if (!layers->read_only && !layers->own_uid)
    for (size_t i = 0; i < sizeof refused_without_protection / sizeof(int); i++)
      refuse(filter, refused_without_protection[i], EPERM);
  // Its flags lie in memory, out of a filter's sight. The library falls back to clone.
  refuse(filter, 435 /* clone3 */, ENOSYS);
  refuse_if(filter, SYS_clone, 0, BPF_JSET, NEW_NAMESPACE_FLAGS, true);
  // Everyone at once: a cell would end the states of the cells before it.
  refuse_if(filter, SYS_kill, 0, BPF_JEQ, (uint32_t)-1, true);
  // Limits of oneself only.
  refuse_if(filter, SYS_prlimit64, 0, BPF_JEQ, 0, false);
  refuse_if(filter, SYS_ioctl, 1, BPF_JEQ, PUSH_INPUT, true);
  refuse_if(filter, SYS_ioctl, 1, BPF_JEQ, CONSOLE_PASTE, true);
  // Times of an open file have no path.
  refuse_if(filter, SYS_utimensat, 1, BPF_JEQ, 0, false);
  answer(filter, SECCOMP_RET_ALLOW);
}

bool apply_seccomp(const struct layers *layers) {
  if (!this_architecture) return false;
  struct filter filter = {.count = 0};
  build(&filter, layers);
  struct sock_fprog program = {.len = filter.count, .filter = filter.code};
  return !syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}
