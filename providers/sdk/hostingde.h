// The API of hosting.de, which http.net has, too: https://www.hosting.de/api/
#pragma once

#include "sdk/provider.hpp"

namespace certo::sdk {

struct HostingDe {
  const Host& host;
  std::string url;  // "https://secure.hosting.de/api/dns/v1/json"
  std::string key;
  std::optional<std::string> zone;  // that the user named
};

void change_hostingde(const HostingDe& api, Records records, Change change);

}  // namespace certo::sdk
