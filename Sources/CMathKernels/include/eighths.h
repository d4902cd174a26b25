#pragma once
// 2^(k / 8) for k = 0 to 7.
#define MATH_EIGHTHS                                                                        \
  1.0f, 1.09050773f, 1.18920712f, 1.29683955f, 1.41421356f, 1.54221083f, 1.68179283f, 1.83400809f
