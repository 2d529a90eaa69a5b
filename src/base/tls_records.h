// What a TLS server sends in the clear (RFC 5246 sections 6.2.1 and 7.4.2): TLS 1.2 does not encrypt
// certificates, so that certo can look at one that mbedTLS refuses.
#pragma once

#include "base/text.h"

namespace certo {

/// The first certificate, DER, in the bytes that a server sent; empty if there is none, or not all of it yet.
Bytes first_certificate_in(const Bytes& records);

}  // namespace certo
