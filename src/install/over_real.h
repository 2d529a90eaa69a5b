// A certificate of a test CA is not installed over a file that holds a real one.
#pragma once

#include "install/targets.h"
#include "store/entry.h"
#include "store/home.h"

namespace certo::install {

/// Throws Error{usage} if a target of `wanted`, which is to hold a certificate of a test CA, now holds a
/// certificate or a key that is not one of the test CAs' in the store, or cannot be read.
void require_no_real(const store::Home& home, const store::Entry& entry, const Installation& wanted);

/// The same for a certificate from a pipe, if the store knows it as one of a test CA.
void require_no_real(const store::Home& home, const crypto::Certificate& leaf, const Installation& wanted);

}  // namespace certo::install
