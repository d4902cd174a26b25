// The record of how the program ended, and the list of layers.

#include "confine.h"

#include <stdio.h>
#include <string.h>

struct list {
  char text[160];
};

static void append(struct list *list, const char *word) {
  size_t length = strlen(list->text);
  snprintf(
    list->text + length, sizeof list->text - length, "%s%s", length ? "," : "", word);
}

/// The layers in force and, in the other list, those that this machine doesn't give.
static void describe(const struct layers *layers, struct list *present, struct list *missing) {
  const struct {
    const char *name;
    bool is_present;
  } words[] = {
    {"userns", layers->user_namespace}, {"pidns", layers->namespaces},
    {"mntns", layers->namespaces},      {"netns", layers->namespaces},
    {"ipcns", layers->namespaces},      {"utsns", layers->namespaces},
    {"readonly", layers->read_only},    {"landlock", layers->landlock > 0},
    {"seccomp", layers->seccomp},       {"rlimits", layers->limits},
  };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    if (!words[i].is_present) append(missing, words[i].name);
    else if (strcmp(words[i].name, "landlock")) append(present, words[i].name);
    else {
      char name[16];
      snprintf(name, sizeof name, "landlock%d", layers->landlock);
      append(present, name);
    }
  }
  // Not a layer that an ordinary user lacks: for root it stands for what others have anyway.
  if (layers->own_uid) append(present, "uid");
}

static long long microseconds(struct timeval time) {
  return time.tv_sec * 1000000LL + time.tv_usec;
}

void write_status(int descriptor, const struct result *result, const struct layers *layers) {
  if (descriptor < 0) return;
  struct list present = {{0}}, missing = {{0}};
  describe(layers, &present, &missing);
  dprintf(
    descriptor,
    "kind=%s code=%d leftover=%d maxrss_kb=%ld utime_us=%lld stime_us=%lld layers=%s\n",
    result->kind, result->code, result->leftover, result->usage.ru_maxrss,
    microseconds(result->usage.ru_utime), microseconds(result->usage.ru_stime),
    present.text);
}

void print_probe(const struct layers *layers) {
  struct list present = {{0}}, missing = {{0}};
  describe(layers, &present, &missing);
  dprintf(1, "layers=%s missing=%s\n", present.text, missing.text);
}
