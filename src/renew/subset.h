// --allow-subset: which names a second order leaves out.
#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "crypto/name.h"

namespace certo::renew {

/// A name without which the certificate was issued, and why.
struct LeftOut {
  crypto::Identifier identifier;
  std::string reason;
};

/// The names among `asked` that the CA refuses for this error; none if it is about something else.
std::vector<LeftOut> refused_names(const Error& error, const std::vector<crypto::Identifier>& asked);

/// "b.example (…), c.example (…)"
std::string describe(const std::vector<LeftOut>& names);

}  // namespace certo::renew
