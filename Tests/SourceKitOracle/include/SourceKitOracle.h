#pragma once
#include <stddef.h>

/// A run of source text as the toolchain's own SourceKit classifies it.
typedef struct {
  long offset;
  long length;
  /// What stands after `source.lang.swift.syntaxtype.`; valid while the process lives.
  const char *kind;
} oracle_span;

/// Returns the syntax map of a text, or null where the toolchain has no SourceKit or it refuses.
///
/// The caller frees the array. Not for several threads at once.
oracle_span *oracle_spans(const char *text, size_t *count);
