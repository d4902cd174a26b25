#pragma once
// Eight floats in a register of AVX2: each function is one instruction or a few.
#include <immintrin.h>

#include "eighths.h"

typedef __m256 k_float8;

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
// 2^(k / 8 - 127) of the whole k in the lowest eleven bits of x's fraction.
static inline __m256 k_pow2_eighths(__m256 x) {
  const __m256 parts = _mm256_setr_ps(MATH_EIGHTHS);
  __m256i bits = _mm256_castps_si256(x);
  __m256i fraction = _mm256_sub_epi32(
      _mm256_castps_si256(_mm256_permutevar8x32_ps(parts, bits)), _mm256_set1_epi32(0x3f800000));
  __m256i exponent = _mm256_slli_epi32(_mm256_srli_epi32(bits, 3), 23);
  return _mm256_castsi256_ps(_mm256_add_epi32(exponent, fraction));
}
// Whether a lane of a mask is set.
static inline int k_any(__m256 mask) { return _mm256_movemask_ps(mask); }
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
// The same of four vectors at once.
static inline void k_hsum4(__m256 v0, __m256 v1, __m256 v2, __m256 v3, float *sums) {
  __m128 a = _mm_add_ps(_mm256_castps256_ps128(v0), _mm256_extractf128_ps(v0, 1));
  __m128 b = _mm_add_ps(_mm256_castps256_ps128(v1), _mm256_extractf128_ps(v1, 1));
  __m128 c = _mm_add_ps(_mm256_castps256_ps128(v2), _mm256_extractf128_ps(v2, 1));
  __m128 d = _mm_add_ps(_mm256_castps256_ps128(v3), _mm256_extractf128_ps(v3, 1));
  __m128 ab = _mm_add_ps(_mm_unpacklo_ps(a, b), _mm_unpackhi_ps(a, b));
  __m128 cd = _mm_add_ps(_mm_unpacklo_ps(c, d), _mm_unpackhi_ps(c, d));
  _mm_storeu_ps(sums, _mm_add_ps(_mm_movelh_ps(ab, cd), _mm_movehl_ps(cd, ab)));
}
static inline float k_hmax(__m256 v) {
  __m128 a = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  a = _mm_max_ps(a, _mm_movehl_ps(a, a));
  a = _mm_max_ss(a, _mm_movehdup_ps(a));
  return _mm_cvtss_f32(a);
}
// g where y is above 0 or NaN, else 0: the gradient of max(0, x).
static inline __m256 k_gate(__m256 g, __m256 y) {
  return _mm256_andnot_ps(_mm256_cmp_ps(y, _mm256_setzero_ps(), _CMP_LE_OQ), g);
}
// Whole numbers of 0 to 127 to bytes and back.
static inline void k_store_bytes(uint8_t *p, __m256 v) {
  __m256i n = _mm256_cvtps_epi32(v);
  __m128i w = _mm_packs_epi32(_mm256_castsi256_si128(n), _mm256_extracti128_si256(n, 1));
  _mm_storel_epi64((__m128i *)p, _mm_packus_epi16(w, w));
}
static inline __m256 k_load_bytes(const uint8_t *p) {
  return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)p)));
}
// Whether a lane of a, b, c or d is above the bar, or either is NaN.
static inline int k_any_above(__m256 a, __m256 b, __m256 c, __m256 d, __m256 bar) {
  __m256 x = _mm256_or_ps(_mm256_cmp_ps(a, bar, _CMP_NLE_UQ), _mm256_cmp_ps(b, bar, _CMP_NLE_UQ));
  __m256 y = _mm256_or_ps(_mm256_cmp_ps(c, bar, _CMP_NLE_UQ), _mm256_cmp_ps(d, bar, _CMP_NLE_UQ));
  return _mm256_movemask_ps(_mm256_or_ps(x, y));
}
// The lanes at even places of a and then of b, and those at odd places.
static inline __m256 k_evens(__m256 a, __m256 b) {
  return _mm256_castpd_ps(_mm256_permute4x64_pd(
      _mm256_castps_pd(_mm256_shuffle_ps(a, b, 0x88)), 0xD8));
}
static inline __m256 k_odds(__m256 a, __m256 b) {
  return _mm256_castpd_ps(_mm256_permute4x64_pd(
      _mm256_castps_pd(_mm256_shuffle_ps(a, b, 0xDD)), 0xD8));
}
// The lanes of the lower (or upper) halves of a and b in turn: a0 b0 a1 b1 ...
static inline __m256 k_zip_low(__m256 a, __m256 b) {
  return _mm256_permute2f128_ps(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b), 0x20);
}
static inline __m256 k_zip_high(__m256 a, __m256 b) {
  return _mm256_permute2f128_ps(_mm256_unpacklo_ps(a, b), _mm256_unpackhi_ps(a, b), 0x31);
}
static inline void k_load_transposed8(const float *s, ptrdiff_t ss, __m256 *o) {
  __m256 a = _mm256_loadu_ps(s), b = _mm256_loadu_ps(s + ss), c = _mm256_loadu_ps(s + 2 * ss),
         d = _mm256_loadu_ps(s + 3 * ss), e = _mm256_loadu_ps(s + 4 * ss),
         f = _mm256_loadu_ps(s + 5 * ss), g = _mm256_loadu_ps(s + 6 * ss),
         h = _mm256_loadu_ps(s + 7 * ss);
  __m256 ab = _mm256_unpacklo_ps(a, b), AB = _mm256_unpackhi_ps(a, b),
         cd = _mm256_unpacklo_ps(c, d), CD = _mm256_unpackhi_ps(c, d),
         ef = _mm256_unpacklo_ps(e, f), EF = _mm256_unpackhi_ps(e, f),
         gh = _mm256_unpacklo_ps(g, h), GH = _mm256_unpackhi_ps(g, h);
  __m256 p = _mm256_shuffle_ps(ab, cd, 0x44), q = _mm256_shuffle_ps(ab, cd, 0xEE),
         r = _mm256_shuffle_ps(AB, CD, 0x44), t = _mm256_shuffle_ps(AB, CD, 0xEE),
         u = _mm256_shuffle_ps(ef, gh, 0x44), v = _mm256_shuffle_ps(ef, gh, 0xEE),
         w = _mm256_shuffle_ps(EF, GH, 0x44), x = _mm256_shuffle_ps(EF, GH, 0xEE);
  o[0] = _mm256_permute2f128_ps(p, u, 0x20);
  o[1] = _mm256_permute2f128_ps(q, v, 0x20);
  o[2] = _mm256_permute2f128_ps(r, w, 0x20);
  o[3] = _mm256_permute2f128_ps(t, x, 0x20);
  o[4] = _mm256_permute2f128_ps(p, u, 0x31);
  o[5] = _mm256_permute2f128_ps(q, v, 0x31);
  o[6] = _mm256_permute2f128_ps(r, w, 0x31);
  o[7] = _mm256_permute2f128_ps(t, x, 0x31);
}
// Whether this processor can run what was built for it.
static inline int k_processor_suffices(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
static inline int k_is_portable(void) { return 0; }
