// A certificate of a test CA is not installed over a file that holds a real one.
#pragma once

#include "install/targets.h"
#include "store/entry.h"
#include "store/home.h"

namespace certo::install {

/// `wanted` is for a certificate of a test CA. Throws Error{usage} if one of its targets holds a certificate
/// or a key that is not one of the test certificates in the store, or cannot be read.
void require_no_real(const store::Home& home, const store::Entry& entry, const Installation& wanted);

/// The same for a certificate from a pipe, if the store knows it as one of a test CA.
void require_no_real(const store::Home& home, const crypto::Certificate& leaf, const Installation& wanted);

}  // namespace certo::install
