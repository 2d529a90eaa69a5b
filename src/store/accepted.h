// What the table of CAs knows about orders in advance: profiles, their limits, and what a CA refuses.
#pragma once

#include <string>

#include "store/home.h"
#include "store/request.h"
#include "store/servers.h"

namespace certo::store {

/// The profile that certo chooses for a request that names none: "" for the CA's default, unless that is not
/// for addresses and the request has one.
std::string profile_for(const Server& server, const std::vector<crypto::Identifier>& identifiers);

/// Throws Error{usage} for a request that this CA is known to refuse: a name that no public CA certifies, a
/// profile that is not for addresses, too many names, must-staple; and for a renewal before the certificate
/// begins.
void require_accepted(const Server& server, const Request& request);

}  // namespace certo::store
