#include "VectorPaths.h"
// A product and a sum are rounded each, as without the instruction.
#undef __FMA__
#include "../../Sources/CMathKernels/include/vectors-portable.h"
#define APPLY vectors_portable
#include "apply.h"
