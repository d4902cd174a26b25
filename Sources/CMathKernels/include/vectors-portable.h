#pragma once
// Eight floats on any processor: the compiler makes of them what the target has.
#include "eighths.h"

typedef float k_float8 __attribute__((__vector_size__(32)));
typedef int32_t k_int8 __attribute__((__vector_size__(32)));

static inline k_float8 k_pick(k_int8 mask, k_float8 yes, k_float8 no) {
  return (k_float8)((mask & (k_int8)yes) | (~mask & (k_int8)no));
}
static inline k_float8 k_all(float x) { return (k_float8){x, x, x, x, x, x, x, x}; }
static inline k_int8 k_all_int(int32_t x) { return (k_int8){x, x, x, x, x, x, x, x}; }

// As the instructions of x86 do, both give b where one is NaN.
static inline k_float8 k_max(k_float8 a, k_float8 b) { return k_pick(a > b, a, b); }
static inline k_float8 k_min(k_float8 a, k_float8 b) { return k_pick(a < b, a, b); }
static inline k_float8 k_sqrt(k_float8 a) { return __builtin_elementwise_sqrt(a); }
static inline k_float8 k_abs(k_float8 a) {
  return (k_float8)((k_int8)a & k_all_int(0x7fffffff));
}
// To the nearest whole number, ties to even: adding 2^23 leaves no bits for a fraction.
static inline k_float8 k_round(k_float8 a) {
  k_int8 sign = (k_int8)a & k_all_int((int32_t)0x80000000);
  k_float8 size = k_abs(a), shift = k_all(8388608.0f);
  k_float8 whole = k_pick(size < shift, (size + shift) - shift, size);
  return (k_float8)((k_int8)whole | sign);
}
static inline k_float8 k_and(k_float8 a, k_float8 b) { return (k_float8)((k_int8)a & (k_int8)b); }
static inline k_float8 k_or(k_float8 a, k_float8 b) { return (k_float8)((k_int8)a | (k_int8)b); }
static inline k_float8 k_gt(k_float8 a, k_float8 b) { return (k_float8)(a > b); }
static inline k_float8 k_eq(k_float8 a, k_float8 b) { return (k_float8)(a == b); }
static inline k_float8 k_isnan(k_float8 a) { return (k_float8)(a != a); }
static inline k_float8 k_blend(k_float8 a, k_float8 b, k_float8 mask) {
  return k_pick((k_int8)mask < 0, b, a);
}
// One rounding where the target multiplies and adds in one step, else two.
static inline k_float8 k_fma(k_float8 a, k_float8 b, k_float8 c) {
#if defined(__FMA__) || defined(__aarch64__)
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}
static inline k_float8 k_pow2(k_float8 n) {
  return (k_float8)((__builtin_convertvector(n, k_int8) + 127) << 23);
}
// 2^(k / 8 - 127) of the whole k in the lowest eleven bits of x's fraction.
static inline k_float8 k_pow2_eighths(k_float8 x) {
  const float parts[8] = {MATH_EIGHTHS};
  k_int8 bits = (k_int8)x;
  k_float8 part;
  for (int i = 0; i < 8; i++) part[i] = parts[bits[i] & 7];
  return (k_float8)(((bits >> 3) << 23) + ((k_int8)part - 0x3f800000));
}
// Whether a lane of a mask is set.
static inline int k_any(k_float8 mask) { return __builtin_reduce_or((k_int8)mask) < 0; }
static inline k_float8 k_exponent(k_float8 x) {
  return __builtin_convertvector(((k_int8)x >> 23) - 126, k_float8);
}
static inline k_float8 k_mantissa(k_float8 x) {
  return (k_float8)(((k_int8)x & k_all_int(0x007fffff)) | k_all_int(0x3f000000));
}
static inline void k_stream(float *p, k_float8 v) { __builtin_memcpy(p, &v, sizeof v); }
static inline void k_fence(void) {}
static inline void k_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}
// In the order in which the instructions of x86 add and compare.
static inline float k_hsum(k_float8 v) {
  float a = v[0] + v[4], b = v[1] + v[5], c = v[2] + v[6], d = v[3] + v[7];
  return (a + c) + (b + d);
}
static inline void k_hsum4(k_float8 v0, k_float8 v1, k_float8 v2, k_float8 v3, float *sums) {
  sums[0] = k_hsum(v0), sums[1] = k_hsum(v1), sums[2] = k_hsum(v2), sums[3] = k_hsum(v3);
}
static inline float k_larger(float a, float b) { return a > b ? a : b; }
static inline float k_hmax(k_float8 v) {
  float a = k_larger(v[0], v[4]), b = k_larger(v[1], v[5]), c = k_larger(v[2], v[6]),
        d = k_larger(v[3], v[7]);
  return k_larger(k_larger(a, c), k_larger(b, d));
}
static inline k_float8 k_gate(k_float8 g, k_float8 y) {
  return (k_float8)(~(k_int8)(y <= 0) & (k_int8)g);
}
static inline void k_store_bytes(uint8_t *p, k_float8 v) {
  for (int i = 0; i < 8; i++) p[i] = (uint8_t)v[i];
}
static inline k_float8 k_load_bytes(const uint8_t *p) {
  k_float8 v;
  for (int i = 0; i < 8; i++) v[i] = p[i];
  return v;
}
static inline int k_any_above(
    k_float8 a, k_float8 b, k_float8 c, k_float8 d, k_float8 bar) {
  k_int8 below = (a <= bar) & (b <= bar) & (c <= bar) & (d <= bar);
  return __builtin_reduce_and(below) == 0;
}
static inline k_float8 k_evens(k_float8 a, k_float8 b) {
  return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14);
}
static inline k_float8 k_odds(k_float8 a, k_float8 b) {
  return __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
}
static inline k_float8 k_zip_low(k_float8 a, k_float8 b) {
  return __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
}
static inline k_float8 k_zip_high(k_float8 a, k_float8 b) {
  return __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
}
static inline void k_load_transposed8(const float *s, ptrdiff_t ss, k_float8 *o) {
  for (int i = 0; i < 8; i++)
    for (int j = 0; j < 8; j++) o[i][j] = s[j * ss + i];
}
static inline int k_processor_suffices(void) { return 1; }
static inline int k_is_portable(void) { return 1; }
