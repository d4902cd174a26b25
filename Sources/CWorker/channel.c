// The runner's side: starting processes and talking to checkpoints.
#define _GNU_SOURCE
#include "CWorker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

// Sources are first copied above every target, so that no target overwrites a source still needed.
enum { MAX_DESCRIPTORS = 16, FIRST_COPY = 64 };

pid_t worker_spawn(const char *program, char *const arguments[], char *const environment[],
                   const int *descriptors, int count, const char *directory) {
  if (count > MAX_DESCRIPTORS) return -EINVAL;
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  int copies[MAX_DESCRIPTORS];
  pid_t pid = 0;
  int failure = 0;
  for (int i = 0; i < count; i++) {
    copies[i] = fcntl(descriptors[i], F_DUPFD_CLOEXEC, FIRST_COPY);
    if (copies[i] < 0) failure = errno;
    else posix_spawn_file_actions_adddup2(&actions, copies[i], i);
  }
  posix_spawn_file_actions_addclosefrom_np(&actions, count);
  if (directory) posix_spawn_file_actions_addchdir_np(&actions, directory);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  // A group of its own: Ctrl-C at the terminal reaches the runner, which ends its children in order.
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  if (!failure) failure = posix_spawn(&pid, program, &actions, &attributes, arguments, environment);
  for (int i = 0; i < count; i++)
    if (copies[i] >= 0) close(copies[i]);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  return failure ? -failure : pid;
}

int worker_process_handle(pid_t pid) {
  int handle = (int)syscall(SYS_pidfd_open, pid, 0);
  return handle < 0 ? -errno : handle;
}

static int interruption = -1;

static void on_interruption(int number) {
  (void)number;
  int saved = errno;
  eventfd_write(interruption, 1);
  errno = saved;
}

// A handler and not a blocked signal: the concurrency runtime's main thread unblocks everything.
int worker_interruption(void) {
  interruption = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (interruption < 0) return -errno;
  static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
  for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    struct sigaction old, action = {.sa_handler = on_interruption, .sa_flags = SA_RESTART};
    if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
      sigaction(numbers[i], &action, NULL);
  }
  signal(SIGXFSZ, SIG_IGN);
  return interruption;
}

int worker_pipe(int ends[2]) {
  if (pipe2(ends, O_CLOEXEC) < 0) return -errno;
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  return 0;
}

int worker_socket_pair(int ends[2]) {
  return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0 ? -errno : 0;
}

int worker_send(int control, const worker_request *request, const int *descriptors, int count) {
  struct iovec part = {(void *)request, sizeof *request};
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int) * MAX_DESCRIPTORS)];
  } extra;
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (count > MAX_DESCRIPTORS) return -EINVAL;
  if (count > 0) {
    message.msg_control = &extra;
    message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * count);
    memcpy(CMSG_DATA(header), descriptors, sizeof(int) * count);
  }
  ssize_t sent;
  do sent = sendmsg(control, &message, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent < 0 ? -errno : 0;
}

int worker_receive(int control, worker_report *report) {
  ssize_t count;
  // A cell can reach its socket and send whatever it likes: what is no report is passed over.
  int attempts = 64;
  do count = recv(control, report, sizeof *report, MSG_DONTWAIT);
  while ((count < 0 && errno == EINTR) || (count > 0 && count != sizeof *report && --attempts > 0));
  if (count == 0) return 0;
  if (count < 0) return errno == ECONNRESET ? 0 : -errno;
  return count == sizeof *report ? 1 : -EBUSY;
}
