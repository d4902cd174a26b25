#pragma once
#include <stddef.h>
#include <stdint.h>

// How many functions of eight floats there are; the same in both paths.
enum { VECTOR_FUNCTIONS = 30 };

// Applies one of them to up to three vectors as Math was built, and writes up to 64 floats.
void vectors_as_built(int function, const float *a, const float *b, const float *c, float *out);
// The same as Math is built for processors without AVX2 and FMA.
void vectors_portable(int function, const float *a, const float *b, const float *c, float *out);
const char *vector_function_name(int function);
