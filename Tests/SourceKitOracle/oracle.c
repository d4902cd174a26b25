#define _GNU_SOURCE
#include "SourceKitOracle.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// SourceKit's C interface, as far as it is used here. Its library is loaded at run time, so that the
// package needs no path of the toolchain.
typedef void *object;
typedef void *uid;
typedef struct {
  uint64_t data[3];
} variant;

static struct {
  void (*initialize)(void);
  uid (*uid_named)(const char *);
  const char *(*uid_text)(uid);
  object (*dictionary)(const uid *, const object *, size_t);
  object (*string)(const char *);
  object (*array)(const object *, size_t);
  void (*set_value)(object, uid, object);
  void (*set_uid)(object, uid, uid);
  void (*set_string)(object, uid, const char *);
  void (*set_int)(object, uid, int64_t);
  void *(*send)(object);
  bool (*is_error)(void *);
  variant (*value)(void *);
  variant (*entry)(variant, uid);
  size_t (*count)(variant);
  variant (*element)(variant, size_t);
  int64_t (*integer)(variant, uid);
  uid (*entry_uid)(variant, uid);
} kit;

static void *find(void *library, const char *name) { return dlsym(library, name); }

/// Loads SourceKit from the toolchain whose runtime library this process uses.
static int load(void) {
  static int state = -1;
  if (state >= 0) return state;
  state = 0;
  void *any = dlsym(RTLD_DEFAULT, "swift_retain");
  Dl_info info;
  if (!any || !dladdr(any, &info)) return 0;
  char path[PATH_MAX];
  // …/usr/lib/swift/linux/libswiftCore.so
  if (!realpath(info.dli_fname, path)) return 0;
  for (int up = 0; up < 3; up++) {
    char *slash = strrchr(path, '/');
    if (!slash) return 0;
    *slash = 0;
  }
  char file[PATH_MAX + 32];
  snprintf(file, sizeof file, "%s/libsourcekitdInProc.so", path);
  void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
  if (!library) return 0;
#define LOAD(member, name) \
  if (!(kit.member = find(library, "sourcekitd_" name))) return 0
  LOAD(initialize, "initialize");
  LOAD(uid_named, "uid_get_from_cstr");
  LOAD(uid_text, "uid_get_string_ptr");
  LOAD(dictionary, "request_dictionary_create");
  LOAD(string, "request_string_create");
  LOAD(array, "request_array_create");
  LOAD(set_value, "request_dictionary_set_value");
  LOAD(set_uid, "request_dictionary_set_uid");
  LOAD(set_string, "request_dictionary_set_string");
  LOAD(set_int, "request_dictionary_set_int64");
  LOAD(send, "send_request_sync");
  LOAD(is_error, "response_is_error");
  LOAD(value, "response_get_value");
  LOAD(entry, "variant_dictionary_get_value");
  LOAD(count, "variant_array_get_count");
  LOAD(element, "variant_array_get_value");
  LOAD(integer, "variant_dictionary_get_int64");
  LOAD(entry_uid, "variant_dictionary_get_uid");
#undef LOAD
  kit.initialize();
  state = 1;
  return 1;
}

oracle_span *oracle_spans(const char *text, size_t *count) {
  if (!load()) return NULL;
  // The arguments count only for the file that they name.
  static int opened;
  char name[32];
  snprintf(name, sizeof name, "oracle-%d.swift", opened++);
  object arguments[] = {kit.string("-swift-version"), kit.string("6"), kit.string(name)};
  object request = kit.dictionary(NULL, NULL, 0);
  kit.set_uid(request, kit.uid_named("key.request"), kit.uid_named("source.request.editor.open"));
  kit.set_string(request, kit.uid_named("key.name"), name);
  kit.set_string(request, kit.uid_named("key.sourcetext"), text);
  kit.set_int(request, kit.uid_named("key.syntactic_only"), 1);
  kit.set_int(request, kit.uid_named("key.enablesyntaxmap"), 1);
  kit.set_value(request, kit.uid_named("key.compilerargs"), kit.array(arguments, 3));
  void *response = kit.send(request);
  if (!response || kit.is_error(response)) return NULL;
  variant map = kit.entry(kit.value(response), kit.uid_named("key.syntaxmap"));
  *count = kit.count(map);
  oracle_span *spans = calloc(*count + 1, sizeof *spans);
  const char *prefix = "source.lang.swift.syntaxtype.";
  for (size_t i = 0; i < *count && spans; i++) {
    variant entry = kit.element(map, i);
    const char *kind = kit.uid_text(kit.entry_uid(entry, kit.uid_named("key.kind")));
    if (strncmp(kind, prefix, strlen(prefix)) == 0) kind += strlen(prefix);
    spans[i].offset = kit.integer(entry, kit.uid_named("key.offset"));
    spans[i].length = kit.integer(entry, kit.uid_named("key.length"));
    spans[i].kind = kind;
  }
  return spans;
}
