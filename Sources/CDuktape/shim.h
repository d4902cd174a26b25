// The embeddable JavaScript engine, as Debian's duktape-dev installs it. Its calls are macros over
// macros, which Swift can't see: these few functions are what the runner needs of them.
#pragma once
#include <duktape.h>

static inline duk_context *duktape_new(void) { return duk_create_heap_default(); }

static inline void duktape_free(duk_context *context) { duk_destroy_heap(context); }

// Evaluates a program; returns 0, or another number with the error's text as the result.
static inline int duktape_evaluate(duk_context *context, const char *text, size_t length) {
  return duk_peval_lstring(context, text, length);
}

// Calls a global function with a text and a flag; returns 0, or another number as above.
static inline int duktape_call(duk_context *context, const char *name, const char *text, size_t length,
                               int flag) {
  duk_get_global_string(context, name);
  duk_push_lstring(context, text, length);
  duk_push_boolean(context, flag);
  return duk_pcall(context, 2);
}

// The result of the last evaluation or call, valid until it is dropped.
static inline const char *duktape_result(duk_context *context, size_t *length) {
  return duk_safe_to_lstring(context, -1, length);
}

static inline void duktape_drop(duk_context *context) { duk_pop(context); }
