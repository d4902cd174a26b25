#pragma once
// What Swift's SIMD types do not lower to single instructions, and what a thread keeps for Math.
#include <stddef.h>
#include <stdint.h>

#if defined(__AVX2__) && defined(__FMA__)
#include <immintrin.h>

static inline __m256 k_max(__m256 a, __m256 b) { return _mm256_max_ps(a, b); }
static inline __m256 k_min(__m256 a, __m256 b) { return _mm256_min_ps(a, b); }
static inline __m256 k_sqrt(__m256 a) { return _mm256_sqrt_ps(a); }
static inline __m256 k_abs(__m256 a) { return _mm256_andnot_ps(_mm256_set1_ps(-0.0f), a); }
static inline __m256 k_round(__m256 a) {
  return _mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}
static inline __m256 k_and(__m256 a, __m256 b) { return _mm256_and_ps(a, b); }
static inline __m256 k_or(__m256 a, __m256 b) { return _mm256_or_ps(a, b); }
static inline __m256 k_gt(__m256 a, __m256 b) { return _mm256_cmp_ps(a, b, _CMP_GT_OQ); }
static inline __m256 k_eq(__m256 a, __m256 b) { return _mm256_cmp_ps(a, b, _CMP_EQ_OQ); }
static inline __m256 k_isnan(__m256 a) { return _mm256_cmp_ps(a, a, _CMP_UNORD_Q); }
// Lanes of b where the mask is set, else of a.
static inline __m256 k_blend(__m256 a, __m256 b, __m256 mask) { return _mm256_blendv_ps(a, b, mask); }
static inline __m256 k_fma(__m256 a, __m256 b, __m256 c) { return _mm256_fmadd_ps(a, b, c); }
// 2^n of whole n in -126...127.
static inline __m256 k_pow2(__m256 n) {
  return _mm256_castsi256_ps(_mm256_slli_epi32(
      _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127)), 23));
}
static inline __m256 k_exponent(__m256 x) {
  return _mm256_cvtepi32_ps(
      _mm256_sub_epi32(_mm256_srli_epi32(_mm256_castps_si256(x), 23), _mm256_set1_epi32(126)));
}
static inline __m256 k_mantissa(__m256 x) {
  return _mm256_or_ps(_mm256_and_ps(x, _mm256_castsi256_ps(_mm256_set1_epi32(0x007fffff))),
                      _mm256_set1_ps(0.5f));
}
static inline void k_stream(float *p, __m256 v) { _mm256_stream_ps(p, v); }
static inline void k_fence(void) { _mm_sfence(); }
static inline void k_pause(void) { _mm_pause(); }
static inline float k_hsum(__m256 v) {
  __m128 a = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  a = _mm_add_ps(a, _mm_movehl_ps(a, a));
  a = _mm_add_ss(a, _mm_movehdup_ps(a));
  return _mm_cvtss_f32(a);
}
static inline float k_hmax(__m256 v) {
  __m128 a = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  a = _mm_max_ps(a, _mm_movehl_ps(a, a));
  a = _mm_max_ss(a, _mm_movehdup_ps(a));
  return _mm_cvtss_f32(a);
}
static inline int k_processor_suffices(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#else
#error "Math is built for processors with AVX2 and FMA: pass -mavx2 -mfma"
#endif

// What one thread keeps: free blocks by size class, whether operations are recorded, and how deep
// a chain of tensors is being released. Thread-local variables are not imported into Swift.
typedef struct {
  void *blocks[48];
  int recordingOff;
  int releaseDepth;
  long allocated;
} MathThreadState;

// Found at a fixed distance from the thread's pointer: Math is loaded with the program.
extern _Thread_local MathThreadState math_thread_state
    __attribute__((tls_model("initial-exec")));

static inline MathThreadState *k_thread_state(void) { return &math_thread_state; }
static inline void **k_thread_blocks(void) { return math_thread_state.blocks; }

// The name that this thread shows in the process table, at most 15 characters.
void k_name_thread(const char *name);
