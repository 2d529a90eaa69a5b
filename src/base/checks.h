// Read before each file of certo (Makefile): a failed check of the standard library (_GLIBCXX_ASSERTIONS)
// only aborts. Its texts name each function with all template arguments, which takes 3 % of the program's
// size; a debugger shows the place.
#pragma once

#include <cstddef>

#if defined(_GLIBCXX_ASSERTIONS) && defined(__glibcxx_assert)
#undef __glibcxx_assert
#define __glibcxx_assert(condition)                                   \
  do {                                                                \
    if (__builtin_expect(!bool(condition), false)) __builtin_abort(); \
  } while (false)
#endif
