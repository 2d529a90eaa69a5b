// The host of acme.sh's scripts: hooks/adapters/acmesh-dnsapi.sh, which is part of this program.
#pragma once

#include <string_view>

namespace certo::provider {

std::string_view script_host();

}  // namespace certo::provider
