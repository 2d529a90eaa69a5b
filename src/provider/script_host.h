// The host of acme.sh's scripts: hooks/adapters/acmesh-dnsapi.sh, which is part of this program.
#pragma once

#include <string>

namespace certo::provider {

std::string script_host();

}  // namespace certo::provider
