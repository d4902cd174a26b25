// What a hostile cell would try, one attempt a word: `hostile read /etc/shadow`.
//
// Ends with 0 when the attempt succeeded, else with the errno of the refusal.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

static int outcome(long result) { return result < 0 ? errno : 0; }

static int open_for_reading(const char *path) {
  int file = open(path, O_RDONLY);
  char byte;
  return file < 0 ? errno : outcome(read(file, &byte, 1));
}

static int open_for_writing(const char *path) {
  return outcome(open(path, O_WRONLY | O_CREAT, 0644));
}

static int set_attribute(const char *path) {
  return outcome(setxattr(path, "user.hostile", "x", 1, 0));
}

static int change_open_file(const char *path) {
  int file = open(path, O_RDONLY);
  return file < 0 ? errno : outcome(fchmod(file, 0777));
}

static int make_socket(const char *family) {
  int families[] = {AF_INET, AF_INET6, AF_UNIX, AF_NETLINK, AF_PACKET, AF_ALG, AF_VSOCK};
  return outcome(socket(families[atoi(family)], SOCK_STREAM, 0));
}

static int change_other_limits(const char *process) {
  struct rlimit limit = {0, 0};
  return outcome(prlimit(atoi(process), RLIMIT_NOFILE, &limit, NULL));
}

static int raise_limits(const char *unused) {
  (void)unused;
  struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
  return outcome(setrlimit(RLIMIT_AS, &limit));
}

static int fork_until_refused(const char *most) {
  for (int count = 0; count < atoi(most); count++) {
    pid_t child = fork();
    if (child < 0) return errno;
    if (child == 0) {
      pause();
      _exit(0);
    }
  }
  return 0;
}

static int fork_for_ever(const char *unused) {
  (void)unused;
  for (;;) fork();
}

static void *wait_in_thread(void *unused) {
  pause();
  return unused;
}

static int start_threads(const char *count) {
  for (int i = 0; i < atoi(count); i++) {
    pthread_t thread;
    int error = pthread_create(&thread, NULL, wait_in_thread, NULL);
    if (error) return error;
  }
  return 0;
}

static int take_memory(const char *megabytes) {
  size_t size = (size_t)atol(megabytes) << 20;
  char *memory = malloc(size);
  if (!memory) return errno;
  memset(memory, 1, size);
  return memory[size / 2] == 1 ? 0 : EFAULT;
}

static int write_megabytes(const char *path) {
  static char block[1 << 20];
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0) return errno;
  for (int i = 0; i < 256; i++)
    if (write(file, block, sizeof block) < 0) return errno;
  return 0;
}

static int open_many(const char *most) {
  for (int count = 0; count < atoi(most); count++)
    if (open("/dev/null", O_RDONLY) < 0) return errno;
  return 0;
}

static int use_processor(const char *unused) {
  (void)unused;
  for (volatile long i = 0;; i++) {
  }
}

static int sleep_seconds(const char *seconds) {
  sleep((unsigned)atoi(seconds));
  return 0;
}

/// Leaves a process in a session of its own that ignores everything it can.
static int leave_daemon(const char *seconds) {
  if (fork() == 0) {
    setsid();
    for (int number = 1; number < 32; number++) signal(number, SIG_IGN);
    if (fork() == 0) {
      close(0), close(1), close(2);
      sleep((unsigned)atoi(seconds));
    }
    _exit(0);
  }
  wait(NULL);
  return 0;
}

static int send_signal(const char *process) { return outcome(kill(atoi(process), SIGTERM)); }

/// Looks for any descriptor but 0, 1, 2 that can be written to, and claims to have ended well.
static int fake_status(const char *unused) {
  (void)unused;
  static const char record[] = "kind=exit code=0 leftover=0 maxrss_kb=1 utime_us=1 stime_us=1\n";
  int written = 0;
  for (int fd = 3; fd < 4096; fd++) written += write(fd, record, sizeof record - 1) > 0;
  for (int process = 1; process < 8; process++)
    for (int fd = 3; fd < 32; fd++) {
      char path[64];
      snprintf(path, sizeof path, "/proc/%d/fd/%d", process, fd);
      int file = open(path, O_WRONLY);
      if (file >= 0) written += write(file, record, sizeof record - 1) > 0;
    }
  return written ? 0 : EBADF;
}

static int count_descriptors(const char *unused) {
  (void)unused;
  int count = 0;
  for (int fd = 0; fd < 4096; fd++) count += fcntl(fd, F_GETFD) >= 0;
  printf("%d\n", count);
  return 0;
}

static int print_environment(const char *unused) {
  (void)unused;
  for (char **variable = environ; *variable; variable++) puts(*variable);
  return 0;
}

static int overflow_stack(const char *text) {
  volatile char frame[4096];
  frame[0] = text[0];
  return text[0] ? overflow_stack((const char *)frame) + frame[0] : 0;
}

static int crash(const char *number) { return outcome(raise(atoi(number))); }
static int end_with(const char *code) { return atoi(code); }
static int cut(const char *path) { return outcome(truncate(path, 0)); }
static int change_mode(const char *path) { return outcome(chmod(path, 0777)); }
static int change_owner(const char *path) { return outcome(chown(path, 1, 1)); }
static int change_times(const char *path) {
  return outcome(utimensat(AT_FDCWD, path, NULL, 0));
}
static int change_own_times(const char *path) {
  int file = open(path, O_WRONLY | O_CREAT, 0644);
  return file < 0 ? errno : outcome(futimens(file, NULL));
}
static int remove_file(const char *path) { return outcome(unlink(path)); }
static int make_folder(const char *path) { return outcome(mkdir(path, 0755)); }
static int make_pipe(const char *path) { return outcome(mkfifo(path, 0644)); }
static int make_link(const char *path) { return outcome(link(path, "stolen")); }
static int move_in(const char *path) { return outcome(rename(path, "stolen")); }
static int trace(const char *process) {
  return outcome(ptrace(PTRACE_ATTACH, atoi(process), NULL, NULL));
}
static int leave_namespaces(const char *unused) {
  (void)unused;
  return outcome(unshare(CLONE_NEWUSER | CLONE_NEWNS));
}
static int clone_namespaces(const char *unused) {
  (void)unused;
  return outcome(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0L, 0L, 0L, 0L));
}
static int share_memory(const char *unused) {
  (void)unused;
  return outcome(shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600));
}
static int type_into_terminal(const char *unused) {
  (void)unused;
  return outcome(ioctl(0, TIOCSTI, "x"));
}
static int become_root(const char *unused) {
  (void)unused;
  return outcome(setuid(0));
}
static int run_program(const char *path) {
  execl(path, path, (char *)NULL);
  return errno;
}

/// Runs a program as its foster parent, and writes into a file how many of its processes stayed on.
static int adopt(const char *file, char **program) {
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  pid_t child = fork(), ended;
  if (child == 0) {
    execv(program[0], program);
    _exit(126);
  }
  int status, result = 126, left = 0;
  while ((ended = wait(&status)) > 0 && ended != child) {
  }
  if (ended == child) result = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  // What is being ended may take a moment to go.
  for (int i = 0; i < 100 && (ended = waitpid(-1, NULL, WNOHANG)) >= 0; i++)
    if (ended == 0) usleep(10000);
  if (ended >= 0) left = 1;
  FILE *record = fopen(file, "w");
  if (!record) return 126;
  fprintf(record, "%d\n", left);
  fclose(record);
  return result;
}

int main(int count, char **arguments) {
  if (count > 3 && !strcmp(arguments[1], "adopt")) return adopt(arguments[2], arguments + 3);
  const struct {
    const char *name;
    int (*attempt)(const char *);
  } attempts[] = {
    {"read", open_for_reading}, {"write", open_for_writing}, {"truncate", cut},
    {"chmod", change_mode}, {"chown", change_owner}, {"touch", change_times},
    {"touch-own", change_own_times}, {"fchmod", change_open_file}, {"setxattr", set_attribute},
    {"unlink", remove_file}, {"mkdir", make_folder}, {"mkfifo", make_pipe}, {"link", make_link},
    {"rename", move_in}, {"socket", make_socket}, {"kill", send_signal}, {"trace", trace},
    {"prlimit", change_other_limits}, {"raise-limits", raise_limits},
    {"unshare", leave_namespaces}, {"clone", clone_namespaces}, {"shmget", share_memory},
    {"tiocsti", type_into_terminal}, {"setuid", become_root}, {"execute", run_program},
    {"fork", fork_until_refused}, {"fork-bomb", fork_for_ever}, {"threads", start_threads},
    {"memory", take_memory}, {"megabytes", write_megabytes}, {"open", open_many},
    {"spin", use_processor}, {"sleep", sleep_seconds}, {"daemon", leave_daemon},
    {"fake-status", fake_status}, {"descriptors", count_descriptors},
    {"environment", print_environment}, {"overflow", overflow_stack}, {"signal", crash},
    {"exit", end_with},
  };
  const char *argument = count > 2 ? arguments[2] : "";
  for (size_t i = 0; count > 1 && i < sizeof attempts / sizeof *attempts; i++)
    if (!strcmp(arguments[1], attempts[i].name)) return attempts[i].attempt(argument);
  return 255;
}
