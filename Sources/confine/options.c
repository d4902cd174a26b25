// The command line.

#include "confine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Noreturn void misuse(const char *what, const char *value) {
  dprintf(2, "confine: %s '%s'\n", what, value);
  _exit(EXIT_CONFINE);
}

static long long number(const char *option, const char *text) {
  char *end = NULL;
  errno = 0;
  long long value = strtoll(text, &end, 10);
  if (errno || end == text || *end || value < 0) misuse(option, text);
  return value;
}

static int descriptor(const char *option, const char *text) {
  long long value = number(option, text);
  if (value > 1 << 20) misuse(option, text);
  return (int)value;
}

static void add_grant(struct options *options, const char *path, enum access access) {
  if (options->grant_count == MAX_GRANTS) misuse("too many paths at", path);
  if (path[0] != '/') misuse("the path must be absolute:", path);
  options->grants[options->grant_count++] = (struct grant){path, access};
}

static void leave_out(struct options *options, const char *layer) {
  if (!strcmp(layer, "namespaces")) options->without_namespaces = true;
  else if (!strcmp(layer, "landlock")) options->without_landlock = true;
  else if (!strcmp(layer, "seccomp")) options->without_seccomp = true;
  else if (!strcmp(layer, "uid")) options->without_uid = true;
  else misuse("no such layer", layer);
}

/// Reads one option with its value; false when there is none of that name.
static bool take(struct options *options, const char *name, char *value) {
  if (!strcmp(name, "--status-fd")) options->status_fd = descriptor(name, value);
  else if (!strcmp(name, "--keep-fd")) {
    if (options->kept_count == MAX_KEPT) misuse("too many descriptors at", value);
    options->kept[options->kept_count++] = descriptor(name, value);
  } else if (!strcmp(name, "--wall-ms")) options->wall_ms = number(name, value);
  else if (!strcmp(name, "--cpu-s")) options->cpu_seconds = number(name, value);
  else if (!strcmp(name, "--memory")) options->memory = number(name, value);
  else if (!strcmp(name, "--file-size")) options->file_size = number(name, value);
  else if (!strcmp(name, "--open-files")) options->open_files = number(name, value);
  else if (!strcmp(name, "--processes")) options->processes = number(name, value);
  else if (!strcmp(name, "--read")) add_grant(options, value, ACCESS_READ);
  else if (!strcmp(name, "--execute")) add_grant(options, value, ACCESS_EXECUTE);
  else if (!strcmp(name, "--write")) add_grant(options, value, ACCESS_WRITE);
  else if (!strcmp(name, "--scratch")) add_grant(options, value, ACCESS_SCRATCH);
  else if (!strcmp(name, "--cwd")) options->directory = value;
  else if (!strcmp(name, "--env")) {
    if (options->environment_count == MAX_ENVIRONMENT) misuse("too many variables at", value);
    if (!strchr(value, '=')) misuse("not NAME=VALUE:", value);
    options->environment[options->environment_count++] = value;
  } else if (!strcmp(name, "--without")) leave_out(options, value);
  else return false;
  return true;
}

struct options parse_options(int count, char **arguments) {
  struct options options = {.status_fd = -1};
  bool is_probe = false;
  int index = 1;
  for (; index < count && strcmp(arguments[index], "--"); index++) {
    if (!strcmp(arguments[index], "--probe")) {
      is_probe = true;
      continue;
    }
    if (index + 1 == count) misuse("no value for", arguments[index]);
    if (!take(&options, arguments[index], arguments[index + 1]))
      misuse("unknown option", arguments[index]);
    index++;
  }
  if (is_probe) return options;
  if (index + 1 >= count) misuse("no program after", "--");
  options.program = arguments + index + 1;
  // No search through PATH: what runs is what the engine named.
  if (options.program[0][0] != '/') misuse("the program must be absolute:", options.program[0]);
  return options;
}
