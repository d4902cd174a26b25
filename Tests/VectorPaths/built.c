#include "VectorPaths.h"
#include "../../Sources/CMathKernels/include/kernels.h"
#define APPLY vectors_as_built
#include "apply.h"

const char *vector_function_name(int function) {
  static const char *const names[VECTOR_FUNCTIONS] = {
      "max", "min", "sqrt", "abs", "round", "and", "or", "gt", "eq", "isnan", "blend", "exponent",
      "mantissa", "hsum", "hmax", "gate", "evens", "odds", "zip_low", "zip_high", "any_above",
      "store_bytes", "load_bytes", "pow2", "transpose", "stream", "fma", "pow2_eighths",
      "any", "hsum4"};
  return function >= 0 && function < VECTOR_FUNCTIONS ? names[function] : "none";
}
