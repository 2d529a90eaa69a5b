// The one source of random numbers for keys and signatures: getrandom(2). The kernel's generator
// has no state of ours to seed, to lock or to lose in a fork.
#pragma once

#include <cstddef>

#include "base/text.h"

namespace certo::crypto {

/// Call shape of mbedTLS's f_rng; `state` is not used.
int random_bytes(void* state, unsigned char* output, size_t length);

}  // namespace certo::crypto
