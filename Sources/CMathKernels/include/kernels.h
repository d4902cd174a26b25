#pragma once
// What Swift's SIMD types do not lower to single instructions, and what a thread keeps for Math.
#include <stddef.h>
#include <stdint.h>

#if defined(__AVX2__) && defined(__FMA__) && !defined(MATH_PORTABLE)
#include "vectors-avx2.h"
#else
#include "vectors-portable.h"
#endif

// Asks for memory that will be read soon; into the second cache, since the first is in use.
static inline void k_prefetch(const float *p) { __builtin_prefetch(p, 0, 2); }

// Transposes the 8x8 block at s, whose rows are ss apart, to d, whose rows are ds apart.
static inline void k_transpose8(const float *s, ptrdiff_t ss, float *d, ptrdiff_t ds) {
  k_float8 rows[8];
  k_load_transposed8(s, ss, rows);
  for (int i = 0; i < 8; i++) __builtin_memcpy(d + i * ds, &rows[i], sizeof rows[i]);
}
// The same with the rows of the result at offsets of their own.
static inline void k_scatter8(const float *s, ptrdiff_t ss, float *d, const ptrdiff_t *offsets) {
  k_float8 rows[8];
  k_load_transposed8(s, ss, rows);
  for (int i = 0; i < 8; i++) __builtin_memcpy(d + offsets[i], &rows[i], sizeof rows[i]);
}

// What one thread keeps: free blocks by size class, whether operations are recorded, how deep a
// chain of tensors is being released, and the call that refusals name. Thread-local variables are
// not imported into Swift.
typedef struct {
  void *blocks[48];
  int recordingOff;
  int releaseDepth;
  long allocated;
  long hasCallSite;
  unsigned long callSite[4];
} MathThreadState;

// Found at a fixed distance from the thread's pointer: Math is loaded with the program.
extern _Thread_local MathThreadState math_thread_state
    __attribute__((tls_model("initial-exec")));

static inline MathThreadState *k_thread_state(void) { return &math_thread_state; }
static inline void **k_thread_blocks(void) { return math_thread_state.blocks; }

// The name that this thread shows in the process table, at most 15 characters.
void k_name_thread(const char *name);

// Returns what the allocator keeps of freed memory to the system.
void k_return_free_memory(void);
