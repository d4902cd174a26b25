// The body of both paths: the includer has brought in one of the headers and names the function.
static inline k_float8 given(const float *p) {
  k_float8 v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

static inline void take(float *out, k_float8 v) { __builtin_memcpy(out, &v, sizeof v); }

void APPLY(int function, const float *pa, const float *pb, const float *pc, float *out) {
  k_float8 a = given(pa), b = given(pb), c = given(pc);
  uint8_t bytes[8];
  k_float8 rows[8];
  switch (function) {
    case 0: take(out, k_max(a, b)); break;
    case 1: take(out, k_min(a, b)); break;
    case 2: take(out, k_sqrt(a)); break;
    case 3: take(out, k_abs(a)); break;
    case 4: take(out, k_round(a)); break;
    case 5: take(out, k_and(a, b)); break;
    case 6: take(out, k_or(a, b)); break;
    case 7: take(out, k_gt(a, b)); break;
    case 8: take(out, k_eq(a, b)); break;
    case 9: take(out, k_isnan(a)); break;
    case 10: take(out, k_blend(a, b, k_gt(b, c))); break;
    case 11: take(out, k_exponent(k_abs(a))); break;
    case 12: take(out, k_mantissa(a)); break;
    case 13: out[0] = k_hsum(a); break;
    case 14: out[0] = k_hmax(a); break;
    case 15: take(out, k_gate(a, b)); break;
    case 16: take(out, k_evens(a, b)); break;
    case 17: take(out, k_odds(a, b)); break;
    case 18: take(out, k_zip_low(a, b)); break;
    case 19: take(out, k_zip_high(a, b)); break;
    case 20: out[0] = k_any_above(a, a, b, b, c) != 0; break;
    case 21:
      // Whole numbers of 0 to 3, as choices are.
      k_store_bytes(bytes, k_and(k_gt(a, b), given((const float[]){1, 2, 3, 1, 2, 3, 1, 2})));
      for (int i = 0; i < 8; i++) out[i] = bytes[i];
      break;
    case 22:
      for (int i = 0; i < 8; i++) bytes[i] = (uint8_t)(i * 11);
      take(out, k_load_bytes(bytes));
      break;
    case 23: take(out, k_pow2(given((const float[]){-126, -3, 0, 1, 5, 60, 126, 127}))); break;
    case 24:
      k_load_transposed8((const float[]){
          0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24,
          25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
          48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63}, 8, rows);
      for (int i = 0; i < 8; i++) take(out + 8 * i, rows[i]);
      break;
    case 25: k_stream(out, a); k_fence(); break;
    case 26: take(out, k_fma(a, b, c)); break;
    case 27: take(out, k_pow2_eighths(given((const float[]){
        12582912 + 8, 12582912 + 1016, 12582912 + 1017, 12582912 + 1022, 12582912 + 1031,
        12582912 + 2039, 12582912 + 2040, 12582912 + 515}))); break;
    case 28: out[0] = k_any(k_gt(a, b)) != 0; break;
    case 29: k_hsum4(a, b, c, k_min(a, b), out); break;
  }
}
