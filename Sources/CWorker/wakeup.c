// Foundation's run loops wake the thread that watches sockets, on which Process waits for the end of its
// program, through two datagram sockets on the loopback address. No cell may make a socket, and without
// that pair a socket that comes after the thread began to wait is never watched: about one in twenty-five
// calls of Process.waitUntilExit() didn't return. So the calls that make the pair, from Foundation alone,
// get a pair of local sockets, which reach no one else; every other call gets what the launcher allows.
#define _GNU_SOURCE
#include "internal.h"

#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// The halves that Foundation holds, and whether the second is still to be given.
static int halves[2] = {-1, -1};
static bool has_second;

static bool is_from_foundation(const void *caller) {
  Dl_info info;
  return worker.control >= 0 && dladdr(caller, &info) && info.dli_fname
    && strstr(info.dli_fname, "/libFoundation.so");
}

static bool is_half(int descriptor, const void *caller) {
  return descriptor >= 0 && (descriptor == halves[0] || descriptor == halves[1])
    && is_from_foundation(caller);
}

static int next_half(void) {
  has_second = !has_second;
  if (!has_second) return halves[1];
  return socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, halves) == 0 ? halves[0] : -1;
}

int socket(int domain, int type, int protocol) {
  int (*original)(int, int, int) = (int (*)(int, int, int))dlsym(RTLD_NEXT, "socket");
  int descriptor = original(domain, type, protocol);
  bool is_refused = descriptor < 0 && (errno == EPERM || errno == EACCES);
  if (!is_refused || domain != AF_INET || type != SOCK_DGRAM) return descriptor;
  return is_from_foundation(__builtin_return_address(0)) ? next_half() : -1;
}

typedef int (*addressed)(int, const struct sockaddr *, socklen_t);

int bind(int descriptor, const struct sockaddr *address, socklen_t length) {
  if (is_half(descriptor, __builtin_return_address(0))) return 0;
  return ((addressed)dlsym(RTLD_NEXT, "bind"))(descriptor, address, length);
}

int connect(int descriptor, const struct sockaddr *address, socklen_t length) {
  if (is_half(descriptor, __builtin_return_address(0))) return 0;
  return ((addressed)dlsym(RTLD_NEXT, "connect"))(descriptor, address, length);
}

int getsockname(int descriptor, struct sockaddr *restrict address, socklen_t *restrict length) {
  if (is_half(descriptor, __builtin_return_address(0))) {
    struct sockaddr_in loopback = {.sin_family = AF_INET, .sin_port = htons(1),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    memcpy(address, &loopback, *length < sizeof loopback ? *length : sizeof loopback);
    *length = sizeof loopback;
    return 0;
  }
  int (*original)(int, struct sockaddr *, socklen_t *) =
      (int (*)(int, struct sockaddr *, socklen_t *))dlsym(RTLD_NEXT, "getsockname");
  return original(descriptor, address, length);
}
